"""The accept path against a bare FastAPI route with the same model: requests per second, p99, and what each part costs.

`python -m bench.accept` prints a table (`--json` for machines). Every variant is one server process on the first core,
loaded from the last; rounds of all variants are interleaved, and only ratios within one run count.
"""

import argparse
import asyncio
import contextlib
import json
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import AsyncExitStack, ExitStack, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, cast

import psutil
import uvloop
from fastapi import FastAPI
from pydantic import BaseModel

from bench.figures import Figure, tell
from bench.load import NEVER_AGAIN, Round, load, pin
from bench.postgres_time import server_of, used
from flags.model import Decision, FlagState
from flags.source import FlagSource
from gateway.cli.rehearsal.stage.ports import free_port
from gateway.config.settings import Settings
from gateway.jobs.accept.accepter import Accepter
from gateway.jobs.accept.rows import NewJob
from gateway.jobs.accept.waiting import Accepted
from gateway.server.uvicorn_server import Server, bind, settle_memory
from gateway.services import Services, open_services
from gateway.telemetry.log import configure_logging
from gateway.web.app import create_app
from gateway.web.routes.imports.fast_path import FastPath

CONNECTIONS = 32
NO_POSTGRES = frozenset({"bare", "no-commit"})
VARIANTS = {
    "bare": "a bare FastAPI route with the same model, which does nothing",
    "whole": "the gateway: validate, decide, commit, count, log, answer",
    "no-commit": "the gateway without the database",
    "no-decision": "the gateway without evaluating flags",
    "no-middleware": "the gateway without request ids, body limit and HTTP metrics",
    "no-log": "the gateway without its log line",
}


@dataclass(frozen=True, slots=True)
class Sample:
    """One round, and the processor time of each request in microseconds: the server's own, and Postgres'."""

    round: Round
    cpu_us: float
    postgres_us: float


@dataclass(frozen=True, slots=True)
class Running:
    """A server under test."""

    port: int
    process: psutil.Process
    postgres: psutil.Process | None

    def load(self, seconds: float, users: int = NEVER_AGAIN) -> Sample:
        """One round of load on it; requests repeat after so many users."""
        before = self._used()
        result = load(self.port, CONNECTIONS, seconds, users)
        own, postgres = (
            (now - then) / max(1, result.rate * seconds) * 1e6 for now, then in zip(self._used(), before, strict=True)
        )
        return Sample(result, own, postgres)

    def _used(self) -> tuple[float, float]:
        own = sum(self.process.cpu_times()[:2])
        return own, 0.0 if self.postgres is None else used(self.postgres)


class BareBody(BaseModel):
    """The fields of the gateway's own model."""

    user_id: str
    storage_path: str | None = None
    conversation_count: int | None = None
    message_count: int | None = None
    conversations: list[dict[str, Any]] | None = None


def bare_app() -> FastAPI:
    """The route as one writes it by habit."""
    app = FastAPI()

    @app.post("/process-full")
    async def process_full(body: BareBody) -> dict[str, Any]:
        return {
            "status": "processing",
            "message": "Processing started",
            "user_id": body.user_id,
            "conversation_count": body.conversation_count,
            "job_id": "709e8b37-b702-47c2-aa53-0f6b581b14a9",
            "version": "v1",
        }

    return app


class AcceptsAtOnce:
    """An accepter without a database."""

    async def accept(self, new: NewJob) -> Accepted:
        """Pretend that it is committed."""
        return Accepted(new.job_id, new.decision.pipeline, joined=False)


class FixedFlags:
    """Flags that need no thought."""

    decision = Decision("v1", "flag", 0.0, "none")

    def decide(self, _user_id: str) -> Decision:
        """The same for everybody."""
        return self.decision

    def state(self) -> FlagState:
        """Known and healthy."""
        return FlagState("fixed", known=True, healthy=True, revision="", dial=0.0, age_seconds=0.0)


def build_variant(variant: str, services: Services) -> FastAPI:
    """The gateway, without one of its parts."""
    if variant == "no-commit":
        services = replace(services, accepter=cast("Accepter", AcceptsAtOnce()))
    if variant == "no-decision":
        services = replace(services, flags=cast("FlagSource", FixedFlags()))
    app = create_app(services)
    if variant == "no-middleware":
        app.user_middleware = [one for one in app.user_middleware if cast("object", one.cls) is FastPath]
    return app


async def serve_variant(variant: str, port: int, data_dir: Path) -> None:
    """Serve one variant until terminated."""
    settings = Settings(data_dir=data_dir, log_level="warning" if variant == "no-log" else "info")
    configure_logging(settings)
    async with AsyncExitStack() as stack:
        app = bare_app()
        if variant != "bare":
            app = build_variant(variant, await stack.enter_async_context(open_services(settings, "cli")))
        server = Server(app, settle_memory)
        loop = asyncio.get_running_loop()
        loop.add_signal_handler(15, server.stop)
        await server.serve(sockets=[bind("127.0.0.1", port)])


