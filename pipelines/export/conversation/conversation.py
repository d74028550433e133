"""From an element of the file to a `Conversation`: the active branch, without what its user never saw."""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from msgspec import UNSET

from pipelines.contract import ATTACHMENT, Conversation, Message, Role
from pipelines.export.conversation.branch import active_branch
from pipelines.export.conversation.content import attached, clean, thinking, words
from pipelines.export.conversation.fragments import fragment_messages
from pipelines.export.conversation.live_turns import live_turns
from pipelines.export.conversation.notes import is_note, notes_of
from pipelines.export.conversation.speaker import is_another_person, role_of
from pipelines.export.conversation.times import seconds
from pipelines.export.parts.decode import Decoded
from pipelines.export.parts.wire import Element, Head, WireMessage

LONGEST_ID, LONGEST_TITLE = 200, 500  # characters


def is_conversation(element: Element) -> bool:
    """Whether the object has a field that holds messages, be it null, or is at least named as a conversation is."""
    if any(part is not UNSET for part in (element.mapping, element.messages, element.chat_messages, element.responses)):
        return True
    return element.conversation_id is not None or (element.id is not None and element.title is not None)


@dataclass(frozen=True, slots=True)
class Read:
    """A conversation, and how many of its messages are another person's, and so were left out, or are attachments."""

    conversation: Conversation
    others: int
    attachments: int


@dataclass(slots=True)
class _Found:
    """What the turns of one conversation gave, newest first."""

    messages: list[Message]
    notes: list[Message]
    others: int = 0


def conversation_of(decoded: Decoded, number: int) -> Read:
    """The conversation in an element; `number` names it if it has no id."""
    element = decoded.element
    found = _Found([], [])
    for ident, wire in _turns(decoded):
        _add(wire, ident, found)
    found.messages.reverse()
    found.notes.reverse()
    times = (message.time for message in found.messages if message.time is not None)
    time = seconds(element.create_time) or seconds(element.created_at) or seconds(element.inserted_at)
    conversation = Conversation(
        id=ident_of(element) or f"conversation-{number}",
        title=_title(element),
        time=time or min(times, default=None) or updated_at(element),
        messages=tuple(found.messages),
        notes=tuple(found.notes),
    )
    attachments = sum(message.kind == ATTACHMENT and message.role == "user" for message in found.messages)
    return Read(conversation, found.others, attachments)


def updated_at(element: Head) -> float | None:
    """When the conversation was changed last, in seconds since the epoch, UTC."""
    return seconds(element.update_time) or seconds(element.updated_at)


def _turns(decoded: Decoded) -> Iterator[tuple[str, WireMessage]]:
    """(fallback id, message), newest first."""
    if decoded.nodes:
        return active_branch(decoded.nodes, decoded.element.current_node)
    return live_turns(decoded.flat, decoded.element.current_leaf_message_uuid)


def _add(wire: WireMessage, fallback: str, found: _Found) -> None:
    ident = _short(clean(_text(wire.id) or _text(wire.uuid) or fallback))
    role = role_of(wire)
    time = seconds(wire.create_time) or seconds(wire.created_at) or seconds(wire.inserted_at)
    if is_note(wire):
        found.notes.extend(reversed(list(notes_of(wire, ident, role, time))))
    elif is_another_person(wire):
        found.others += 1
    elif isinstance(wire.fragments, list):
        found.messages.extend(fragment_messages(wire.fragments, ident, time))
    elif not _hidden(wire):
        found.messages.extend(_said(wire, ident, role, time))


def _said(wire: WireMessage, ident: str, role: Role, time: float | None) -> Iterator[Message]:
    """What one turn says, newest first: what was attached to it comes before its words."""
    kind, text = words(wire.content, wire.text)
    if text and not text.isspace():
        yield Message(ident, role, text, time, kind[:LONGEST_ID])
    if isinstance(wire.content, list) and (thoughts := thinking(wire.content)):
        yield Message(f"{ident}:thoughts", role, thoughts, time, "thoughts")
    if pasted := attached(wire.attachments):
        yield Message(f"{ident}:attached", role, pasted, time, ATTACHMENT)


def _hidden(wire: WireMessage) -> bool:
    marked = wire.metadata is not None and wire.metadata.is_visually_hidden_from_conversation is True
    return marked or (wire.weight is not None and wire.weight == 0)


def ident_of(element: Head) -> str:
    """The conversation's id; empty if it has none."""
    head = element.conversation
    named = _text(element.id) or _text(element.conversation_id) or _text(element.uuid)
    named = named or (_text(head.conversation_id) if head is not None else "")
    return _short(clean(named)) if named else ""


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
