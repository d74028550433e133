"""From an element of the file to a `Conversation`: the active branch, without what its user never saw."""

import hashlib
from collections.abc import Iterator
from typing import Any, Final

from msgspec import UNSET

from pipelines.contract import Conversation, Message, Role
from pipelines.export.conversation.branch import active_branch
from pipelines.export.conversation.content import clean, thinking, words
from pipelines.export.conversation.notes import is_note, notes_of
from pipelines.export.conversation.times import seconds
from pipelines.export.parts.decode import Decoded
from pipelines.export.parts.wire import Element, GrokResponse, WireMessage

LONGEST_ID, LONGEST_TITLE = 200, 500  # characters
_ROLES: Final[dict[str, Role]] = {
    "user": "user",
    "human": "user",
    "assistant": "assistant",
    "model": "assistant",
    "bot": "assistant",
    "system": "system",
    "tool": "tool",
}


def is_conversation(element: Element) -> bool:
    """Whether the object has a field that holds messages, be it null, or is at least named as a conversation is."""
    if any(part is not UNSET for part in (element.mapping, element.messages, element.chat_messages, element.responses)):
        return True
    return element.conversation_id is not None or (element.id is not None and element.title is not None)


def conversation_of(decoded: Decoded, number: int) -> Conversation:
    """The conversation in an element; `number` names it if it has no id."""
    element = decoded.element
    messages: list[Message] = []  # newest first, until the end
    notes: list[Message] = []
    for ident, wire in _turns(decoded):
        _add(wire, ident, messages, notes)
    messages.reverse()
    notes.reverse()
    times = (message.time for message in messages if message.time is not None)
    time = seconds(element.create_time) or seconds(element.created_at) or min(times, default=None)
    return Conversation(
        id=_ident(element, number),
        title=_title(element),
        time=time or seconds(element.update_time) or seconds(element.updated_at),
        messages=tuple(messages),
        notes=tuple(notes),
    )


def _turns(decoded: Decoded) -> Iterator[tuple[str, WireMessage]]:
    """(fallback id, message), newest first."""
    if decoded.nodes:
        yield from active_branch(decoded.nodes, decoded.element.current_node)
        return
    for n in range(len(decoded.flat) - 1, -1, -1):
        turn = decoded.flat[n]
        wire = _from_grok(turn) if isinstance(turn, GrokResponse) else turn
        if wire is not None:
            yield f"message-{n}", wire


def _from_grok(item: GrokResponse) -> WireMessage | None:
    said = item.response
    if said is None:
        return None
    return WireMessage(id=said.response_id, text=said.message, sender=said.sender, create_time=said.create_time)


def _add(wire: WireMessage, fallback: str, messages: list[Message], notes: list[Message]) -> None:
    ident = _short(clean(_text(wire.id) or _text(wire.uuid) or fallback))
    role = _role(wire)
    time = seconds(wire.create_time) or seconds(wire.created_at)
    if is_note(wire):
        notes.extend(reversed(list(notes_of(wire, ident, role, time))))
    elif not _hidden(wire):
        kind, text = words(wire.content, wire.text)
        kind = kind[:LONGEST_ID]
        if text and not text.isspace():
            messages.append(Message(ident, role, text, time, kind))
        if isinstance(wire.content, list) and (thoughts := thinking(wire.content)):
            messages.append(Message(f"{ident}:thoughts", role, thoughts, time, "thoughts"))


def _hidden(wire: WireMessage) -> bool:
    marked = wire.metadata is not None and wire.metadata.is_visually_hidden_from_conversation is True
    return marked or (wire.weight is not None and wire.weight == 0)


def _role(wire: WireMessage) -> Role:
    """Who speaks. An unknown or missing speaker is a tool: what it says is never taken for the user's own words."""
    name = wire.author.role if wire.author is not None else wire.role or wire.sender
    return _ROLES.get(name.lower(), "tool") if isinstance(name, str) else "tool"


def _ident(element: Element, number: int) -> str:
    head = element.conversation
    named = _text(element.id) or _text(element.conversation_id) or _text(element.uuid)
    named = named or (_text(head.conversation_id) if head is not None else "")
    return _short(clean(named)) if named else f"conversation-{number}"


def _short(ident: str) -> str:
    """An id that is repeated with each fact and chunk: a real one is short, and a long one is told by its digest."""
    return ident if len(ident) <= LONGEST_ID else f"long-{hashlib.sha256(ident.encode()).hexdigest()}"


def _title(element: Element) -> str:
    head = element.conversation
    title = _text(element.title) or _text(element.name) or (_text(head.title) if head is not None else "")
    return clean(title).strip()[:LONGEST_TITLE].rstrip()


def _text(value: Any) -> str:
    if isinstance(value, str):
        return value
    return str(value) if isinstance(value, int) and not isinstance(value, bool) and abs(value) < 1 << 64 else ""
