"""Who speaks in a message: the user, the assistant, a tool, or another person in the same conversation."""

from typing import Any, Final

from pipelines.contract import Role
from pipelines.export.parts.wire import WireMessage

_ROLES: Final[dict[str, Role]] = {
    "user": "user",
    "human": "user",
    "assistant": "assistant",
    "model": "assistant",
    "bot": "assistant",
    "system": "system",
    "tool": "tool",
}
_NOBODY_ELSE: Final = frozenset(["", "user", "human", "you", "me"])  # names that programs give to whoever exports


def role_of(wire: WireMessage) -> Role:
    """An unknown or missing speaker is a tool: what it says is never taken for the user's own words."""
    name = wire.author.role if wire.author is not None else wire.role or wire.sender
    return _ROLES.get(name.lower(), "tool") if isinstance(name, str) else "tool"


def is_another_person(wire: WireMessage) -> bool:
    """In a conversation of several people, the others' messages name who wrote them; the user's own do not."""
    if role_of(wire) != "user":
        return False
    author, told = wire.author, wire.metadata
    if _is_another(wire.name) or (told is not None and _is_another(told.real_author)):
        return True
    if author is None:
        return False
    return _is_another(author.name) or (author.metadata is not None and _is_another(author.metadata.real_author))


def _is_another(name: Any) -> bool:
    return isinstance(name, str) and name.strip().lower() not in _NOBODY_ELSE
