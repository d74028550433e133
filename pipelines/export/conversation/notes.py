"""Ready-made statements about the user that an export carries beside the dialogue.

Kinds: "user_profile" (what the user wrote about themselves), "user_instructions" (how the user wants to be answered),
"bio" (one memory that the assistant saved), "model_editable_context" (the list of saved memories).
"""

import re
from collections.abc import Iterator
from typing import Any, Final

from pipelines.contract import Message, Role
from pipelines.export.conversation.content import clean, words
from pipelines.export.parts.wire import WireMessage

# The export wraps custom instructions in a sentence of its own ("User profile:") and a code fence.
_WRAPPED: Final = re.compile(r"\A[^\n`]{0,400}:\s*```\n?(.*?)\n?```\s*\Z", re.DOTALL)


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
        profile = said.get("about_user_message") or _unwrapped(content.get("user_profile"))
        instructions = said.get("about_model_message") or _unwrapped(content.get("user_instructions"))
        yield from _note(f"{ident}:user_profile", role, profile, time, "user_profile")
        yield from _note(f"{ident}:user_instructions", role, instructions, time, "user_instructions")


def _note(ident: str, role: Role, text: Any, time: float | None, kind: str) -> Iterator[Message]:
    if isinstance(text, str) and text.strip():
        yield Message(ident, role, clean(text).strip(), time, kind)


def _unwrapped(text: Any) -> Any:
    inner = _WRAPPED.match(text) if isinstance(text, str) else None
    return inner.group(1) if inner else text
