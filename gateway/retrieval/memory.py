"""Memories that were found, and choosing among them: no two that say the same, each cut to the part that matters."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Literal

Method = Literal["full-text", "embeddings"]

MOST = 8  # memories to an answer
A_CONVERSATION = 3  # of them at most
EXCERPT_CHARACTERS = 1_600


@dataclass(frozen=True, slots=True)
class Memory:
    """A stored chunk that fits a question, in the order of the statements' columns."""

    conversation_id: str
    title: str
    content: str
    created_at: datetime

    def __str__(self) -> str:
        return f"[{self.created_at:%Y-%m-%d} · {self.title or 'Untitled'}]\n{self.content}"


@dataclass(frozen=True, slots=True)
class Found:
    """What fits best, best first, and how it was found."""

    memories: tuple[Memory, ...]
    method: Method


def choose(candidates: Iterable[Memory], terms: Sequence[str]) -> tuple[Memory, ...]:
    """The best candidates. A chunk is stored in up to three sizes: of two that overlap, the better one stays."""
    chosen: list[Memory] = []
    for candidate in candidates:
        short = replace(candidate, content=excerpt(candidate.content, terms))
        same = [memory for memory in chosen if memory.conversation_id == short.conversation_id]
        if len(same) < A_CONVERSATION and not any(_repeats(short.content, memory.content) for memory in same):
            chosen.append(short)
        if len(chosen) == MOST:
            break
    return tuple(chosen)


def excerpt(content: str, terms: Sequence[str], size: int = EXCERPT_CHARACTERS) -> str:
    """The stretch of `size` characters with the most of the terms in it, from the beginning of a line."""
    if len(content) <= size:
        return content
    lowered = content.lower()

    def terms_in(start: int) -> tuple[int, int]:
        return sum(term in lowered[start : start + size] for term in terms), -start

    best = max(_starts(content, size), key=terms_in)
    return content[best : best + size]


def _starts(content: str, size: int) -> set[int]:
    """Where an excerpt may begin: some four to its length, at the beginning of a line where one is near."""
    step, last = max(size // 4, 1), len(content) - size
    lines = (content.find("\n", place, place + step) + 1 or place for place in range(0, last, step))
    return {0, last, *(min(line, last) for line in lines)}


def _repeats(one: str, other: str) -> bool:
    return one.strip() in other or other.strip() in one
