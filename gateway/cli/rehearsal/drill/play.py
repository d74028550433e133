"""The drill itself: users get results of two versions, the newer breaks during a ramp, and the guard has to notice."""

import asyncio
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from flags.control import FlagControl
from gateway.cli.rehearsal.drill.fault import BROKEN, HANGS, REASONS, Fault
from gateway.cli.rehearsal.drill.judge import Measured
from gateway.cli.rehearsal.drill.scene import GRACE_SECONDS, Scene, when_off
from gateway.cli.rehearsal.invented_users.cast import Cast, Upload
from gateway.cli.rehearsal.roles import Roles
from gateway.cli.rehearsal.stage.caller import Calls, post_all
from gateway.cli.rehearsal.stage.screen import Screen
from gateway.cli.rehearsal.stage.server import DemoError, Server
from gateway.database.pool import Database, load_sql
from gateway.restore.run import restore
from gateway.restore.store import RestoreStore
from gateway.rollout.changes import RolloutChanges
from gateway.rollout.history import By
from gateway.rollout.ramp.orders import RampOrders
from gateway.rollout.ramp.plan import Plan, Ramp
from gateway.rollout.ramp.store import latest

SQL = load_sql(Path(__file__).with_name("observe.sql"))
BY = By("drill", "cli", "rollback drill")
PLAN = Plan(steps=(50.0, 100.0), hold_seconds=3600.0, min_jobs=200)
RETURNING = 8  # users who have a result of the stable version, then one of the candidate
CROWD = 100  # users who come while the candidate is broken
POLL_SECONDS = 0.05
JOBS = ("complete", "failed", "failed_otherwise", "unfinished", "rescued", "rescued_complete")
SEEN_SECONDS = 15.0
WORK_SECONDS = 120.0


@dataclass(frozen=True, slots=True)
class Returning:
    """Users who had a result of the stable version, and now have one of the candidate."""

    users: list[str]
    published: dict[str, str]  # what the stable version had published for them
    calls: tuple[Calls, Calls]


@dataclass(frozen=True, slots=True)
class Fall:
    """How the ramp over the broken candidate ended."""

    users: list[str]
    calls: Calls
    ramp: Ramp | None  # None: there was none, the flag was turned off by hand
    flip: dict[str, Any]  # when the guard turned the flag off, and why; empty: it did not
    arrived: Sequence[datetime]  # when each process decided by that
    gone_seconds: float | None = None  # of jobs that hung: see `Measured`


