"""Short ways to put words into the engine's mouth, for this folder's tests."""

from collections.abc import Callable, Sequence
from typing import Any, TypeVar

from pipelines.contract import Extraction, Fact, Message, Passage, Role
from pipelines.language.embedded.extracting import extract_passages

T = TypeVar("T")


def said(*texts: str, role: Role = "user", start: float = 0.0) -> Passage:
    """One conversation in which each text is a message, a day apart."""
    messages = tuple(Message(f"m{index}", role, text, start + index * 86400.0) for index, text in enumerate(texts))
    return Passage("c", "a title", start, messages)


def read(*texts: str, role: Role = "user") -> Extraction:
    """What the engine finds in these messages."""
    return extract_passages([said(*texts, role=role)])


def values(facts: Sequence[Fact], category: str) -> list[str]:
    """The values of one category."""
    return [fact.value for fact in facts if fact.category == category]


async def compute_here(function: Callable[..., T], *args: Any) -> T:
    """The `Compute` port without a process."""
    return function(*args)
