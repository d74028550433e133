"""How long one process takes to see a change of the flags: told to look, and by polling alone; file and real Unleash.

python -m bench.refresh
"""

import asyncio
import statistics
import tempfile
import time
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psycopg

from flags.control import FlagControl, open_control
from flags.source import FlagSource, open_source
from gateway.cli.rehearsal.stage.ports import free_port
from gateway.database.embedded_postgres import EmbeddedPostgres
from tests.unleash_server import ADMIN_TOKEN, CLIENT_TOKEN, UnleashServer

CHANGES = 12
QUIET_SECONDS = 4.0  # after a refresh the source reads past the server's cache for three


@dataclass(frozen=True, slots=True)
class Home:
    """Where the flags are kept."""

    name: str
    source: FlagSource
    control: FlagControl


@contextmanager
def running_unleash(folder: Path) -> Iterator[UnleashServer]:
    """A real server on a database of its own."""
    postgres = EmbeddedPostgres(folder / "pg")
    postgres.start()
    with psycopg.connect(postgres.url, autocommit=True) as connection:
        connection.execute("create database unleash")
    server = UnleashServer(free_port(), str(postgres.socket_folder), "unleash", folder / "unleash.log")
    try:
        server.start()
        yield server
    finally:
        server.kill()
        postgres.stop_server("immediate")
        postgres.close()


async def measure(home: Home) -> None:
    """Print seconds from the end of a change to the moment when decisions follow it."""
    await home.control.init()
    await home.source.start()
    told = [await seen(home, percent, home.source.refresh) for percent in range(1, CHANGES + 1)]
    await asyncio.sleep(QUIET_SECONDS)
    polled = [await seen(home, percent, lambda: asyncio.sleep(0.005)) for percent in range(50, 50 + CHANGES)]
    await home.source.stop()
    await home.control.close()
    for way, times in (("told to look", told), ("by polling", polled)):
        print(f"{home.name:<8} {way:<13} median {statistics.median(times):.3f} s, at most {max(times):.3f} s")


async def seen(home: Home, percent: float, wait: Callable[[], Awaitable[object]]) -> float:
    """Change the percentage; seconds until it is in force here."""
    await home.control.set_percent(percent)
    changed = time.perf_counter()
    while home.source.state().dial != percent:
        await wait()
    taken = time.perf_counter() - changed
    await asyncio.sleep(0.37)  # so that changes do not fall into step with the poll
    return taken


def main() -> None:
    """Measure both homes of the flags."""
    with tempfile.TemporaryDirectory(prefix="bench-refresh-", ignore_cleanup_errors=True) as name:
        folder = Path(name)
        asyncio.run(measure(Home("file", open_source(data_dir=folder), open_control(data_dir=folder))))
        with running_unleash(folder) as server:
            source = open_source(data_dir=folder, unleash_url=server.url, unleash_token=CLIENT_TOKEN)
            control = open_control(data_dir=folder, unleash_url=server.url, admin_token=ADMIN_TOKEN)
            asyncio.run(measure(Home("Unleash", source, control)))


if __name__ == "__main__":
    main()