@dataclass(frozen=True, slots=True)
class Drill:
    """Everything that the acts use."""

    scene: Scene
    roles: Roles
    database: Database
    control: FlagControl
    changes: RolloutChanges
    cast: Cast
    screen: Screen
    crowd: int = CROWD
    fault: Fault = "raise"

    async def play(self) -> Measured:
        """All acts in order. Raises DemoError when one of them cannot go on."""
        returning = await self.make_results()
        return await self.put_right(returning, await (self.fall_by_hand() if self.fault in HANGS else self.fall()))

    async def put_right(self, returning: Returning, fall: Fall) -> Measured:
        """When all jobs have ended, restore users' data, and look at what became of everybody."""
        await self.wait_for_end(fall.users)
        report = await restore(RestoreStore(self.database.pool), self.roles.stable, BY)
        return await self.measure(returning, fall, report.run.restored)

    async def make_results(self) -> Returning:
        """Everybody gets the stable version, then everybody the candidate, then the dial is at 0."""
        uploads = await self.cast.next(RETURNING)
        users = [upload.user_id for upload in uploads]
        first = await self.serve(uploads, 0)
        published = await self.published(users)
        second = await self.serve(await self.cast.again(uploads), 100)
        await self.set_dial(0)
        stable, candidate = self.roles.stable, self.roles.candidate
        self.screen.say(f"{RETURNING} users have a result of {stable}, and now one of {candidate}")
        return Returning(users, published, (first, second))

    async def fall(self) -> Fall:
        """Break the candidate, ramp it up, send users; until the guard has acted and every process follows."""
        self.scene.break_candidate(self.fault)
        await RampOrders(self.database.pool, self.changes).start(PLAN, BY)
        await self.wait_for_dial(PLAN.steps[0])
        broken = f"{self.roles.candidate} is broken"
        self.screen.say(f"{broken}; a ramp set the dial to {PLAN.steps[0]:g} %; {self.crowd} users come")
        crowd = await self.cast.next(self.crowd)
        arriving = [asyncio.create_task(when_off(process)) for process in self.scene.processes]
        posting = asyncio.create_task(post_all(self.scene.server.url, crowd))
        try:
            ramp = await self.wait_for_guard()
            flip = await self.row("rolled_back_at")
            arrived = await self.wait_for_arrival(arriving) if flip else []
            calls = await posting
        finally:
            for task in (*arriving, posting):
                task.cancel()
            await asyncio.gather(*arriving, posting, return_exceptions=True)
        self.screen.say(f"ramp: {ramp.state.replace('_', ' ')} ({ramp.note})")
        return Fall([upload.user_id for upload in crowd], calls, ramp, flip, arrived)

    async def fall_by_hand(self) -> Fall:
        """Break the candidate so that its jobs hang; when the others are served all the same, turn the flag off."""
        stable, candidate = self.roles.stable, self.roles.candidate
        self.scene.break_candidate(self.fault)
        await self.set_dial(PLAN.steps[0])
        broken = f"{candidate} is broken ({self.fault})"
        self.screen.say(f"{broken}; the dial is at {PLAN.steps[0]:g} %; {self.crowd} users come")
        crowd = await self.cast.next(self.crowd)
        users = [upload.user_id for upload in crowd]
        calls = await post_all(self.scene.server.url, crowd)
        goes_on = f"{stable} does not go on while {candidate} hangs"
        await self.wait(WORK_SECONDS, goes_on, lambda: self.is_over("stable_open", users=users))
        self.screen.say(f"{candidate} jobs hang, and every user of {stable} is served; the flag goes off")
        arriving = [asyncio.create_task(when_off(process)) for process in self.scene.processes]
        await self.changes.make(BY, lambda control: control.turn_off())
        flipped = datetime.now(UTC)
        arrived = await self.wait_for_arrival(arriving)
        await self.wait(WORK_SECONDS, f"{candidate} jobs still run", lambda: self.is_over("candidate_running"))
        gone = (datetime.now(UTC) - flipped).total_seconds()
        flip = {"at": flipped, "why": f"{candidate} jobs hung ({self.fault})"}
        return Fall(users, calls, None, flip, arrived, max(0.0, gone - GRACE_SECONDS))

    async def is_over(self, name: str, **values: Any) -> bool:
        """Does a query count nothing?"""
        return bool((await self.row(name, **values))["count"] == 0)

    async def measure(self, returning: Returning, fall: Fall, restored: int) -> Measured:
        """Look at the database itself."""
        now = await self.published(returning.users)
        jobs = await self.row("jobs", users=[*returning.users, *fall.users], broken=REASONS[self.fault])
        calls = (*returning.calls, fall.calls)
        return Measured(
            **await self.time_flip(fall.flip, fall.arrived),
            **{name: jobs[name] for name in JOBS},
            ramp_state=fall.ramp.state if fall.ramp else "none",
            hung=self.fault in HANGS,
            gone_seconds=fall.gone_seconds,
            accepted=sum(call.made - call.refused for call in calls),
            posted=sum(call.made for call in calls),
            to_restore=len(returning.users),
            restored=restored,
            equal=sum(now[user] == returning.published[user] for user in returning.users),
        )

    async def time_flip(self, flip: dict[str, Any], arrived: Sequence[datetime]) -> dict[str, Any]:
        """From the history and the jobs: when it broke, when that was noticed, when it was over."""
        if not flip:
            return {
                "verdict": "", "detection_seconds": None, "flip_seconds": (), "last_start_seconds": None,
                "late_starts": 0,
            }  # fmt: skip
        at = flip["at"]
        broke = (await self.row("broke_at"))["min"]
        starts = await self.row("candidate_starts", flipped=at, arrived=max(arrived, default=at))
        last = starts["max"]
        return {
            "verdict": flip["why"],
            "detection_seconds": None if broke is None else (at - broke).total_seconds(),
            "flip_seconds": tuple(max(0.0, (seen - at).total_seconds()) for seen in arrived),
            "last_start_seconds": None if last is None else (last - at).total_seconds(),
            "late_starts": starts["count"],
        }

    async def serve(self, uploads: Sequence[Upload], dial: float) -> Calls:
        """These users' imports at this dial, to their end."""
        await self.set_dial(dial)
        calls = await post_all(self.scene.server.url, uploads)
        await self.wait_for_end([upload.user_id for upload in uploads])
        return calls

    async def set_dial(self, percent: float) -> None:
        async def work(control: FlagControl) -> Any:
            after = await control.set_percent(percent)
            return after if after.enabled else await control.turn_on()

        await self.changes.make(BY, work)
        await self.wait_for_dial(percent)

    async def wait_for_dial(self, dial: float) -> None:
        for process in self.scene.processes:
            await self.wait(SEEN_SECONDS, f"{process.url} does not see a dial of {dial:g} %", sees(process, dial))

    async def wait_for_guard(self) -> Ramp:
        """Until the ramp has ended, or the time is over."""

        async def ended() -> Any:
            ramp = await latest(self.database.pool)
            return ramp if ramp and not ramp.active else None

        with suppress(DemoError):  # the judge will tell
            await self.wait(WORK_SECONDS, "the ramp did not end", ended)
        ramp = await latest(self.database.pool)
        assert ramp is not None  # noqa: S101 - it was started
        return ramp

    async def wait_for_arrival(self, arriving: Sequence["asyncio.Task[datetime]"]) -> list[datetime]:
        """When each process decided by the flip. Raises DemoError when one does not."""
        try:
            return await asyncio.wait_for(asyncio.gather(*arriving), SEEN_SECONDS)
        except TimeoutError:
            raise DemoError(f"a process does not see the flip after {SEEN_SECONDS:g} s") from None

    async def wait_for_end(self, users: Sequence[str]) -> None:
        async def over() -> Any:
            return not (await self.row("jobs", users=list(users), broken=BROKEN))["unfinished"]

        with suppress(DemoError):  # the judge will tell
            await self.wait(WORK_SECONDS, "jobs did not end", over)

    async def wait(self, seconds: float, otherwise: str, truth: Any) -> Any:
        """Poll; raises DemoError when it does not come true."""
        try:
            async with asyncio.timeout(seconds):
                while not (found := await truth()):  # noqa: ASYNC110 - it happens in another process
                    await asyncio.sleep(POLL_SECONDS)
                return found
        except TimeoutError:
            raise DemoError(otherwise) from None

    async def published(self, users: Sequence[str]) -> dict[str, str]:
        """What these users see, as text."""
        async with self.database.pool.connection() as connection:
            return dict(await (await connection.execute(SQL["published"], {"users": list(users)})).fetchall())

    async def row(self, name: str, **values: Any) -> dict[str, Any]:
        """The first row of a query; empty without one."""
        async with self.database.pool.connection() as connection:
            cursor = await connection.execute(SQL[name], {**asdict(self.roles), **values})
            row = await cursor.fetchone()
            columns = [column.name for column in cursor.description or ()]
        return dict(zip(columns, row, strict=True)) if row else {}


def sees(process: Server, dial: float) -> Any:
    """Whether a process decides by this dial."""

    async def truth() -> bool:
        return bool((await asyncio.to_thread(process.flags_seen))["dial"] == dial)

    return truth
