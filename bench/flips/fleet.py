"""Real gateway processes over one database, each a server with a worker; Unleash beside them, if wanted."""

import asyncio
import contextlib
import os
import subprocess
import sys
import time
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

import httpx
import psycopg

from flags.control import FlagControl, open_control
from gateway.cli.rehearsal.roles import Roles, find_roles
from gateway.cli.rehearsal.stage.ports import free_port
from gateway.database.embedded_postgres import EmbeddedPostgres
from gateway.database.pool import Connection
from tests.unleash_server import ADMIN_TOKEN, CLIENT_TOKEN, UnleashServer

OPERATOR_TOKEN = "an-operator-token-of-this-bench-4711-0815"
START_SECONDS = 240.0


@dataclass(slots=True)
class Fleet:
    """The processes, and ways to ask them and the database."""

    folder: Path
    roles: Roles
    database_url: str
    control: FlagControl
    unleash: UnleashServer | None
    client: httpx.AsyncClient
    connection: Connection
    urls: list[str] = field(default_factory=list)
    processes: "list[subprocess.Popen[bytes]]" = field(default_factory=list)

    def start(self, count: int, **settings: str) -> None:
        """Begin so many processes."""
        for _ in range(count):
            port = free_port()
            environment = {**os.environ, **self._environment(), **settings, "PORT": str(port)}
            with (self.folder / "processes.log").open("ab") as log:
                command = [sys.executable, "-m", "gateway", "serve"]
                process = subprocess.Popen(command, env=environment, cwd=self.folder, stdout=log, stderr=log)
            self.processes.append(process)
            self.urls.append(f"http://127.0.0.1:{port}")

    def _environment(self) -> dict[str, str]:
        common = {
            **self.roles.settings,
            "DATABASE_URL": self.database_url,
            "DATA_DIR": str(self.folder / "data"),
            "OPERATOR_TOKEN": OPERATOR_TOKEN,
            "LOG_LEVEL": "error",
            "WORKER_CONCURRENCY": "4",
            "SHADOW_CONCURRENCY": "0",
        }
        if self.unleash is None:
            return common
        return common | {
            "UNLEASH_URL": self.unleash.url,
            "UNLEASH_API_TOKEN": CLIENT_TOKEN,
            "UNLEASH_ADMIN_TOKEN": ADMIN_TOKEN,
        }

    async def ready(self) -> None:
        """Wait until all answer."""
        await self.until(lambda _detail: True, START_SECONDS)

    async def all_at(self, dial: float) -> None:
        """Wait until every process decides by this dial."""
        await self.until(lambda detail: detail["dial"] == dial, START_SECONDS)

    async def until(self, truth: Any, seconds: float) -> None:
        """Wait until `truth` holds of what each process says of its flags."""
        deadline = time.monotonic() + seconds
        waiting = list(self.urls)
        while waiting:
            if time.monotonic() > deadline or any(process.poll() is not None for process in self.processes):
                log = (self.folder / "processes.log").read_text(errors="replace")
                raise TimeoutError(f"not all processes got there:\n{log[-3000:]}")
            with contextlib.suppress(httpx.HTTPError, KeyError):
                answer = await self.client.get(f"{waiting[0]}/ready")
                if answer.status_code == 200 and truth(answer.json()["checks"]["flags"]["detail"]):
                    waiting.pop(0)
                    continue
            await asyncio.sleep(0.02)

    async def admin(self, method: str, path: str, body: dict[str, Any] | None = None) -> Any:
        """Ask the first process as an operator."""
        headers = {"Authorization": f"Bearer {OPERATOR_TOKEN}"}
        answer = await self.client.request(method, f"{self.urls[0]}/admin/rollout{path}", headers=headers, json=body)
        answer.raise_for_status()
        return answer.json()

    async def now(self) -> datetime:
        """What the database's clock says."""
        (row,) = await self.rows("select clock_timestamp()")
        at: datetime = row[0]
        return at

    async def rows(self, query: str, *values: Any) -> list[tuple[Any, ...]]:
        """Ask the database."""
        return await (await self.connection.execute(query, values)).fetchall()

    def stop(self) -> None:
        """End all processes at once: nothing of theirs is wanted any more."""
        for process in self.processes:
            process.kill()
        for process in self.processes:
            process.wait()
        self.processes.clear()
        self.urls.clear()


@asynccontextmanager
async def open_fleet(folder: Path, *, with_unleash: bool) -> AsyncIterator[Fleet]:
    """A fresh database, both flags at 0 %, no process yet."""
    async with AsyncExitStack() as stack:
        await asyncio.to_thread(folder.mkdir, parents=True, exist_ok=True)
        postgres = EmbeddedPostgres(folder / "pg")
        await asyncio.to_thread(postgres.start)
        stack.callback(postgres.close)
        for name in ("gateway", "unleash"):
            with psycopg.connect(postgres.url, autocommit=True) as connection:
                connection.execute(f"create database {name}")
        unleash: UnleashServer | None = None
        if with_unleash:
            unleash = UnleashServer(free_port(), str(postgres.socket_folder), "unleash", folder / "unleash.log")
            await asyncio.to_thread(unleash.start)
            stack.callback(unleash.kill)
            stack.callback(unleash.thaw)
        roles = find_roles()
        control = open_control(
            data_dir=folder / "data",
            versions=roles.versions,
            unleash_url=unleash.url if unleash else None,
            admin_token=ADMIN_TOKEN if unleash else None,
        )
        stack.push_async_callback(control.close)
        await control.init()
        client = await stack.enter_async_context(httpx.AsyncClient(timeout=30, trust_env=False))
        url = postgres.url.replace("@/postgres?", "@/gateway?")
        connection_of_ours = await psycopg.AsyncConnection.connect(url, autocommit=True)
        stack.push_async_callback(connection_of_ours.close)
        fleet = Fleet(folder, roles, url, control, unleash, client, connection_of_ours)
        stack.callback(fleet.stop)
        yield fleet
