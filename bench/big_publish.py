"""What one huge export leaves in the database, on each pipeline: rows of chunks, the table's size, seconds to publish.

    python -m bench.big_publish --megabytes 300

Real processes and the embedded Postgres with its durable defaults. Reading ends with the last progress that a run
writes before its finishing transaction; publishing is from then until clients see the job complete.
"""

import argparse
import asyncio
import shutil
import tempfile
import time
from pathlib import Path

from bench.big_job import write_big
from bench.chaos.load import Order, send
from bench.jobs import ask, scene

STATE = """
select status, current_step, error_message, extract(epoch from clock_timestamp() - updated_at)::float8,
       extract(epoch from coalesce(completed_at, now()) - started_at)::float8
from processing_jobs
"""
LEFT = """
select (select count(*) from conversation_chunks), pg_total_relation_size('conversation_chunks') / 1e6,
       (select pg_database_size(current_database()) / 1e6)
"""
WARNINGS = "select soulprint -> 'warnings' from gateway.results"


async def run(folder: Path, megabytes: int, pipeline: str) -> None:
    async with scene(folder / "scene") as stage:
        path = stage.exports / "user-imports" / "big" / "raw-1.json"
        await asyncio.to_thread(write_big, path, megabytes)
        stage.start_worker()
        await send([Order("big", "user-imports/big/raw-1.json", v2=pipeline == "v2")], stage.url, seconds=0.0)
        read_at = time.monotonic()  # when the last progress was written
        while True:
            status, _, error, age, seconds = await ask(stage.postgres.url, STATE)
            if status in ("complete", "failed"):
                break
            read_at = time.monotonic() - age
            await asyncio.sleep(0.02)
        published = time.monotonic() - read_at
        rows, table, database = await ask(stage.postgres.url, LEFT)
        print(
            f"{pipeline}, {path.stat().st_size / 1e6:.0f} MB: {status} {error or ''} read in {seconds:.1f} s, "
            f"published in {published:.2f} s; {rows:,} chunks, table {table:.1f} MB, database {database:.0f} MB"
        )
        print("  warnings:", *(await ask(stage.postgres.url, WARNINGS)))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--megabytes", type=int, default=300)
    parser.add_argument("--pipelines", nargs="+", default=["v1", "v2"])
    options = parser.parse_args()
    for pipeline in options.pipelines:
        folder = Path(tempfile.mkdtemp(prefix="soulprint-publish-"))
        try:
            asyncio.run(run(folder, options.megabytes, pipeline))
        finally:
            shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    main()
