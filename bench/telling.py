"""What telling workers costs commits, and how soon they take: `python -m bench.telling`.

Real Postgres with its durable defaults, 24 connections with one row a commit; no telling, telling off the commit, and a
NOTIFY in the commit take turns. Then how long an entry waits for a taker that listens and for one behind PgBouncer in
transaction mode, and how the two share what comes. Only ratios of one run count.
"""

import argparse
import asyncio
import os
import random
import shutil
import statistics
import subprocess
import tempfile
import time
import uuid
from collections import Counter
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager
from pathlib import Path
from typing import Any

import psycopg

from bench.figures import Figure, tell
from gateway.cli.rehearsal.stage.ports import free_port
from gateway.config.settings import Settings
from gateway.database.embedded_postgres import EmbeddedPostgres
from gateway.database.migrations import migrate
from gateway.database.pool import Connection, Database, build_pool, open_database
from gateway.database.shared_line.line import Line
from gateway.jobs.accept.opening import open_teller
from gateway.jobs.accept.rows import Row, Terms
from gateway.jobs.accept.store import AcceptStore
from gateway.jobs.queue.job_queue import Entry, QueueOptions
from gateway.jobs.queue.names import PRIMARY, RUN_JOB
from gateway.jobs.queue.procrastinate_queue import ProcrastinateQueue
from gateway.jobs.queue.teller import Teller

CONNECTIONS = 24
SLOTS = 4
RUN_SECONDS = 0.05
FULL = 2 * SLOTS / RUN_SECONDS  # entries a second that both takers together can run
TERMS = Terms("v1", PRIMARY, "flag", 0.0, "r", pinned=False, shadow=None)
IN_COMMIT = """
create or replace function told_in_commit() returns trigger language plpgsql as $$
begin perform pg_notify('procrastinate_queue_v1#primary', '{"type": "job_inserted", "job_id": 0}'); return null; end $$;
create trigger told_in_commit after insert on procrastinate_jobs for each statement execute function told_in_commit();
"""
BOUNCER = """
[databases]
* = host={socket_folder} port=5432 user=postgres
[pgbouncer]
listen_addr = 127.0.0.1
listen_port = {port}
unix_socket_dir =
auth_type = any
pool_mode = transaction
default_pool_size = 8
server_tls_sslmode = disable
"""


@asynccontextmanager
async def database(folder: Path) -> AsyncIterator[Database]:
    """A fresh one, durable."""
    opened = await open_database(Settings(data_dir=folder, database_pool_size=8))
    try:
        await migrate(opened)
        yield opened
    finally:
        await opened.close()


def new_row() -> Row:
    """A job of a user of its own."""
    name = uuid.uuid4().hex
    return Row(
        str(uuid.uuid4()), f"u-{name}", f"user-imports/{name}.json", 1, 2, name, inline=False, dials=None, terms=TERMS
    )


async def commit_rate(opened: Database, seconds: float, tell: Callable[[list[str]], None]) -> float:
    """Commits a second on all connections."""

    async def connect() -> Connection:
        return await psycopg.AsyncConnection.connect(opened.url, autocommit=True, prepare_threshold=2)

    async def work(store: AcceptStore) -> int:
        done = 0
        while time.monotonic() < end:
            await store.write([new_row()])
            tell([PRIMARY])
            done += 1
        return done

    stores = [AcceptStore(connect, opened.pool, queue_limit=None) for _ in range(CONNECTIONS)]
    end = time.monotonic() + 0.5
    await asyncio.gather(*(work(store) for store in stores))
    end = time.monotonic() + seconds
    done = sum(await asyncio.gather(*(work(store) for store in stores)))
    for store in stores:
        await store.close()
    return done / seconds


async def commits(opened: Database, rounds: int, seconds: float) -> dict[str, float]:
    """Medians of interleaved rounds, by how workers are told; one listens all the while."""
    rates: dict[str, list[float]] = {"no telling": [], "off the commit": [], "in the commit": []}
    async with open_teller(opened) as teller, await psycopg.AsyncConnection.connect(opened.url, autocommit=True) as one:
        await one.execute('listen "procrastinate_queue_v1#primary"')
        for _ in range(rounds):
            rates["no telling"].append(await commit_rate(opened, seconds, lambda _queues: None))
            rates["off the commit"].append(await commit_rate(opened, seconds, teller.tell))
            await one.execute(IN_COMMIT)
            rates["in the commit"].append(await commit_rate(opened, seconds, lambda _queues: None))
            await one.execute("drop trigger told_in_commit on procrastinate_jobs")
            await one.execute("truncate processing_jobs, procrastinate_jobs cascade")
    return {name: statistics.median(found) for name, found in rates.items()}


@contextmanager
def pooler(server: EmbeddedPostgres, folder: Path) -> Any:
    """PgBouncer in transaction mode before the server: its URL; None where it is not installed."""
    program = shutil.which("pgbouncer", path=f"{os.environ['PATH']}:/usr/sbin")
    if program is None:
        yield None
        return
    port = free_port()
    configuration = folder / "pgbouncer.ini"
    configuration.write_text(BOUNCER.format(socket_folder=server.socket_folder, port=port))
    folder.chmod(0o755)
    owner = server.pgdata.stat()
    as_owner: dict[str, Any] = (
        {"user": owner.st_uid, "group": owner.st_gid, "extra_groups": ()} if os.geteuid() == 0 else {}
    )
    process = subprocess.Popen([program, "-q", str(configuration)], **as_owner)
    try:
        time.sleep(0.5)
        yield f"postgresql://postgres@127.0.0.1:{port}/postgres"
    finally:
        process.kill()
        process.wait()


