"""What a scrape costs (time, size and series of /metrics after a rollout, beside /health), and what counting costs.

python -m bench.scrape
"""

import asyncio
import shutil
import statistics
import tempfile
import time
import timeit
from datetime import UTC, datetime
from pathlib import Path

import httpx
from prometheus_client import CollectorRegistry

from flags.control import open_control
from gateway.cli.rehearsal.invented_users.cast import Cast, make_user_ids, write_files
from gateway.cli.rehearsal.invented_users.chatgpt import make_exports
from gateway.cli.rehearsal.stage.caller import post_all
from gateway.cli.rehearsal.stage.server import Server, start_server
from gateway.exports.folder import FolderExports
from gateway.telemetry.metrics import Metrics

USERS = 60
ROUNDS = 60
COUNTED = 20_000
HISTORY_ENDS = datetime(2026, 1, 1, tzinfo=UTC)


async def serve_a_rollout(server: Server) -> None:
    """Both pipelines, all users compared: every series that there can be has a value."""
    data = server.folder / "data"
    control = open_control(data_dir=data)
    await control.set_percent(50)
    await control.set_shadow(100)
    exports = make_exports(range(1, 5), HISTORY_ENDS)
    cast = Cast(
        FolderExports(data / "exports"), exports, write_files(exports, server.folder / "people"), make_user_ids(1)
    )
    await post_all(server.url, await cast.next(USERS))
    await asyncio.sleep(10)


def counting_microseconds() -> float:
    """What one accept counts, with its children at hand as on the hot path: five metrics, one with an exemplar."""
    metrics = Metrics(CollectorRegistry())
    seconds = metrics.http_seconds.labels("POST", "/process-full", "200")
    decisions, accepted = metrics.decisions.labels("v1", "flag"), metrics.jobs_accepted.labels("v1")

    def count() -> None:
        metrics.http_in_flight.inc()
        decisions.inc()
        accepted.inc(1, {"job_id": "00000000-0000-4000-8000-000000000000"})
        metrics.http_in_flight.dec()
        seconds.observe(0.003)

    return min(timeit.repeat(count, number=COUNTED, repeat=5)) / COUNTED * 1e6


def scrape(client: httpx.Client, path: str, accept: str) -> tuple[float, httpx.Response]:
    """Milliseconds, and the answer."""
    began = time.perf_counter()
    response = client.get(path, headers={"Accept": accept})
    return (time.perf_counter() - began) * 1e3, response


def main() -> None:
    """Start, serve, scrape, print."""
    folder = Path(tempfile.mkdtemp(prefix="gateway-scrape-"))
    server = start_server(folder)
    try:
        asyncio.run(serve_a_rollout(server))
        ways = {
            "/health": ("/health", "*/*"),
            "/metrics": ("/metrics", "text/plain"),
            "/metrics, OpenMetrics": ("/metrics", "application/openmetrics-text"),
        }
        took: dict[str, list[float]] = {way: [] for way in ways}
        with httpx.Client(base_url=server.url, trust_env=False, timeout=10) as client:
            for _ in range(ROUNDS):
                for way, (path, accept) in ways.items():
                    milliseconds, answer = scrape(client, path, accept)
                    took[way].append(milliseconds)
                    if way == "/metrics":
                        lines = [line for line in answer.text.splitlines() if line and not line.startswith("#")]
                        size = len(answer.content)
    finally:
        server.stop()
        shutil.rmtree(folder, ignore_errors=True)
    print(f"{len(lines)} series, {size / 1024:.0f} KiB")
    base = statistics.median(took["/health"])
    for way, times in took.items():
        middle = statistics.median(times)
        print(f"{way:24} {middle:7.2f} ms  {middle / base:5.1f} x /health")
    print(f"counting one accept: {counting_microseconds():.1f} us; `bench.accept` tells what a whole one takes")


if __name__ == "__main__":
    main()
