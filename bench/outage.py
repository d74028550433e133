"""What a flag server that falls ill costs the accept route: every illness beside health, in turns, in one run.

python -m bench.outage [--rounds 3] [--seconds 3]
"""

import argparse
import asyncio
import os
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx

from bench.load import Round, load
from flags.change.edit import with_percent
from flags.document.defaults import default_document
from flags.model import V2_FLAG
from gateway.cli.rehearsal.stage.ports import free_port
from gateway.database.embedded_postgres import EmbeddedPostgres
from tests.flags.unleash.bad_server import BadServer, Mood, running

MOODS: tuple[Mood, ...] = ("well", "hangs", "garbage", "unauthorized", "error", "cut")
CONNECTIONS = 8
USERS = 200
SETTLE_SECONDS = 3.0  # longer than a poll and its time limit


@contextmanager
def flag_server() -> Iterator[BadServer]:
    """A server with a dial of 50 %, on a loop of its own; its `mood` is set from here."""
    server = BadServer(default_document())
    feature = server.document["features"][0]
    feature["strategies"] = list(with_percent(feature["strategies"], V2_FLAG, 50))
    loop, started, ended = asyncio.new_event_loop(), threading.Event(), asyncio.Event()
    loop.set_exception_handler(lambda _loop, _context: None)  # at the end, connections that hang are cut

    async def serve() -> None:
        async with running(server):
            started.set()
            await ended.wait()

    thread = threading.Thread(target=lambda: loop.run_until_complete(serve()))
    thread.start()
    started.wait()
    try:
        yield server
    finally:
        loop.call_soon_threadsafe(ended.set)
        thread.join()


@contextmanager
def gateway_over(server: BadServer, folder: Path) -> Iterator[int]:
    """A serving process without a worker; its port."""
    postgres = EmbeddedPostgres(folder / "pg")
    postgres.start()
    port = free_port()
    environment = {
        "DATABASE_URL": postgres.url,
        "DATA_DIR": str(folder / "data"),
        "UNLEASH_URL": server.url,
        "UNLEASH_API_TOKEN": "client",
        "LOG_LEVEL": "error",
        "PORT": str(port),
    }
    command = [sys.executable, "-m", "gateway", "serve", "--no-worker"]
    process = subprocess.Popen(command, cwd=folder, env={**os.environ, **environment})
    try:
        wait_until_ready(port)
        yield port
    finally:
        process.kill()
        process.wait()
        postgres.close()


def wait_until_ready(port: int) -> None:
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        try:
            if httpx.get(f"http://127.0.0.1:{port}/ready", timeout=5, trust_env=False).status_code == 200:
                return
        except httpx.HTTPError:
            pass
        time.sleep(0.05)
    raise TimeoutError("the gateway did not get ready")


def decisions(port: int, turn: str) -> list[str]:
    """Which pipeline the same users get."""
    with httpx.Client(base_url=f"http://127.0.0.1:{port}", timeout=30, trust_env=False) as client:
        bodies = ({"user_id": f"u{n}", "storage_path": f"user-imports/u{n}/{turn}.json"} for n in range(USERS))
        return [client.post("/process-full", json=body).json()["version"] for body in bodies]


def measure(rounds: int, seconds: float) -> bool:
    """Print a line for each mood; whether nothing failed and no decision changed."""
    taken: defaultdict[Mood, list[Round]] = defaultdict(list)
    decided: dict[Mood, list[str]] = {}
    with (
        tempfile.TemporaryDirectory(prefix="bench-outage-", ignore_cleanup_errors=True) as name,
        flag_server() as server,
        gateway_over(server, Path(name)) as port,
    ):
        load(port, CONNECTIONS, seconds)  # warm
        for turn in range(rounds):
            for mood in MOODS:
                server.mood = mood
                time.sleep(SETTLE_SECONDS)
                taken[mood].append(load(port, CONNECTIONS, seconds))
                decided[mood] = decisions(port, f"{turn}-{mood}")
    healthy = statistics.median(one.p99 for one in taken["well"])
    pace = statistics.median(one.rate for one in taken["well"])
    for mood, rows in taken.items():
        p99, rate = (statistics.median(getattr(one, field) for one in rows) for field in ("p99", "rate"))
        same = decided[mood] == decided["well"]
        print(
            f"{mood:<13} p99 {p99:6.1f} ms ({p99 / healthy:.2f} of healthy), {rate:5.0f} requests/s "
            f"({rate / pace:.2f}), errors {sum(one.errors for one in rows)}, decisions {'same' if same else 'CHANGED'}"
        )
    return all(decided[mood] == decided["well"] and not sum(one.errors for one in rows) for mood, rows in taken.items())


def main() -> int:
    """Measure, and fail if anything failed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--seconds", type=float, default=3.0)
    options = parser.parse_args()
    return 0 if measure(options.rounds, options.seconds) else 1


if __name__ == "__main__":
    raise SystemExit(main())