class Takers:
    """Takers of one queue, each over a pool of its own, that note who ran what, and when."""

    def __init__(self, teller: Teller, opened: Database) -> None:
        self._teller = teller
        self._own = ProcrastinateQueue(opened.pool, teller)
        self._pool = opened.pool
        self._stopping = asyncio.Event()
        self.taken: dict[str, tuple[str, float]] = {}
        self.put_at: dict[str, float] = {}

    @asynccontextmanager
    async def taking(self, urls: dict[str, tuple[str, bool]]) -> AsyncIterator[None]:
        """`urls`: name to address, and whether that one can listen."""
        async with AsyncExitStack() as stack:
            tasks = []
            for name, (url, listens) in urls.items():
                settings = Settings(database_transaction_pooler=not listens)
                pool = build_pool(url, settings, size=SLOTS)
                await pool.open(wait=True)
                stack.push_async_callback(pool.close)
                line = Line(url, listens=listens)
                line.start()
                stack.push_async_callback(line.stop)
                queue = ProcrastinateQueue(pool, None, line)
                options = QueueOptions(PRIMARY, RUN_JOB, name, SLOTS)
                tasks.append(asyncio.create_task(queue.take(options, self._run_of(name), self._stopping)))
            await asyncio.sleep(2)  # until they look as seldom as they do when nothing comes
            yield
            await self.all_taken()
            self._stopping.set()
            await asyncio.gather(*tasks)

    def _run_of(self, name: str) -> Any:
        async def run(entry: Entry) -> None:
            self.taken[entry.args["job_id"]] = (name, time.monotonic())
            await asyncio.sleep(RUN_SECONDS)

        return run

    async def put(self, count: int = 1) -> None:
        """Entries, committed and told together."""
        keys = [uuid.uuid4().hex for _ in range(count)]
        async with self._pool.connection() as connection, connection.transaction():
            await self._own.enqueue(connection, [Entry(PRIMARY, RUN_JOB, {"job_id": key}, lock=key) for key in keys])
        self.put_at |= dict.fromkeys(keys, time.monotonic())
        self._teller.tell([PRIMARY])

    async def all_taken(self) -> None:
        """Return when all that was put has been taken."""
        while len(self.taken) < len(self.put_at):  # noqa: ASYNC110 - others' work
            await asyncio.sleep(0.05)

    def waited(self) -> list[float]:
        """Milliseconds from each commit to its run."""
        return [(at - self.put_at[key]) * 1000 for key, (_, at) in self.taken.items()]

    def shares(self) -> dict[str, float]:
        """Of half of all, for each of two."""
        counts = Counter(name for name, _ in self.taken.values())
        return {name: 2 * count / len(self.taken) for name, count in sorted(counts.items())}


async def latency(opened: Database, url: str, *, listens: bool, times: int) -> tuple[float, float]:
    """Median and largest wait in milliseconds of entries that come one by one, to a taker that idles."""
    async with open_teller(opened) as teller:
        takers = Takers(teller, opened)
        async with takers.taking({"one": (url, listens)}):
            for _ in range(times):
                await asyncio.sleep(random.uniform(0.4, 1.2))
                await takers.put()
        waited = takers.waited()
        return statistics.median(waited), max(waited)


async def fairness(opened: Database, url: str, rate: float | None, seconds: float) -> dict[str, float]:
    """What a taker that listens and one behind the pooler get of so many entries a second; None: all come at once."""
    async with open_teller(opened) as teller:
        takers = Takers(teller, opened)
        async with takers.taking({"direct": (opened.url, True), "pooled": (url, False)}):
            if rate is None:
                await takers.put(round(seconds * FULL / 2))
            end = time.monotonic() + seconds
            while rate is not None and time.monotonic() < end:
                await takers.put()
                await asyncio.sleep(random.expovariate(rate))
        return takers.shares()


async def measure(rounds: int, seconds: float, times: int) -> None:
    """Measure and print."""
    with tempfile.TemporaryDirectory(prefix="bench-telling-") as folder:
        async with database(Path(folder)) as opened:
            rates = await commits(opened, rounds, seconds)
            print(f"{CONNECTIONS} connections, one row a commit ")
            for name, rate in rates.items():
                print(f"  {name:<16}{rate:8.0f} commits/s  {rate / rates['no telling']:.2f} of no telling")
            told_off = rates["off the commit"] / rates["no telling"]
            median, _ = await latency(opened, opened.url, listens=True, times=times)
            tell(
                [
                    Figure("telling: commits, of those without any telling", told_off, 0.9, "at least"),
                    Figure("telling: a job's wait for a worker that listens, median ms", median, 100),
                ]
            )
            assert opened.server is not None
            with (
                tempfile.TemporaryDirectory(prefix="bench-bouncer-") as other,
                pooler(opened.server, Path(other)) as url,
            ):
                if url is None:
                    print("pgbouncer is not installed: nothing measured behind it")
                    return
                median, _ = await latency(opened, url, listens=False, times=times)
                tell([Figure("telling: a job's wait for a worker behind the pooler, median ms", median, 300)])
                asked: dict[str, float | None] = {"all": None, "a half": FULL / 2, "a tenth": FULL / 10}
                for part, a_second in asked.items():
                    shares = await fairness(opened, url, a_second, seconds * 2)
                    about = f"telling: the lesser of two workers' shares of half, at {part} of what both can do"
                    tell([Figure(about, min(shares.values()), 0.8, "at least")])


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--seconds", type=float, default=3)
    parser.add_argument("--times", type=int, default=20)
    asked = parser.parse_args()
    asyncio.run(measure(asked.rounds, asked.seconds, asked.times))


if __name__ == "__main__":
    main()
