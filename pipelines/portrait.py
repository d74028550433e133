"""What a language engine wrote of a user and from which facts, what has changed since, and what its calls cost."""

from collections.abc import Sequence
from typing import Any, Literal, Protocol, runtime_checkable

import msgspec

from pipelines.facts import Fact

SectionName = Literal["soul", "identity", "user", "agents", "tools"]


class Usage(msgspec.Struct, frozen=True, gc=False):
    """What language calls cost: counts of calls and tokens, money in US dollars."""

    calls: int = 0
    input_tokens: int = 0  # all that was sent, wherever the provider had it from
    output_tokens: int = 0
    cost_usd: float = 0.0
    cache_read_tokens: int = 0  # of the input: those that the provider still had
    cache_write_tokens: int = 0  # of the input: those that it keeps for the next calls

    def __add__(self, other: "Usage") -> "Usage":
        return Usage(
            self.calls + other.calls,
            self.input_tokens + other.input_tokens,
            self.output_tokens + other.output_tokens,
            self.cost_usd + other.cost_usd,
            self.cache_read_tokens + other.cache_read_tokens,
            self.cache_write_tokens + other.cache_write_tokens,
        )


class Portrait(msgspec.Struct, frozen=True, omit_defaults=True):
    """All that one version had written of a user, and what it was written from."""

    facts: tuple[Fact, ...]  # in force then
    sections: dict[SectionName, dict[str, Any]]
    past: tuple[Fact, ...] = ()  # those of which MEMORY alone tells
    memory: str = ""  # Markdown; empty for a version that writes none
    read_characters: int = 0  # of the user's own, when it was last written as a whole
    revisions: int = 0  # since then
    usage: Usage = Usage()  # of its last writing


class Change(msgspec.Struct, frozen=True):
    """What is known now against what a portrait was written from."""

    added: tuple[Fact, ...] = ()
    added_past: tuple[Fact, ...] = ()
    ended: tuple[Fact, ...] = ()  # no longer so, or no longer to be told

    def __bool__(self) -> bool:
        return bool(self.added or self.added_past or self.ended)


@runtime_checkable
class Revises(Protocol):
    """An engine whose calls are paid: what it wrote before is revised in one call, instead of written anew in many."""

    @property
    def written_as(self) -> str:
        """Engine, model and version of what is asked where something is written."""
        ...

    async def revise(self, before: Portrait, facts: Sequence[Fact], change: Change) -> tuple[Portrait, Usage]:
        """Sections and MEMORY without what ended and with what is new, given all `facts` in force."""
        ...
