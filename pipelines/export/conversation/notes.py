"""Ready-made statements about the user that an export carries beside the dialogue.

Kinds: "user_profile" (what the user wrote about themselves), "user_instructions" (how the user wants to be answered),
"bio" (one memory that the assistant saved), "model_editable_context" (the list of saved memories).
"""

import re
from collections.abc import Iterable, Iterator
from typing import Any, Final

from pipelines.contract import Message, Role
from pipelines.export.conversation.content import clean, words
from pipelines.export.parts.wire import WireMessage

# Exports of before 2024 hold both in one text, each behind a sentence of its own.
_ABOUT: Final = re.compile(r"\bthe user provided the following information about themselves\b", re.IGNORECASE)
_WISHES: Final = re.compile(
    r"\bthe user provided the additional info about how they would like you to respond\b", re.IGNORECASE
)
# Newer ones hold answers to questions: which of them, and what an answer is called in the note.
_ABOUT_FIELDS: Final = (
    ("name_user_message", "Preferred name: "),
    ("role_user_message", "Role: "),
    ("about_user_message", ""),
    ("other_user_message", ""),
)
_WISH_FIELDS: Final = ("traits_model_message", "about_model_message")
# The export wraps custom instructions in a sentence of its own ("User profile:") and a code fence.
_WRAPPED: Final = re.compile(r"\A[^\n`]{0,400}:\s*```\n?(.*?)\n?```\s*\Z", re.DOTALL)
_FENCED: Final = re.compile(r"```\n?(.*?)\n?```", re.DOTALL)


def is_note(message: WireMessage) -> bool:
    """Whether the message is a note, hidden or not, and so no part of the dialogue."""
    kind = message.content.get("content_type") if isinstance(message.content, dict) else None
    if kind in ("user_editable_context", "model_editable_context") or message.recipient == "bio":
        return True
    return message.metadata is not None and isinstance(message.metadata.user_context_message_data, dict)


def notes_of(message: WireMessage, ident: str, role: Role, time: float | None) -> Iterator[Message]:
    """The notes that `message` holds; ids are the message's, with the kind behind them where there can be two."""
    content = message.content if isinstance(message.content, dict) else {}
    if content.get("content_type") == "model_editable_context":
        yield from _note(ident, role, content.get("model_set_context"), time, "model_editable_context")
    elif message.recipient == "bio":
        yield from _note(ident, role, words(message.content, message.text)[1], time, "bio")
    else:
        said = message.metadata.user_context_message_data if message.metadata else None
        said = said if isinstance(said, dict) else {}
        about, wishes = _legacy(words(message.content, message.text)[1])
        profile = _about(said) or _unwrapped(content.get("user_profile")) or about
        instructions = _joined(said.get(name) for name in _WISH_FIELDS)
        instructions = instructions or _unwrapped(content.get("user_instructions")) or wishes
        yield from _note(f"{ident}:user_profile", role, profile, time, "user_profile")
        yield from _note(f"{ident}:user_instructions", role, instructions, time, "user_instructions")


def _about(said: dict[str, Any]) -> str:
    return _joined(
        f"{label}{value.strip()}"
        for name, label in _ABOUT_FIELDS
        if isinstance(value := said.get(name), str) and value.strip()
    )


def _joined(texts: Iterable[Any]) -> str:
    return "\n".join(text.strip() for text in texts if isinstance(text, str) and text.strip())


def _legacy(text: str) -> tuple[str, str]:
    """(what the user wrote about themselves, how they want to be answered) of one text that holds both."""
    about, wishes = _ABOUT.search(text), _WISHES.search(text)
    if about is None and wishes is None:
        return "", ""
    end = wishes.start() if wishes else len(text)
    return _behind(text, about.end(), end) if about else "", _behind(text, wishes.end(), len(text)) if wishes else ""


def _behind(text: str, start: int, end: int) -> str:
    """What follows such a sentence: behind its colon, in the code fence where there is one."""
    rest = text[start:end]
    fenced = _FENCED.search(rest)
    if fenced:
        return fenced.group(1).strip()
    return rest.partition(":")[2].strip() if ":" in rest[:400] else rest.strip(" .\n")


def _note(ident: str, role: Role, text: Any, time: float | None, kind: str) -> Iterator[Message]:
    if isinstance(text, str) and text.strip():
        yield Message(ident, role, clean(text).strip(), time, kind)


def _unwrapped(text: Any) -> Any:
    inner = _WRAPPED.match(text) if isinstance(text, str) else None
    return inner.group(1) if inner else text
