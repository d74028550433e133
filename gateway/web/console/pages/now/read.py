"""Reads what Now is made of: each part on its own, so that one that fails takes no other with it."""

from collections.abc import Awaitable, Callable, Hashable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Final, TypeVar

import psycopg
from psycopg.rows import class_row

from flags.change.errors import ControlError
from flags.model import FlagState, Pipeline
from gateway.config.moments import EVER
from gateway.database.pool import load_sql
from gateway.database.reads import ReadTooLong
from gateway.database.retry import first_line
from gateway.jobs.outcomes import Outcomes, read_outcomes
from gateway.jobs.users import MOST_JOBS
from gateway.restore.model import Run
from gateway.restore.store import SQL as RESTORE
from gateway.rollout.guard.price import StepPrice
from gateway.rollout.guard.pricing import price_steps
from gateway.rollout.guard.store import GuardedRollout, all_latest
from gateway.rollout.history import Entry, history
from gateway.rollout.processes.live import LiveProcess, list_processes
from gateway.rollout.ramp.plan import Ramp
from gateway.rollout.ramp.store import find_latest
from gateway.services import Services
from gateway.shadow.report.harms import HarmReport
from gateway.shadow.report.queries import read_harm
from gateway.telemetry.metrics.readings import count_open, count_waiting
from gateway.web.console.cached import QUICK, CachedReads, Rhythm, StillReading
from gateway.web.console.pages.now.agreement import Asked, Counted, Watched, in_force, measure, watch
from gateway.web.console.pages.now.seen import DialRow, Held, OpenJobs, Seen

T = TypeVar("T")
SQL: Final = load_sql(Path(__file__).with_name("now.sql"))
LOG_ROWS: Final = 4
SETTLED: Final = timedelta(seconds=2)  # after a turn: what is decided by then is decided by the new dial, everywhere
COUNTS: Final = Rhythm(fresh=3.0, kept=120.0, wait=1.0, patience=0.03)
DEAR: Final = Rhythm(fresh=15.0, kept=300.0, wait=1.0, patience=0.03)
SHADOW_DAYS: Final = timedelta(days=7)
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
        asked = await self.asked()
        processes = await self.processes()
        dials = await held(self.cached, "dials", self._dials)
        rollout = asked.rollout
        about = version or question_about(asked, self.services)
        counted = await self.counted(asked, dials)
        guarded = await held(self.cached, "guarded", self._guarded)
        ramp = await held(self.cached, "ramp", self._ramp)
        dial = 0.0 if rollout is None else rollout.of(about).dial
        self._look(now, asked, processes, counted)
        return Seen(
            now=now,
            asked=asked,
            versions=self.services.flags.versions.all,
            kept_in="file" if self.services.settings.unleash_url is None else "unleash",
            guard_mode=self.services.settings.guard,
            processes=processes,
            dials=dials,
            ramp=ramp,
            guarded=guarded,
            history=await held(self.cached, "history", self._history),
            jobs=await held(self.cached, "open jobs", self._jobs),
            restores=await held(self.cached, "restores", self._restores),
            counted=counted,
            outcomes=await self._outcomes(now, begin_of(about, ramp, guarded, now)),
            price=await self.price(about, dial),
            harm=await held(self.cached, ("harm", now.date()), lambda: self._harm(now - SHADOW_DAYS), DEAR),
            watched=self.watched,
            version=about,
        )

    async def asked(self) -> Asked:
        """From where the flags are kept; while that does not answer, what this process knows."""
        found = await held(self.cached, "rollout", self.services.steering.changes.read)
        return asked_of(self.services.flags.state(), found)

    async def processes(self) -> Held[list[LiveProcess]]:
        """All that are heard of, or were lately."""
        return await held(self.cached, "processes", lambda: list_processes(self.services.reads))

    async def counted(self, asked: Asked, dials: Held[list[DialRow]]) -> Held[Counted]:
        """Users since the dial last moved."""
        if dials.value is None:
            return Held(problem=dials.problem, being_read=dials.being_read)
        moved = dials.value[0].at if dials.value else None
        since = moved + SETTLED if moved is not None else EVER
        ladder = () if asked.rollout is None else asked.rollout.ladder
        named = tuple(sorted({user for one in ladder for user in (*one.forced_in, *one.forced_out)}))
        return await held(self.cached, ("counted", since, named), lambda: self._counted(since, named), COUNTS)

    async def price(self, version: Pipeline, percent: float) -> Held[StepPrice]:
        """Of knowing, at one dial."""

        async def read() -> StepPrice:
            (price,) = await price_steps(self.services.reads, version, [percent])
            return price

        return await held(self.cached, ("price", version, percent), read, DEAR)

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

    async def _outcomes(self, now: datetime, since: datetime) -> Held[list[Outcomes]]:
        if since > now:
            return Held([])
        return await held(self.cached, ("outcomes", since), lambda: read_outcomes(self.services.reads, since), DEAR)

    async def _dials(self) -> list[DialRow]:
        async with self.services.reads.connection() as connection:
            cursor = connection.cursor(row_factory=class_row(DialRow))
            return await (await cursor.execute(SQL["dials"])).fetchall()

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

    async def _guarded(self) -> list[GuardedRollout]:
        async with self.services.reads.connection() as connection:
            return await all_latest(connection)

    async def _ramp(self) -> list[Ramp]:
        async with self.services.reads.connection() as connection:
            ramp = await find_latest(connection)
        return [] if ramp is None else [ramp]

    async def _history(self) -> list[Entry]:
        return await history(self.services.reads, limit=LOG_ROWS)

    async def _restores(self) -> list[Run]:
        async with self.services.reads.connection() as connection:
            cursor = connection.cursor(row_factory=class_row(Run))
            return await (await cursor.execute(RESTORE["latest"])).fetchall()

    async def _harm(self, since: datetime) -> HarmReport:
        return await read_harm(self.services.reads, since)

    async def _jobs(self) -> OpenJobs:
        async with self.services.reads.connection() as connection:
            opened, depth, oldest = await count_open(connection)
            services = await count_waiting(connection)
        return OpenJobs(opened, depth, oldest, list(services.items()))


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
    days."""
    starts = [one.started_at for one in ramp.value or () if one.active and one.plan.pipeline in {None, version}]
    starts += [one.started_at for one in guarded.value or () if one.pipeline == version]
    return max(min(starts, default=now - timedelta(days=1)), now - timedelta(days=90))
