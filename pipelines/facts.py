"""What is known of a user: a fact as the user's words say it, and as it is remembered over all of their imports."""

from datetime import datetime
from typing import Literal

import msgspec

Category = Literal[
    "preference", "project", "date", "belief", "decision", "commitment",
    "name", "location", "occupation", "relationship", "interest", "life_context",
]  # fmt: skip
MOST_SOURCES = 20  # conversations that a fact names; others count in its support alone


class Fact(msgspec.Struct, frozen=True):
    """One thing that the user's own words say about the user. Times are seconds since the epoch, UTC."""

    category: Category
    value: str  # short, as a person would write it in a list: "painting", "Lisbon", "no bullet points"
    sentence: str  # the evidence, bounded in length
    conversation_id: str
    message_id: str
    time: float | None = None  # when it was said last
    support: int = 1  # how many messages say it
    detail: str = ""  # project: description; date: the date; decision: its context; relationship: who
    first_said: float | None = None  # None: when it was said last
    sources: tuple[str, ...] = ()  # the conversations that say it, sorted; none: `conversation_id` alone
    ended: float | None = None  # since when it no longer holds: something said later ends it, or its day is over
    earlier: bool = False  # an earlier import read it, and this one did not

    @property
    def began(self) -> float | None:
        """When it was said first."""
        return self.time if self.first_said is None else self.first_said

    @property
    def said_in(self) -> tuple[str, ...]:
        """The conversations that say it."""
        return self.sources or (self.conversation_id,)


def join_mentions(newer: Fact, older: Fact, support: int) -> Fact:
    """Two mentions of one fact as one: the newer one's words, a detail wherever there is one, where and since when."""
    began = min((time for time in (newer.began, older.began) if time is not None), default=None)
    sources = tuple(sorted({*newer.said_in, *older.said_in})[:MOST_SOURCES])
    return msgspec.structs.replace(
        newer,
        support=support,
        detail=newer.detail or older.detail,
        first_said=None if began == newer.time else began,
        sources=() if sources == (newer.conversation_id,) else sources,
    )


class Remembered(msgspec.Struct, frozen=True, omit_defaults=True):
    """A fact over all imports. Until when it holds is told in `fact`, when that was learnt apart from it."""

    fact: Fact
    learnt_at: datetime  # of the import that brought it first
    learnt_by: str  # its job
    confirmed_at: datetime  # of the last import that read it
    confirmed_by: str
    ended_by: str = ""  # identity of the fact that ended it
    end_learnt_at: datetime | None = None


class Memory(msgspec.Struct, frozen=True, omit_defaults=True):
    """All that one version remembers of a user: in force and ended. `forgotten` holds fingerprints, no words."""

    facts: tuple[Remembered, ...] = ()
    forgotten: tuple[str, ...] = ()  # what must not be told again, sorted


NOTHING_REMEMBERED = Memory()
