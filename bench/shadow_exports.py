"""v1 against v2 on real exports, through the real machinery: every export as a job of v1 and of v2, each compared.

`python -m bench.shadow_exports [--folder DIR] [--show 3]` prints what `gateway shadow report` says, then pairs.
"""

import argparse
import asyncio
import tempfile
import time
import uuid
from pathlib import Path

from flags.model import Decision, Shadow
from gateway.cli.text.shadow import print_pair, print_report
from gateway.config.settings import Settings
from gateway.jobs.accept.rows import NewJob, request_key
from gateway.rollout.history import By
from gateway.services import Services, build_shadows, open_services
from gateway.shadow.report.queries import list_pairs, read_pair, read_report
from gateway.telemetry.log import configure_logging
from gateway.worker.worker import Worker

BY = By("bench", "cli")
SHARED = Path(__file__).resolve().parents[1].parent / "shared" / "data"
PLANS: tuple[tuple[str, Shadow], ...] = (("v1", "other"), ("v2", "other"), ("v1", "same"), ("v2", "same"))


def find_exports(folder: Path) -> list[Path]:
    """All exports under the folder."""
    names = ("derived/memorybank_exports/*/conversations.json", "derived/*.zip", "chatgpt/*/*.json", "chatgpt/*/*.zip")
    return sorted(path for name in names for path in folder.glob(name)) or sorted(folder.rglob("*.json"))


async def compare_all(services: Services, exports: list[Path]) -> None:
    """Accept, run and compare everything."""
    worker = Worker(services, open_shadows=build_shadows)
    running = asyncio.create_task(worker.run())
    for path in exports:
        for pipeline, shadow in PLANS:
            await accept(services, path, pipeline, shadow)
    deadline = time.monotonic() + 900
    while await open_ones(services) and time.monotonic() < deadline:  # noqa: ASYNC110 - other processes work
        await asyncio.sleep(0.5)
    worker.stop()
    await running


async def accept(services: Services, path: Path, pipeline: str, shadow: Shadow) -> None:
    """One job of a user of its own."""
    user = f"{path.parent.name}-{path.stem}-{pipeline}-{shadow}"
    stored = f"user-imports/{user}/raw-1{path.suffix}"
    await services.exports.put(stored, path)
    await services.accepter.accept(
        NewJob(
            job_id=str(uuid.uuid4()),
            user_id=user,
            storage_path=stored,
            conversation_count=None,
            message_count=None,
            decision=Decision(pipeline, "flag", 50.0, "bench", shadow),
            pinned=False,
            request_key=request_key(stored),
        )
    )


async def open_ones(services: Services) -> int:
    """Jobs and comparisons that are not over."""
    async with services.database.pool.connection() as connection:
        cursor = await connection.execute(
            "select (select count(*) from processing_jobs where status in ('pending', 'processing'))"
            " + (select count(*) from gateway.shadow_runs where status <> 'done')"
        )
        (count,) = await cursor.fetchone() or (0,)
    return int(count)


async def run(folder: Path, show: int) -> None:
    with tempfile.TemporaryDirectory(prefix="bench-shadow-exports-", ignore_cleanup_errors=True) as data:
        settings = Settings(data_dir=Path(data), shadow_wait_seconds=600, shadow_concurrency=2, log_level="error")
        configure_logging(settings)
        async with open_services(settings, "worker") as services:
            await services.steering.changes.make(BY, lambda control: control.set_shadow(100))
            await services.steering.changes.make(BY, lambda control: control.set_percent(100))  # v2 jobs stay v2
            await services.flags.refresh()
            await compare_all(services, find_exports(folder))
            pool = services.database.pool
            print_report(await read_report(pool))
            shown = [pair for pair in await list_pairs(pool, limit=500) if pair.mode == "shadow"]
            for listed in sorted(shown, key=lambda pair: pair.score)[:show]:
                pair = await read_pair(pool, listed.job_id)
                if pair is not None:
                    print_pair(pair)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--folder", type=Path, default=SHARED)
    parser.add_argument("--show", type=int, default=0)
    options = parser.parse_args()
    asyncio.run(run(options.folder, options.show))


if __name__ == "__main__":
    main()
