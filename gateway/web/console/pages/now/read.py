"""Reads what Now is made of: each part on its own, so that one that fails takes no other with it."""

import asyncio
from collections.abc import Awaitable, Callable, Hashable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any, Final, TypeVar

import psycopg

from flags.change.errors import ControlError
from flags.model import FlagState, Pipeline
from gateway.config.moments import EVER
from gateway.database.reads import ReadTooLong
from gateway.database.retry import first_line
from gateway.jobs.outcomes import read_outcomes
from gateway.jobs.users import MOST_JOBS
from gateway.rollout.guard.store import GuardedRollout
from gateway.rollout.processes.live import LiveProcess
from gateway.rollout.ramp.plan import Ramp
from gateway.services import Services
from gateway.web.console.cached import QUICK, CachedReads, Rhythm, StillReading
from gateway.web.console.draw.svg import Chart
from gateway.web.console.pages.now.agreement import Asked, Counted, Watched, in_force, measure, watch
from gateway.web.console.pages.now.chart import Around, failures_chart
from gateway.web.console.pages.now.quick.rows import PARTS, SQL, read_rows
from gateway.web.console.pages.now.seen import DialRow, Held, Seen
from gateway.web.console.questions.read import Asked as Asking
from gateway.web.console.questions.read import ask
from gateway.web.console.questions.versus import About, versus_of

T = TypeVar("T")
SETTLED: Final = timedelta(seconds=2)  # after a turn: what is decided by then is decided by the new dial, everywhere
AT_ONCE: Final = Rhythm(fresh=2.0, kept=4.0, wait=1.0, patience=0.03)  # many tabs wait for none of their reads
ANSWERS: Final = Rhythm(fresh=3.0, kept=120.0, wait=0.6, patience=0.03)  # they ask in turn for what they are made of
COUNTS: Final = replace(ANSWERS, in_turn=True)
DEAR: Final = Rhythm(fresh=15.0, kept=300.0, wait=0.6, patience=0.03, in_turn=True)
EXPECTED: Final = (psycopg.Error, ReadTooLong, ControlError, TimeoutError)


