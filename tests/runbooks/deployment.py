"""A gateway without a worker, workers that come and go beside it, a v2 that breaks when it is told to, and callers."""

import asyncio
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from gateway.cli.rehearsal.drill.fault import STEP, Break
from gateway.cli.rehearsal.invented_users.cast import Cast, Upload, make_user_ids, write_files
from gateway.cli.rehearsal.invented_users.chatgpt import make_exports
from gateway.cli.rehearsal.stage.caller import post_all
from gateway.cli.rehearsal.stage.ports import free_port
from gateway.cli.rehearsal.stage.server import Server, is_ready, log_tail, plain_environment, start_server
from gateway.exports.folder import FolderExports
from tests.gateway.cli.conftest import CommandLine, Ran

PATIENCE_SECONDS = 240.0
PLACES = {"WORKER_CONCURRENCY": "4", "CANDIDATE_CONCURRENCY": "2", "ROLLBACK_GRACE_SECONDS": "1"}


def wait_for(what: str, holds: Callable[[], bool]) -> None:
    """Until it holds."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not holds():
        assert time.monotonic() < deadline, f"not within {PATIENCE_SECONDS:g} s: {what}"
        time.sleep(0.1)


@dataclass(slots=True)
class Deployment:
    """The API process; `worker` is the newest of the others."""

    server: Server
    cast: Cast
    worker: Server | None = None

    @property
    def broken(self) -> Break:
        """What breaks v2 in workers that `breakable_worker` started."""
        return Break(STEP, self.server.folder / "broken")

    @property
    def flags(self) -> Path:
        return self.server.folder / "data" / "flags.json"

    def send(self, users: int) -> list[Upload]:
        """So many new users, each with an import that is accepted."""
        uploads = asyncio.run(self.cast.next(users))
        self._post(uploads)
        return uploads

    def send_again(self, uploads: list[Upload]) -> None:
        """The same users, each with a newer export."""
        self._post(asyncio.run(self.cast.again(uploads)))

    def flags_seen(self) -> dict[str, Any]:
        """What `/ready` says of the flags."""
        return self.server.flags_seen()

    def wait_for_dial(self, percent: float) -> None:
        """Until the API decides by this dial."""
        wait_for(f"a dial of {percent:g}", lambda: self.flags_seen()["dial"] == percent)

    @contextmanager
    def plain_worker(self) -> Iterator[None]:
        """`gateway worker`, until the block ends."""
        with self._worker("gateway", "worker"):
            yield

    @contextmanager
    def breakable_worker(self) -> Iterator[None]:
        """The same, with a v2 that breaks when it is told to."""
        with self._worker("gateway.cli.rehearsal.drill.process", "worker", str(self.broken.switch)):
            yield

    @contextmanager
    def _worker(self, *command: str) -> Iterator[None]:
        folder, port = self.server.folder, free_port()
        with (folder / "worker.log").open("wb") as log:
            process = subprocess.Popen(
                [sys.executable, "-m", *command],
                cwd=folder,
                env={**plain_environment(), **PLACES, "PORT": str(port), "METRICS_PORT": str(port)},
                stdout=log,
                stderr=log,
            )
        self.worker = Server(folder, port, process)
        try:
            wait_for("the worker", lambda: is_ready(Server(folder, port, process)))
            yield
        finally:
            self.worker.stop()
            self.worker = None

    def _post(self, uploads: list[Upload]) -> None:
        assert asyncio.run(post_all(self.server.url, uploads)).refused == 0


@contextmanager
def running_deployment(folder: Path) -> Iterator[Deployment]:
    """A gateway with its own database and flags in a folder; nobody runs its jobs yet."""
    server = start_server(folder, command=("gateway", "serve", "--no-worker"), environment=PLACES)
    exports = make_exports(range(1, 4), datetime(2026, 1, 1, tzinfo=UTC))
    store = FolderExports(folder / "data" / "exports")
    cast = Cast(store, exports, write_files(exports, folder / "people"), make_user_ids(11))
    try:
        yield Deployment(server, cast)
    except BaseException:
        print(log_tail(folder), (folder / "worker.log").read_text(errors="replace")[-4000:], sep="\n")
        raise
    finally:
        server.stop()


@dataclass(slots=True)
class Terminal:
    """Runs a runbook's commands: `gateway ...` in the deployment's folder, `curl` of the processes' addresses."""

    at: Deployment
    gateway: CommandLine

    def __call__(self, words: list[str]) -> Ran:
        return self._curl(words[-1]) if words[0] == "curl" else self.gateway(*words[1:])

    def jobs(self, *arguments: str) -> list[dict[str, Any]]:
        """The newest jobs."""
        found: list[dict[str, Any]] = self.gateway("jobs", "list", "--limit", "100", *arguments, "--json").json
        return found

    def ended(self, uploads: list[Upload]) -> list[dict[str, Any]]:
        """The newest job of each of these users, as soon as all are over."""
        users = {upload.user_id for upload in uploads}

        def newest() -> list[dict[str, Any]]:
            by_user = {job["user_id"]: job for job in reversed(self.jobs()) if job["user_id"] in users}
            return list(by_user.values())

        wait_for("jobs end", lambda: all(job["status"] not in ("pending", "processing") for job in newest()))
        return newest()

    def _curl(self, url: str) -> Ran:
        worker = self.at.worker
        ports = {"10000": self.at.server.port, "10001": worker.port if worker else free_port()}
        for named, real in ports.items():
            url = url.replace(f"127.0.0.1:{named}", f"127.0.0.1:{real}")
        done = subprocess.run(["curl", "-s", url], capture_output=True, text=True, timeout=20, check=False)
        return Ran(done.returncode, done.stdout, done.stderr)
