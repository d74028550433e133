"""The first acts: ramp the dial over invented users, then compare both versions on the same exports."""

import asyncio
import time
from collections.abc import Sequence
from dataclasses import dataclass

from gateway.cli.rehearsal.demo.judge import Compared, Stage
from gateway.cli.rehearsal.demo.observer import Facts, Observer, Outcomes
from gateway.cli.rehearsal.demo.ramp_table import RampTable, follow_ramp
from gateway.cli.rehearsal.invented_users.cast import Cast, Upload
from gateway.cli.rehearsal.roles import Roles
from gateway.cli.rehearsal.stage.caller import Calls, post_all
from gateway.cli.rehearsal.stage.screen import Screen
from gateway.cli.rehearsal.stage.server import DemoError, Server
from gateway.rollout.changes import RolloutChanges, Work
from gateway.rollout.history import By
from gateway.shadow.report.queries import read_report
from gateway.shadow.report.report import Report

BY = By("demo", "cli", "rehearsal")
DIALS = (0.0, 25.0, 50.0, 100.0)
STAGE_SECONDS = 120.0  # more than this for one stage is a failure
COMPARED = 16  # users
COMPARE_SECONDS = 180.0
SEEN_SECONDS = 10.0
SEEN_POLL_SECONDS = 0.01


@dataclass(frozen=True, slots=True)
class Play:
    """Everything that the acts use."""

    server: Server
    roles: Roles
    changes: RolloutChanges
    observer: Observer
    cast: Cast
    screen: Screen

    async def ramp(self, users: int) -> tuple[list[Stage], Upload]:
        """One stage for each dial, `users` new users each; and a user whom the candidate served, to look at."""
        stages = []
        uploads: list[Upload] = []
        with follow_ramp(self.screen, DIALS, users, self.roles) as table:
            for dial in DIALS:
                table.dial_in_force(dial, await self.set_dial(dial))
                uploads = await self.cast.next(users)
                stages.append(await self.stage(dial, uploads, table))
        return stages, uploads[0]

    async def stage(self, dial: float, uploads: Sequence[Upload], table: RampTable) -> Stage:
        """POST for these users and follow their jobs to the end."""
        posting = asyncio.create_task(post_all(self.server.url, uploads))
        outcomes = await self.observer.follow(uploads, len(uploads), table.follow(dial), timeout_seconds=STAGE_SECONDS)
        calls = await posting
        return to_stage(dial, self.roles, calls, outcomes, await self.observer.count_facts(uploads))

    async def compare(self) -> tuple[Compared, Report]:
        """Some users at half and half: each import is run by the other version, too, and both results compared."""
        await self.set_dial(50.0)
        await self.change(lambda control: control.set_shadow(100.0))
        uploads = await self.cast.next(COMPARED)
        await post_all(self.server.url, uploads)
        await self.observer.follow(uploads, len(uploads), lambda _now: None, timeout_seconds=STAGE_SECONDS)
        compared = await self.wait_for_comparisons([upload.user_id for upload in uploads])
        await self.change(lambda control: control.set_shadow(0.0))
        return compared, await read_report(self.observer.database.pool)

    async def wait_for_comparisons(self, users: Sequence[str]) -> Compared:
        """Until each planned one has ended, or the time is over."""
        deadline = time.monotonic() + COMPARE_SECONDS
        while True:
            (row,) = await self.observer.read("comparisons", users=list(users))
            if row["ended"] >= len(users) or time.monotonic() > deadline:
                return Compared(len(users), row["compared"], row["shed"])
            await asyncio.sleep(0.25)

    async def set_dial(self, percent: float) -> float:
        """Turn the dial; returns the seconds until the serving process decided by it."""
        return await self.change(lambda control: control.set_percent(percent))

    async def change(self, work: Work) -> float:
        """Change the rollout, then ask the serving process until it knows. Raises DemoError."""
        made = await self.changes.make(BY, work)
        started = time.monotonic()
        while (await asyncio.to_thread(self.server.flags_seen))["revision"] != made.after.version:
            if time.monotonic() - started > SEEN_SECONDS:
                raise DemoError(f"the server does not see a change of the flags after {SEEN_SECONDS:g} s")
            await asyncio.sleep(SEEN_POLL_SECONDS)
        return time.monotonic() - started


def to_stage(dial: float, roles: Roles, calls: Calls, outcomes: Outcomes, facts: Facts) -> Stage:
    seconds = {name: outcomes.run_seconds(name) for name in (roles.stable, roles.candidate)}
    return Stage(
        dial=dial,
        users=calls.made,
        refused=calls.refused,
        stable=outcomes.count(pipeline=roles.stable),
        candidate=outcomes.count(pipeline=roles.candidate),
        complete=outcomes.count(status="complete"),
        run_seconds={name: mean for name, mean in seconds.items() if mean is not None},
        slowest_accept_seconds=calls.slowest_seconds,
        known=facts.known,
        found=facts.found,
        misled=facts.misled,
    )