@dataclass(slots=True)
class NowReads:
    """One a process: what is known from look to look, and the newest change that it was known at."""

    services: Services
    cached: CachedReads
    watched: Watched = field(default_factory=Watched)
    looked_at: datetime | None = None
    mark: Any = None

    async def see(self, now: datetime, version: Pipeline | None = None) -> Seen:
        """Everything that the page says. `version`: that the questions are about."""
        self._follow()
        asked, rows = await asyncio.gather(self.asked(), self.rows())
        about = version or question_about(asked, self.services)
        since = begin_of(about, rows["ramp"], rows["guarded"], now)
        counted, questions = await asyncio.gather(self._count(asked, rows["dials"]), self._ask(about, now))
        versions = self.services.flags.versions.all
        around = Around(versions, questions.versus.other.pipeline, rows["dials"].value or [], now)
        self._look(now, asked, rows["processes"], counted)
        return Seen(
            now=now,
            asked=asked,
            versions=versions,
            kept_in="file" if self.services.settings.unleash_url is None else "unleash",
            guard_mode=self.services.settings.guard,
            counted=counted,
            failures=await self._failures(since, around),
            watched=self.watched,
            version=about,
            questions=questions,
            **rows,
        )

    async def asked(self) -> Asked:
        """From where the flags are kept; while that does not answer, what this process knows."""
        found = await held(self.cached, "rollout", self.services.steering.changes.read, AT_ONCE)
        return asked_of(self.services.flags.state(), found)

    async def rows(self) -> dict[str, Held[Any]]:
        """What is read at once."""
        found = await held(self.cached, "rows", lambda: read_rows(self.services.reads), AT_ONCE)
        if found.value is None:
            return {name: Held(problem=found.problem, being_read=found.being_read) for name in PARTS}
        return {name: replace(one, age_seconds=found.age_seconds) for name, one in found.value.items()}

    def forget(self) -> None:
        """Something was changed here."""
        self.cached.forget()

    def _follow(self) -> None:
        """What others changed is read anew, too: this process has heard of it."""
        last = self.services.steering.watch.last_change
        state = self.services.flags.state()
        mark = (last and last.id, state.revision, state.override)
        if mark != self.mark:
            self.mark = mark
            self.cached.forget()

    def _look(self, now: datetime, asked: Asked, processes: Held[list[LiveProcess]], counted: Held[Counted]) -> None:
        """One look of all tabs together every two seconds."""
        if self.looked_at is not None and (now - self.looked_at).total_seconds() < QUICK.fresh:
            return
        self.looked_at = now
        force = in_force(processes.value or (), asked.shares)
        self.watched = watch(self.watched, now, asked.shares, force, measure(counted.value, asked.shares, force))

    async def _count(self, asked: Asked, dials: Held[list[DialRow]]) -> Held[Counted]:
        """Users since the dial last moved."""
        if dials.value is None:
            return Held(problem=dials.problem, being_read=dials.being_read)
        since = dials.value[0].at + SETTLED if dials.value else EVER
        ladder = () if asked.rollout is None else asked.rollout.ladder
        named = tuple(sorted({user for one in ladder for user in (*one.forced_in, *one.forced_out)}))
        return await held(self.cached, ("counted", since, named), lambda: self._counted(since, named), COUNTS)

    async def _counted(self, since: datetime, named: Sequence[str]) -> Counted:
        values = {"since": since, "named": list(named), "most": MOST_JOBS}
        async with self.services.reads.connection() as connection:
            rows = await (await connection.execute(SQL["counted"], values, prepare=False)).fetchall()
        users = {pipeline: count for pipeline, reason, count, _ in rows if reason == "flag"}
        others: dict[str, int] = {}
        for _, reason, count, _ in rows:
            if reason != "flag":
                others[reason] = others.get(reason, 0) + count
        return Counted(since, users, others, rows[0][3] if rows else None)

    async def _ask(self, about: Pipeline, now: datetime) -> Asking:
        """The four questions. Their answers of some seconds ago stand in while they are asked again."""
        key = ("questions", about)
        found = await held(self.cached, key, lambda: ask(self.services, self.cached, about, now), ANSWERS)
        if found.value is not None:
            return found.value
        state = self.services.flags.state()
        return Asking(versus_of(state, About(about, state.versions.all), now), None, (), ())

    async def _failures(self, since: datetime, around: Around) -> Held[list[Chart]]:
        """Drawn when it was read: a page of the next seconds shows the same."""

        async def read() -> list[Chart]:
            outcomes = await read_outcomes(self.services.reads, since)
            chart = await asyncio.to_thread(failures_chart, outcomes, around)
            return [] if chart is None else [chart]

        return await held(self.cached, ("failures", since, around.against), read, DEAR)


async def held(cached: CachedReads, key: Hashable, read: Callable[[], Awaitable[T]], rhythm: Rhythm = QUICK) -> Held[T]:
    """What is known of one part, or why nothing is."""
    try:
        known = await cached.get(("now", key), read, rhythm)
    except StillReading:
        return Held(being_read=True)
    except EXPECTED as error:
        return Held(problem=first_line(error))
    return Held(known.value, known.age)


def asked_of(state: FlagState, found: Held[Any]) -> Asked:
    """What the flags' home says; else what this process knows, with its age."""
    base, override = state.versions.base, state.override
    if found.value is not None:
        return Asked(found.value, base, override, age_seconds=found.age_seconds)
    problem = found.problem or "the flags' home has not answered yet"
    known = state.rollout if state.known else None
    return Asked(known, base, override, fresh=False, age_seconds=state.age_seconds, problem=problem)


def question_about(asked: Asked, services: Services) -> Pipeline:
    """The newest version that some users have and others do not; else the newest that has users; else the candidate."""
    ladder = () if asked.rollout is None else asked.rollout.ladder
    on_trial = [one.pipeline for one in ladder if 0 < one.dial < 100] or [one.pipeline for one in ladder if one.dial]
    return on_trial[0] if on_trial else services.flags.versions.candidate


def begin_of(version: Pipeline, ramp: Held[list[Ramp]], guarded: Held[list[GuardedRollout]], now: datetime) -> datetime:
    """Since when jobs' ends are shown: since the ramp began, or the dial rose from 0, whichever was first; at most 90
    days. A moment that stays for an hour, so that what was read since then is found again."""
    hour = now.replace(minute=0, second=0, microsecond=0)
    starts = [one.started_at for one in ramp.value or () if one.active and one.plan.pipeline in {None, version}]
    starts += [one.started_at for one in guarded.value or () if one.pipeline == version]
    return max(min(starts, default=hour - timedelta(days=1)), hour - timedelta(days=90))
