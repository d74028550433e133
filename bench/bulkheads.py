"""What the stable version loses while the candidate breaks, and what is left of the candidate after a rollback.

Real processes at dial 50 under a steady load: the candidate raises, hangs, blocks its thread, spins or takes 8 GB, on a
share of its jobs. Then the flag goes off. `python -m bench.bulkheads --seconds 40 --shares 30 100`
"""

import argparse
import asyncio
import shutil
import tempfile
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, get_args

import httpx

from flags.control import open_control
from gateway.cli.database import existing_database
from gateway.cli.rehearsal.drill.fault import STEP, Break, Fault
from gateway.cli.rehearsal.invented_users.cast import Cast, Upload, make_user_ids, write_files
from gateway.cli.rehearsal.invented_users.chatgpt import make_export
from gateway.cli.rehearsal.roles import Roles, find_roles
from gateway.cli.rehearsal.stage.caller import TIMEOUT_SECONDS, is_accepted
from gateway.cli.rehearsal.stage.server import Server, start_server
from gateway.database.pool import Database, load_sql
from gateway.exports import open_exports
from gateway.rollout.changes import build_changes
from gateway.rollout.history import By

SQL = load_sql(Path(__file__).with_name("bulkheads.sql"))
BY = By("bench", "cli", "bulkheads")
HISTORY_ENDS = datetime(2026, 1, 1, tzinfo=UTC)
PROCESS = "gateway.cli.rehearsal.drill.process"
PATIENCE_SECONDS = 300.0
CONVERSATIONS = 30  # of an export
COLUMNS = (
    f"{'fault':<8}{'share':>6}{'posted':>8}{'refused':>9}{'slowest':>9}{'stable':>10}{'of none':>9}"
    f"{'gone':>9}{'all over':>10}{'rescued':>9}{'failed':>8}{'lost':>6}{'doubled':>9}  why they failed"
)


@dataclass(frozen=True, slots=True)
class Plan:
    """The load: how many a second, for how long; how long a rolled-back job may go on."""

    rate: float
    seconds: float
    grace: float


@dataclass(frozen=True, slots=True)
class Seen:
    """What came of one case. Times are seconds."""

    fault: Fault | None
    percent: int
    posted: int
    refused: int
    slowest: float
    stable: int  # jobs that the stable version had completed when the load ended
    theirs: int  # jobs of it that had been accepted by then
    candidates_gone: float  # from the flag to the moment at which no job of the candidate ran
    over: float  # from the flag to the end of the last job
    rescued: int
    failed: int
    why: str
    lost: int
    doubled: int

    @property
    def share(self) -> float:
        """What the stable version had completed of its jobs when the load ended."""
        return self.stable / max(1, self.theirs)


class Case:
    """One server, one fault, one load."""

    def __init__(self, server: Server, roles: Roles, database: Database, plan: Plan, switch: Path) -> None:
        self._roles = roles
        self._server = server
        self._database = database
        self._plan = plan
        self._switch = switch

    async def play(self, cast: Cast, fault: Fault | None, percent: int) -> Seen:
        settings = self._server.settings()
        control = open_control(data_dir=settings.data_dir, versions=self._roles.versions)
        changes = build_changes(settings, self._database, control)

        async def dial_50(control: Any) -> Any:
            await control.set_percent(50)
            return await control.turn_on()

        uploads = await cast.next(round(self._plan.rate * self._plan.seconds))
        await changes.make(BY, dial_50)
        await until(lambda: asyncio.to_thread(lambda: self._server.flags_seen()["dial"] == 50))
        broken = Break(STEP, self._switch)
        if fault is not None:
            broken.turn_on(fault, percent)
        (since,) = await self.row("now")
        answers = await self.post(uploads)
        stable, theirs = await self.row("stable_ended", since=since)
        await changes.make(BY, lambda control: control.turn_off())
        flipped = time.monotonic()
        await until(lambda: self.none("candidates_running"))
        gone = time.monotonic() - flipped
        await until(lambda: self.none("open_jobs"))
        over = time.monotonic() - flipped
        assert await self.none("candidates_running")
        jobs, rescued, failed, why, _ = await self.row("ended", since=since)
        (doubled,) = await self.row("doubled")
        broken.turn_off()
        await control.close()
        accepted = sum(accepted for accepted, _ in answers)
        return Seen(
            fault, percent, len(answers), len(answers) - accepted, max(seconds for _, seconds in answers), stable,
            theirs, gone, over, rescued, failed, why, accepted - jobs, doubled,
        )  # fmt: skip

    async def post(self, uploads: Sequence[Upload]) -> list[tuple[bool, float]]:
        """One after the other at the plan's rate, whoever is still waiting."""
        async with httpx.AsyncClient(base_url=self._server.url, timeout=TIMEOUT_SECONDS, trust_env=False) as client:

            async def post(upload: Upload) -> tuple[bool, float]:
                began = time.perf_counter()
                return await is_accepted(client, upload), time.perf_counter() - began

            tasks = []
            began = time.monotonic()
            for n, upload in enumerate(uploads):
                await asyncio.sleep(max(0.0, began + n / self._plan.rate - time.monotonic()))
                tasks.append(asyncio.create_task(post(upload)))
            await asyncio.sleep(max(0.0, began + self._plan.seconds - time.monotonic()))
            return await asyncio.gather(*tasks)

    async def none(self, name: str) -> bool:
        return (await self.row(name)) == (0,)

    async def row(self, name: str, **values: Any) -> tuple[Any, ...]:
        async with self._database.pool.connection() as connection:
            row: tuple[Any, ...] = (
                await (await connection.execute(SQL[name], {**asdict(self._roles), **values})).fetchone() or ()
            )
            return row


