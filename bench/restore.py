"""A data rollback: users and chunks a second, against an embedded Postgres with its durable defaults.

`python -m bench.restore [USERS] [CHUNKS]`: each user's chunks (some 60 words each) are swapped for the kept ones, too.
"""

import asyncio
import sys
import tempfile
import time
from pathlib import Path

from gateway.config.settings import Settings
from gateway.database.migrations import migrate
from gateway.database.pool import open_database
from gateway.restore.run import restore
from gateway.restore.store import RestoreStore
from gateway.rollout.history import By
from tests.gateway.restore.crowd import publish_crowd

WORDS = 60


async def measure(folder: Path, users: int, chunks: int) -> float:
    """Seconds for all of them."""
    database = await open_database(Settings(data_dir=folder, database_url=None))
    try:
        await migrate(database)
        for pipeline in ("v1", "v2"):
            await publish_crowd(database.pool, pipeline, users, chunks=chunks, words=WORDS)
        started = time.perf_counter()
        report = await restore(RestoreStore(database.pool), "v1", By("bench", "cli"))
        seconds = time.perf_counter() - started
        assert report.run.restored == users
        return seconds
    finally:
        await database.close()


def main() -> None:
    users, chunks = (int(value) for value in (sys.argv[1:] + ["10000", "20"][len(sys.argv) - 1 :]))
    with tempfile.TemporaryDirectory(prefix="bench-restore-") as folder:
        seconds = asyncio.run(measure(Path(folder), users, chunks))
    print(
        f"{users} users with {chunks} chunks each restored in {seconds:.1f} s: {users / seconds:.0f} users a second, "
        f"{2 * users * chunks / seconds:.0f} chunks moved a second"
    )


if __name__ == "__main__":
    main()
