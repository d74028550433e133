"""One huge export, end to end: the worker's peak memory over its start, seconds, and MB/s, if need be under a limit.

    python -m bench.big_job --megabytes 1000 --limit 512

`--limit` caps the data segments (RLIMIT_DATA, MB) of the worker and of each of its processes; what is sampled is the
resident memory of the worker and of its processes together. The worker has run a small job of the version before:
what a version starts once is not what its jobs take.
"""

import argparse
import asyncio
import resource
import shutil
import tempfile
import time
from pathlib import Path

import psutil

from bench.chaos.judge import all_ended
from bench.chaos.load import UNTIL, Order, send
from bench.figures import Figure, tell
from bench.jobs import ask, scene
from gateway.cli.rehearsal.invented_users.chatgpt import make_export

CONVERSATIONS = 2000  # generated at a time
STATUS = (
    "select status, error_message, extract(epoch from completed_at - started_at)::float8 "
    "from processing_jobs where user_id = 'big'"
)
STEPS = "select count(*), sum(seconds), max(pg_column_size(payload)) from gateway.job_steps"
MB = 1024 * 1024


def write_big(path: Path, megabytes: int) -> None:
    """An array of about that size, of different conversations."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("wb") as file:
        seed = 1
        file.write(b"[")
        while file.tell() < megabytes * MB:
            file.write(b"," if seed > 1 else b"")
            file.write(make_export(seed, CONVERSATIONS, UNTIL).body.strip()[1:-1])
            seed += 1
        file.write(b"]")


def resident(process: psutil.Process) -> tuple[float, float]:
    """Resident memory in MB: of the process and all its children, and the largest single one of them."""
    sizes = []
    for one in (process, *process.children(recursive=True)):
        try:
            sizes.append(one.memory_info().rss / MB)
        except psutil.Error:
            continue
    return sum(sizes), max(sizes, default=0.0)


async def run(folder: Path, megabytes: int, limit: int | None, pipeline: str) -> float:
    """Seconds from the worker's start on it to its end."""
    async with scene(folder / "scene") as stage:
        path = stage.exports / "user-imports" / "big" / "raw-1.json"
        await asyncio.to_thread(write_big, path, megabytes)
        small = stage.exports / "user-imports" / "small" / "raw-1.json"
        small.parent.mkdir(parents=True)
        small.write_bytes(make_export(0, 10, UNTIL).body)
        if limit is not None:
            resource.setrlimit(resource.RLIMIT_DATA, (limit * MB, resource.RLIM_INFINITY))
        stage.start_worker()
        resource.setrlimit(resource.RLIMIT_DATA, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
        worker = psutil.Process(stage.workers[0].pid)
        await send([Order("small", "user-imports/small/raw-1.json", v2=pipeline == "v2")], stage.url, seconds=0.0)
        await all_ended(stage.postgres.url, 300)
        await asyncio.sleep(4)
        start, _ = resident(worker)
        peak = largest = 0.0
        began = time.monotonic()
        await send([Order("big", "user-imports/big/raw-1.json", v2=pipeline == "v2")], stage.url, seconds=0.0)
        ended = asyncio.create_task(all_ended(stage.postgres.url, 3000))
        while not ended.done():
            together, single = resident(worker)
            peak, largest = max(peak, together), max(largest, single)
            await asyncio.sleep(0.1)
        await ended
        status, error, seconds = await ask(stage.postgres.url, STATUS)
        size = path.stat().st_size / 1e6
        seconds = seconds or time.monotonic() - began
        print(
            f"{pipeline}, {size:.0f} MB, limit {limit or 'none'}: {status} {error or ''} in {seconds:.2f} s, "
            f"{size / seconds:.1f} MB/s; worker at start {start:.0f} MB, peak {peak:.0f} MB (one process {largest:.0f})"
        )
        print("steps (count, seconds, largest payload):", await ask(stage.postgres.url, STEPS))
        return seconds


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--megabytes", type=int, default=200)
    parser.add_argument("--limit", type=int, help="MB of data segments for the worker and each of its processes")
    parser.add_argument("--pipelines", nargs="+", default=["v1", "v2"])
    options = parser.parse_args()
    took: dict[str, float] = {}
    for pipeline in options.pipelines:
        folder = Path(tempfile.mkdtemp(prefix="soulprint-big-"))
        try:
            took[pipeline] = asyncio.run(run(folder, options.megabytes, options.limit, pipeline))
        finally:
            shutil.rmtree(folder, ignore_errors=True)
    if took.keys() >= {"v1", "v2"}:
        tell([Figure("big_job: v2's seconds of v1's, whole jobs", took["v2"] / took["v1"], 1.2)])


if __name__ == "__main__":
    main()
