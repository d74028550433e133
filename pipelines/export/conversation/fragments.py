"""DeepSeek's messages: the fragments of one say what was asked, thought and answered, each a message of its own."""

from collections.abc import Iterator
from typing import Any, Final

from pipelines.contract import Message, Role
from pipelines.export.conversation.content import clean

_SPOKEN: Final[dict[str, tuple[Role, str]]] = {
    "REQUEST": ("user", "text"),
    "RESPONSE": ("assistant", "text"),
    "THINK": ("assistant", "thoughts"),
}


def fragment_messages(fragments: list[Any], ident: str, time: float | None) -> Iterator[Message]:
    """The messages, newest first; searches and other doings are left out."""
    for n, fragment in reversed(list(enumerate(fragments))):
        if not isinstance(fragment, dict):
            continue
        spoken, text = _SPOKEN.get(str(fragment.get("type")).upper()), fragment.get("content")
        if spoken and isinstance(text, str) and text.strip():
            yield Message(f"{ident}:{n}" if n else ident, spoken[0], clean(text), time, spoken[1])
