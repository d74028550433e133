"""A whole deployment on this machine: gateway, worker and Prometheus as processes, and the traffic of a rollout.

Three versions are there: v1, v2, and a v3 that is v2 under another name.
"""

import asyncio
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx

from gateway.cli.database import existing_database
from gateway.cli.rehearsal.invented_users.cast import Cast, Upload, make_user_ids, write_files
from gateway.cli.rehearsal.invented_users.chatgpt import make_export
from gateway.cli.rehearsal.stage.caller import post_all
from gateway.cli.rehearsal.stage.ports import free_port
from gateway.cli.rehearsal.stage.server import Server, plain_environment, start_server
from gateway.exports.folder import FolderExports
from tests.observability.prometheus_server import Prometheus, start_prometheus

ROOT = Path(__file__).parents[2]
PACKAGES = ("gateway", "flags", "pipelines")
RULES = sorted((ROOT / "grafana" / "prometheus" / "rules").glob("*.yml"))
OPERATOR_TOKEN = "observed-Kx7vQ2mB9tWz4Lr8-operator"
ENDED_SECONDS = 90.0
CONVERSATIONS = 6  # an export: what is read matters less here than that there are many
HISTORY_ENDS = datetime(2026, 1, 1, tzinfo=UTC)
SAME_PERCENT = "40"  # of a few comparisons, enough are with the same version


@dataclass(slots=True)
class Stack:
    """The running processes. Prometheus knows them as the jobs `gateway` and `gateway-worker`."""

    server: Server
    worker: "subprocess.Popen[bytes]"
    targets: dict[str, str]
    prometheus: Prometheus

    def command(self, *arguments: str) -> str:
        """Run `gateway ...` as a person would in the deployment's folder; returns what it prints."""
        done = subprocess.run(
            [sys.executable, "-m", "gateway", *arguments],
            cwd=self.server.folder,
            env={**plain_environment(), **imports_from(self.server.folder), "PORT": str(self.server.port)},
            capture_output=True,
            text=True,
            timeout=240,
            check=False,
        )
        assert done.returncode == 0, f"gateway {' '.join(arguments)}: {done.stderr or done.stdout}"
        return done.stdout

    async def rows(self, query: str) -> list[tuple[Any, ...]]:
        """What the database itself says."""
        async with existing_database(self.server.settings()) as database, database.pool.connection() as connection:
            cursor = await connection.execute(query.encode())
            return await cursor.fetchall()


def add_version(folder: Path, name: str, *, like: str) -> None:
    """Copy the packages there, with what Python compiled, and add a version to the copy."""
    for package in PACKAGES:
        shutil.copytree(ROOT / package, folder / package)
    added = folder / "pipelines" / name
    shutil.copytree(ROOT / "pipelines" / like, added, ignore=shutil.ignore_patterns("__pycache__"))
    for file in added.rglob("*.py"):
        file.write_text(file.read_text().replace(f"pipelines.{like}", f"pipelines.{name}"))


def imports_from(folder: Path) -> dict[str, str]:
    """A process with this environment imports the copy there, wherever it runs."""
    return {"PYTHONPATH": str(folder)}


@contextmanager
def running_stack(
    folder: Path, *, alertmanager: str | None = None, rules: Sequence[Path] = RULES, switch: Path | None = None
) -> Iterator[Stack]:
    """Start all, and stop all. With a `switch`, v3 breaks as soon as that file exists."""
    add_version(folder, "v3", like="v2")
    settings = {"OPERATOR_TOKEN": OPERATOR_TOKEN, "SHADOW_SAME_PERCENT": SAME_PERCENT, **imports_from(folder)}
    if switch is None:
        serve, work = ["gateway", "serve", "--no-worker"], ["gateway", "worker"]
    else:
        settings["GUARD"] = "off"  # what breaks is to be seen by the alerts, and turned off by hand
        serve, work = (["gateway.cli.rehearsal.drill.process", role, str(switch)] for role in ("serve", "worker"))
    server = start_server(folder, command=serve, environment=settings)
    port = free_port()
    with (folder / "worker.log").open("wb") as log:
        worker = subprocess.Popen(
            [sys.executable, "-m", *work],
            cwd=folder,
            env={**plain_environment(), **settings, "PORT": str(port), "METRICS_PORT": str(port)},
            stdout=log,
            stderr=log,
        )
    targets = {"gateway": f"127.0.0.1:{server.port}", "gateway-worker": f"127.0.0.1:{port}"}
    prometheus = start_prometheus(folder, targets, rules, alertmanager=alertmanager)
    try:
        prometheus.wait_for("both processes", lambda: prometheus.value('sum(up{job=~"gateway.*"})') == len(targets))
        yield Stack(server, worker, targets, prometheus)
    finally:
        prometheus.stop()
        worker.terminate()
        worker.wait(30)
        server.stop()


