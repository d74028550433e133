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
_THE_USER: Final = frozenset(["user", "human", "you", "me"])  # names that programs give to whoever exports


def role_of(wire: WireMessage) -> Role:
    """An unknown or missing speaker is a tool: what it says is never taken for the user's own words."""
    name = wire.author.role if wire.author is not None else wire.role or wire.sender
    return _ROLES.get(name.lower(), "tool") if isinstance(name, str) else "tool"


def is_another_person(wire: WireMessage) -> bool:
    """In a conversation of several people, the others' messages name who wrote them; the user's own do not."""
    if role_of(wire) != "user":
        return False
    author = wire.author
    names: list[Any] = [wire.name, author.name if author else None]
    names += [part.real_author for part in (author.metadata if author else None, wire.metadata) if part is not None]
    return any(isinstance(name, str) and name.strip() and name.strip().lower() not in _THE_USER for name in names)
