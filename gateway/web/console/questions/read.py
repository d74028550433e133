"""Reads and answers the four questions about one version; what cannot be read is said in its place."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final

from flags.model import Pipeline
from gateway.database.reads import Reads
from gateway.database.retry import first_line
from gateway.rollout.guard.price import StepPrice
from gateway.rollout.guard.pricing import price_steps
from gateway.rollout.guard.sides import POINTS, TwoSides, read_failures, read_split, read_times
from gateway.rollout.guard.store import GuardedRollout, all_latest
from gateway.rollout.history import Entry, history
from gateway.services import Services
from gateway.shadow.report.course import read_first_pair, read_losses
from gateway.shadow.report.queries import read_goal
from gateway.web.console.cached import SMALL, CachedReads, Rhythm
from gateway.web.console.questions import facts, failures, slower, split
from gateway.web.console.questions.failures import guard_says
from gateway.web.console.questions.model import Answer, Versus, unknown
from gateway.web.console.questions.versus import About, of_now, versus_of
from gateway.web.console.unread import EXPECTED, Unread, read_part

RHYTHM: Final = Rhythm(fresh=5.0, kept=120.0, patience=0.03, in_turn=True)  # of an answer
MOST_ENTRIES: Final = 500
COMPARED: Final = timedelta(days=30)  # pairs are looked at so far back

Ask = Callable[[], Awaitable[Answer]]


@dataclass(frozen=True, slots=True)
class Asked:
    """One version's questions, and what they were asked of."""

    versus: Versus
    guarded: GuardedRollout | None  # the rollout in force, or at 0 the last one
    entries: Sequence[Entry]
    answers: tuple[Answer, ...]
    unread: tuple[Unread, ...] = ()


async def read_guarded(reads: Reads) -> dict[Pipeline, GuardedRollout]:
    """Each version's latest rollout, as the guard keeps it."""
    async with reads.connection() as connection:
        return {one.pipeline: one for one in await all_latest(connection)}


async def ask(services: Services, cached: CachedReads, pipeline: Pipeline, now: datetime) -> Asked:
    """All four questions about one version."""
    reads, state = services.reads, services.flags.state()
    guards = await read_part(cached, "What the guard keeps", "guarded", lambda: read_guarded(reads), SMALL)
    rows = await read_part(cached, "The history", "history", lambda: history(reads, limit=MOST_ENTRIES), SMALL)
    kept = None if isinstance(guards, Unread) else guards.get(pipeline)
    entries = [] if isinstance(rows, Unread) else rows
    versus = versus_of(state, About(pipeline, tuple(services.registry.declared), kept, entries), now)
    guarded = of_now(kept, entries, pipeline, versus.dial)
    asked = questions(reads, versus, guarded, named_of(services, pipeline, guarded))
    answers = await asyncio.gather(*(answer_of(cached, key, versus, title, work) for key, title, work in asked))
    unread = tuple(one for one in (guards, rows) if isinstance(one, Unread))
    return Asked(versus, guarded, entries, tuple(answers), unread)


async def read_price(reads: Reads, pipeline: Pipeline, dial: float) -> StepPrice:
    """What it takes to know at this dial; that it cannot be read takes nothing from the answer."""
    try:
        return (await price_steps(reads, pipeline, [dial]))[0]
    except EXPECTED as error:
        return StepPrice(pipeline, dial, None, None, f"how many users it takes could not be read ({first_line(error)})")


def named_of(services: Services, pipeline: Pipeline, guarded: GuardedRollout | None) -> tuple[str, ...]:
    """Users whom the flag calls by name, or called when the guard looked."""
    rollout = services.flags.state().rollout
    version = None if rollout is None else rollout.of(pipeline)
    called = () if version is None else (*version.forced_in, *version.forced_out)
    return (*called, *(guarded.named if guarded else ()))


def questions(
    reads: Reads, versus: Versus, guarded: GuardedRollout | None, named: Sequence[str]
) -> list[tuple[str, str, Ask]]:
    """Key, title and work of each. Numbers are worked out beside the loop: intervals take their time."""
    verdict = guarded.verdict if guarded else None
    mine, other = versus.mine.pipeline, versus.other.pipeline
    sides = TwoSides(mine, other, versus.since, versus.until, named)

    async def ask_failures() -> Answer:
        added = await read_failures(reads, sides)
        price = await read_price(reads, mine, versus.dial)
        guard = guard_says(verdict, "failures")
        return await asyncio.to_thread(failures.ask_failures, versus, added, sides, guard, price)

    async def ask_slower() -> Answer:
        took = await read_times(reads, sides)
        return await asyncio.to_thread(slower.ask_slower, versus, took, sides, guard_says(verdict, "time"))

    async def ask_facts() -> Answer:
        goal = await read_goal(reads)
        begun = await read_first_pair(reads, min(versus.since, versus.until - COMPARED))
        lately = replace(
            versus, since=begun or versus.since, until=max(versus.until, datetime.now(versus.until.tzinfo))
        )
        compared = await read_losses(reads, (other, mine), lately.since, lately.until, POINTS)
        limit = facts.LIMIT if goal is None else goal.precision
        return await asyncio.to_thread(facts.ask_facts, lately, compared, limit)

    async def ask_split() -> Answer:
        added = await read_split(reads, sides, versus.dial, versus.dial_since) if versus.compares else []
        return await asyncio.to_thread(split.ask_split, versus, added, guard_says(verdict, "sample"))

    return [
        (failures.KEY, f"Does {mine} fail more?", ask_failures),
        (slower.KEY, f"Is {mine} slower?", ask_slower),
        (facts.KEY, f"Does {mine} lose facts?", ask_facts),
        (split.KEY, "Is the split honest?", ask_split),
    ]


async def answer_of(cached: CachedReads, key: str, versus: Versus, title: str, work: Ask) -> Answer:
    """The answer of some seconds ago while a new one is worked out."""
    name = ("question", key, versus.mine.pipeline, versus.other.pipeline, versus.dial, versus.since, len(versus.steps))
    found = await read_part(cached, title.removesuffix("?"), name, work, RHYTHM)
    return unknown(key, title, found) if isinstance(found, Unread) else found