@dataclass(slots=True)
class Traffic:
    """Callers of the deployment: good exports, broken ones, repeats, and calls that nothing can serve."""

    stack: Stack
    cast: Cast
    uploads: list[Upload]

    async def good(self, users: int) -> None:
        self.uploads += (uploads := await self.cast.next(users))
        await post_all(self.stack.server.url, uploads)

    async def broken(self, users: int) -> None:
        """Exports without one conversation: their jobs fail."""
        uploads = await self.cast.next(users)
        for upload in uploads:
            (self.stack.server.folder / "data" / "exports" / upload.storage_path).write_text("[]")
        self.uploads += uploads
        await post_all(self.stack.server.url, uploads)

    async def odd(self) -> None:
        """A repeat, an inline export, two bad bodies and two paths that do not exist."""
        async with httpx.AsyncClient(base_url=self.stack.server.url, timeout=10, trust_env=False) as client:
            (upload,) = await self.cast.next(1)
            self.uploads.append(upload)
            body = {"user_id": upload.user_id, "storage_path": upload.storage_path}
            await asyncio.gather(*(client.post("/process-full", json=body) for _ in range(3)))
            await client.post("/process-full", json={"user_id": "nobody", "conversations": [{"title": "empty"}]})
            await client.post("/process-full", content=b"{")
            await client.post("/process-full", json={"user_id": "a\0b"})
            await client.get("/not-there")
            await client.get("/jobs/none")

    async def ended(self) -> None:
        """Wait until no job and no comparison is open."""
        deadline = time.monotonic() + ENDED_SECONDS
        while await self.stack.rows(OPEN):
            assert time.monotonic() < deadline, await self.stack.rows(OPEN)
            await asyncio.sleep(0.5)


OPEN = """
select status, count(*) from processing_jobs where status in ('pending', 'processing') group by 1
union all
select task_name, count(*) from procrastinate_jobs where status in ('todo', 'doing') group by 1
"""


def traffic_for(stack: Stack) -> Traffic:
    """Invented people with their exports, for this deployment."""
    exports = [make_export(seed, CONVERSATIONS, HISTORY_ENDS) for seed in range(1, 7)]
    files = write_files(exports, stack.server.folder / "people")
    store = FolderExports(stack.server.settings().data_dir / "exports")
    return Traffic(stack, Cast(store, exports, files, make_user_ids(1)), [])


async def rollout(traffic: Traffic, *, compared: int = 16, crowd: int = 50) -> None:
    """The story that the dashboards tell: v3 beside v2 and v1, pairs, failures, repeats, a rollback in a crowd."""
    stack = traffic.stack
    stack.command("rollout", "on", "--pipeline", "v2")
    stack.command("rollout", "on")
    stack.command("rollout", "set", "v3=40", "v2=40")
    stack.command("rollout", "shadow", "100")
    await traffic.good(compared)
    await traffic.broken(1)
    await traffic.odd()
    await traffic.ended()
    stack.command("rollout", "shadow", "10")
    # More than the worker can begin before the flag turns: some of them wait, and are turned to v2 or v1.
    await traffic.good(crowd)
    stack.command("rollout", "off", "--why", "rehearsal")
    await traffic.ended()
    await traffic.good(4)
    await traffic.ended()
