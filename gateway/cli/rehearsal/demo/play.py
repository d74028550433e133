"""The rehearsal itself: ramp the dial over invented users, then turn the flag off, and measure what happened."""

import asyncio
import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from flags.control import FlagControl
from gateway.cli.rehearsal.demo.caller import Calls, post_all
from gateway.cli.rehearsal.demo.judge import Rollback, Stage
from gateway.cli.rehearsal.demo.observer import Facts, Observer, Outcomes
from gateway.cli.rehearsal.demo.screen import Screen
from gateway.cli.rehearsal.demo.server import DemoError, Server
from gateway.cli.rehearsal.invented_users.cast import Cast, Upload
from gateway.cli.rehearsal.roles import Roles

DIALS = (0.0, 25.0, 50.0, 100.0)
STAGE_SECONDS = 120.0  # more than this for one stage is a failure
SEEN_SECONDS = 10.0
SEEN_POLL_SECONDS = 0.01


@dataclass(frozen=True, slots=True)
class Play:
    """Everything that the acts use."""

    server: Server
    roles: Roles
    control: FlagControl
    observer: Observer
    cast: Cast
    screen: Screen

    async def ramp(self, users: int) -> tuple[list[Stage], Upload]:
        """One stage for each dial, `users` new users each; and a user whom the candidate served, to look at."""
        stages = []
        uploads: list[Upload] = []
        for dial in DIALS:
            await self.control.set_percent(dial)
            seen = await self.wait_for_dial(dial)
            self.screen.say(f"\ndial {dial:g} %: in force {seen * 1000:.0f} ms after it was written")
            uploads = await self.cast.next(users)
            stages.append(await self.stage(dial, uploads))
        return stages, uploads[0]

    async def stage(self, dial: float, uploads: Sequence[Upload]) -> Stage:
        """POST for these users and follow their jobs to the end."""
        with self.screen.stage(f"{dial:g} %", len(uploads), self.roles) as watch:
            posting = asyncio.create_task(post_all(self.server.url, uploads))
            following = self.observer.follow(uploads, len(uploads), watch, timeout_seconds=STAGE_SECONDS)
            outcomes = await following
            calls = await posting
        return to_stage(dial, self.roles, calls, outcomes, await self.observer.count_facts(uploads))

    async def rollback(self, in_flight: int, afterwards: int) -> Rollback:
        """Turn the flag off while jobs of the candidate wait, then see what users get who come afterwards."""
        waiting = await self.cast.next(in_flight)
        later = await self.cast.next(afterwards)
        await post_all(self.server.url, waiting)
        await self.control.turn_off()
        written_at = datetime.now(UTC)
        seen_seconds = await self.wait_for_dial(0.0)
        seen_at = written_at + timedelta(seconds=seen_seconds)
        self.screen.say(f"\nflag off: in force {seen_seconds * 1000:.0f} ms after it was written")
        stage = await self.stage(0.0, later)
        outcomes = await self.observer.follow(waiting, in_flight, lambda _now: None, timeout_seconds=STAGE_SECONDS)
        last_start = await self.observer.last_start(self.roles.candidate)
        return Rollback(
            seen_seconds=seen_seconds,
            last_start_seconds=(last_start - written_at).total_seconds() if last_start else None,
            late_starts=await self.observer.late_starts(self.roles.candidate, seen_at),
            in_flight=in_flight,
            in_flight_complete=outcomes.count(status="complete"),
            rescued=outcomes.count(reason="rolled_back"),
            stage=stage,
        )

    async def wait_for_dial(self, dial: float) -> float:
        """Ask the serving process until it decides by this dial; returns the seconds that took."""
        started = time.monotonic()
        while (await asyncio.to_thread(self.server.flags_seen))["dial"] != dial:
            if time.monotonic() - started > SEEN_SECONDS:
                raise DemoError(f"the server does not see the dial of {dial:g} % after {SEEN_SECONDS:g} s")
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
        slowest_seconds=outcomes.slowest_seconds,
        slowest_accept_seconds=calls.slowest_seconds,
        known=facts.known,
        found=facts.found,
        misled=facts.misled,
    )
