"""What of a memory is told: what is in force, what is past, and the marked list of all of it."""

from collections.abc import Sequence
from datetime import UTC, datetime

import msgspec

from pipelines.facts import Fact, Memory
from pipelines.memory.due import over_since
from pipelines.memory.endings import is_ending
from pipelines.memory.remember import Import
from pipelines.stages.ledger import strongest_first

PAST = "past"  # detail of a date or a promise whose day is over
MOST_PAST = 40  # of which MEMORY tells
MOST_NAMED = 20  # facts of earlier imports that are named in MEMORY


class Told(msgspec.Struct, frozen=True):
    """Facts by what may be done with them; each strongest first."""

    in_force: tuple[Fact, ...]  # what sections are written from
    past: tuple[Fact, ...]  # dates and promises whose day is over: history, and nothing to be reminded of
    ended: tuple[Fact, ...]  # no longer so, and what says so

    @property
    def history(self) -> tuple[Fact, ...]:
        """The past as MEMORY tells it: with a word that it is past."""
        return tuple(msgspec.structs.replace(fact, detail=PAST, ended=None) for fact in self.past[:MOST_PAST])

    @property
    def earlier(self) -> tuple[Fact, ...]:
        """What is in force and was not said in what this import read."""
        return tuple(fact for fact in (*self.in_force, *self.past) if fact.earlier)

    def listed(self, in_force: Sequence[Fact]) -> tuple[Fact, ...]:
        """The list of all facts, given those in force that fitted: the others follow with their marks."""
        return (*in_force, *self.past, *self.ended)


def tell(memory: Memory, by: Import) -> Told:
    """What is told after an import, as of then."""
    in_force, past, ended = list[Fact](), list[Fact](), list[Fact]()
    for one in memory.facts:
        fact = msgspec.structs.replace(one.fact, earlier=one.confirmed_by != by.job_id)
        over = over_since(fact, by.at)
        if fact.ended is not None or is_ending(fact):
            ended.append(fact)
        elif over is not None:
            past.append(msgspec.structs.replace(fact, ended=over))
        else:
            in_force.append(fact)
    return Told(strongest_first(in_force), strongest_first(past), strongest_first(ended))


def earlier_warning(earlier: Sequence[Fact]) -> tuple[str, ...]:
    """Said of what is known from before and not in what this import read."""
    if not earlier:
        return ()
    return (f"Facts known from earlier imports that were not said in what this one read, and kept: {len(earlier):,}.",)


def with_earlier(memory_text: str, earlier: Sequence[Fact]) -> str:
    """MEMORY with a last line that names what is known from earlier imports alone."""
    if not earlier:
        return memory_text
    named = "; ".join(fact.value for fact in earlier[:MOST_NAMED])
    more = f"; and {len(earlier) - MOST_NAMED:,} more" if len(earlier) > MOST_NAMED else ""
    return f"{memory_text.rstrip()}\n\n_Known from earlier imports, not said in the last one: {named}{more}._\n"


def day_of(time: float) -> str:
    """The day of a time in seconds since the epoch, UTC."""
    return f"{datetime.fromtimestamp(min(max(time, 0.0), 4e9), UTC):%Y-%m-%d}"