@contextmanager
def running(variant: str, data_dir: Path, *, core: int | None = 0) -> Iterator[Running]:
    """A server process, on the first core unless told otherwise."""
    port = free_port()
    command = [sys.executable, "-m", "bench.accept", "--serve", variant, "--port", str(port), "--data", str(data_dir)]
    with (data_dir / f"{variant}-{port}.log").open("wb") as output:
        process = subprocess.Popen(command, stdout=output, stderr=output)
        try:
            wait_for(port, process)
            if core is not None:
                pin(process.pid, core)
            yield Running(port, psutil.Process(process.pid), None if variant in NO_POSTGRES else server_of(data_dir))
        finally:
            process.terminate()
            process.wait(30)


def wait_for(port: int, process: subprocess.Popen[bytes]) -> None:
    """Return once the port answers. Raises RuntimeError when the process ends, or 60 s pass, before it does."""
    deadline = time.monotonic() + 60
    while process.poll() is None and time.monotonic() < deadline:
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
            return
        time.sleep(0.05)
    raise RuntimeError(f"the server on port {port} did not start")


def measure(variants: list[str], rounds: int, seconds: float, folder: Path) -> dict[str, list[Sample]]:
    """Interleaved rounds; the first of each variant only warms up."""
    results: dict[str, list[Sample]] = {variant: [] for variant in variants}
    with ExitStack() as stack:
        servers = {variant: stack.enter_context(running(variant, folder)) for variant in variants}
        for number in range(rounds + 1):
            for variant in variants:
                sample = servers[variant].load(seconds if number else 1)
                if number:
                    results[variant].append(sample)
    return results


def summarise(results: dict[str, list[Sample]]) -> dict[str, dict[str, float]]:
    """Medians by variant, and the ratio of each to the bare route."""
    bare = statistics.median(one.round.rate for one in results["bare"])
    return {
        variant: {
            "per_second": round(statistics.median(one.round.rate for one in samples)),
            "ratio": round(statistics.median(one.round.rate for one in samples) / bare, 3),
            "p99_ms": round(statistics.median(one.round.p99 for one in samples), 2),
            "cpu_us": round(statistics.median(one.cpu_us for one in samples), 1),
            "postgres_us": round(statistics.median(one.postgres_us for one in samples), 1),
            "errors": sum(one.round.errors for one in samples),
        }
        for variant, samples in results.items()
    }


def show(summary: dict[str, dict[str, float]]) -> None:
    """A table for people."""
    print(f"accept path, {CONNECTIONS} connections, medians of interleaved rounds")
    print(f"{'variant':<15}{'req/s':>8}{'of bare':>9}{'p99 ms':>9}{'CPU us':>8}{'Postgres us':>13}{'errors':>8}")
    for variant, row in summary.items():
        numbers = f"{row['per_second']:>8}{row['ratio']:>9}{row['p99_ms']:>9}{row['cpu_us']:>8}{row['postgres_us']:>13}"
        print(f"{variant:<15}{numbers}{row['errors']:>8}")
    for variant in summary:
        print(f"  {variant}: {VARIANTS[variant]}")


def figures(summary: dict[str, dict[str, float]]) -> list[Figure]:
    """The whole accept against the bare route."""
    bare, whole = summary["bare"], summary["whole"]
    return [
        Figure("accept: requests a second, of a bare route's", whole["ratio"], 1.0, "at least"),
        Figure("accept: the server's processor time, of a bare route's", whole["cpu_us"] / bare["cpu_us"], 1.0),
        Figure(
            "accept: processor time of server and Postgres, of a bare route's",
            (whole["cpu_us"] + whole["postgres_us"]) / bare["cpu_us"],
            1.4,
        ),
        Figure("accept: p99, of a bare route's", whole["p99_ms"] / bare["p99_ms"], 1.2),
    ]


def main() -> None:
    """Measure, or serve one variant for a measurement."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--seconds", type=float, default=2)
    parser.add_argument("--only", nargs="*", choices=VARIANTS, default=list(VARIANTS))
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--serve", choices=VARIANTS, help=argparse.SUPPRESS)
    parser.add_argument("--port", type=int, default=0, help=argparse.SUPPRESS)
    parser.add_argument("--data", type=Path, help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.serve:
        with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
            runner.run(serve_variant(asked.serve, asked.port, asked.data))
        return
    with tempfile.TemporaryDirectory(prefix="bench-accept-") as folder:
        summary = summarise(
            measure(list(dict.fromkeys(["bare", "whole", *asked.only])), asked.rounds, asked.seconds, Path(folder))
        )
    if asked.json:
        print(json.dumps(summary))
        return
    show(summary)
    tell(figures(summary))


if __name__ == "__main__":
    main()