@asynccontextmanager
async def scene(folder: Path, plan: Plan) -> AsyncIterator[tuple[Case, Cast]]:
    """A server with a worker in it, over a database of its own."""
    roles, switch = find_roles(), folder / "broken"
    environment = {**roles.settings, "DATA_DIR": str(folder / "data"), "ROLLBACK_GRACE_SECONDS": str(plan.grace)}
    command = (PROCESS, "serve", str(switch))
    server = await asyncio.to_thread(lambda: start_server(folder, command=command, environment=environment))
    try:
        exports = [make_export(seed, CONVERSATIONS, HISTORY_ENDS) for seed in range(1, 7)]
        files = write_files(exports, folder / "people")
        settings = server.settings()
        async with existing_database(settings) as database, open_exports(settings) as store:
            yield Case(server, roles, database, plan, switch), Cast(store, exports, files, make_user_ids(1))
    finally:
        await asyncio.to_thread(server.stop)


async def until(truth: Callable[[], Awaitable[bool]]) -> None:
    """Poll. Raises TimeoutError."""
    async with asyncio.timeout(PATIENCE_SECONDS):
        while not await truth():  # noqa: ASYNC110 - it happens in another process
            await asyncio.sleep(0.1)


def line(seen: Seen, none: float) -> str:
    """One row of the table. `none`: the share that the stable version completed in the same run without a fault."""
    share = f"{seen.percent} %" if seen.fault else "-"
    stable = f"{seen.stable} of {seen.theirs}"
    return (
        f"{seen.fault or 'none':<8}{share:>6}{seen.posted:>8}{seen.refused:>9}{seen.slowest:>7.2f} s"
        f"{stable:>10}{seen.share / max(0.01, none):>9.2f}{seen.candidates_gone:>7.1f} s{seen.over:>8.1f} s"
        f"{seen.rescued:>9}{seen.failed:>8}{seen.lost:>6}{seen.doubled:>9}  {seen.why}"
    )


def broken_promises(seen: Seen, none: float, plan: Plan) -> list[str]:
    """What did not hold."""
    checks = [
        (seen.refused == 0, f"{seen.refused} requests were refused"),
        (
            seen.share >= 0.8 * none,
            f"{seen.share:.2f} of the stable version's jobs were complete, {none:.2f} without",
        ),
        (seen.candidates_gone <= plan.grace + 10, f"the candidate ran for {seen.candidates_gone:.1f} s after the flag"),
        (seen.lost == 0, f"{seen.lost} jobs are lost"),
        (seen.doubled == 0, f"{seen.doubled} users were served twice"),
        (seen.fault in (None, "raise", "memory") or seen.failed == 0, f"{seen.failed} jobs failed: {seen.why}"),
    ]
    return [f"{seen.fault} {seen.percent} %: {sentence}" for held, sentence in checks if not held]


async def measure(folder: Path, plan: Plan, faults: Sequence[Fault], shares: Sequence[int]) -> list[str]:
    print(
        f"{plan.rate:g} requests a second for {plan.seconds:g} s, dial 50, grace {plan.grace:g} s\n{COLUMNS}",
        flush=True,
    )
    async with scene(folder, plan) as (case, cast):
        await case.play(cast, None, 0)  # everything is warm
        calm = await case.play(cast, None, 0)
        print(line(calm, calm.share), flush=True)
        wrong = broken_promises(calm, calm.share, plan)
        for percent in shares:
            for fault in faults:
                seen = await case.play(cast, fault, percent)
                print(line(seen, calm.share), flush=True)
                wrong += broken_promises(seen, calm.share, plan)
    return wrong


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rate", type=float, default=2.0, help="requests a second")
    parser.add_argument("--seconds", type=float, default=20.0)
    parser.add_argument("--grace", type=float, default=5.0, help="ROLLBACK_GRACE_SECONDS")
    parser.add_argument("--faults", nargs="+", default=get_args(Fault), choices=get_args(Fault))
    parser.add_argument("--shares", type=int, nargs="+", default=[30, 100])
    options = parser.parse_args()
    folder = Path(tempfile.mkdtemp(prefix="bench-bulkheads-"))
    plan = Plan(options.rate, options.seconds, options.grace)
    try:
        wrong = asyncio.run(measure(folder, plan, options.faults, options.shares))
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    for sentence in wrong:
        print(f"did not hold: {sentence}")
    return 1 if wrong else 0


if __name__ == "__main__":
    raise SystemExit(main())
