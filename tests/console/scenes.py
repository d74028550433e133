"""Gateways to draw the console over: one that has just begun, and one after a whole rehearsal."""

import asyncio
import contextlib
import os
import re
import secrets
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import psycopg

from gateway.cli.rehearsal.demo.rehearse import HISTORY_ENDS, PEOPLE
from gateway.cli.rehearsal.invented_users.cast import Cast, make_user_ids, write_files
from gateway.cli.rehearsal.invented_users.chatgpt import make_exports
from gateway.cli.rehearsal.stage.caller import post_all
from gateway.cli.rehearsal.stage.server import Server, start_server
from gateway.database.pool import open_database
from gateway.exports import open_exports

PLAYED_SECONDS = 600.0
USERS = 120  # after it was mended
SETTLE_SECONDS = 3.0  # users who come before all processes follow are not counted
ENDED_SECONDS = 30.0  # their jobs end, and the guard looks
COMPARED_SECONDS = 60.0


@dataclass(frozen=True, slots=True)
class Scene:
    """A gateway that serves."""

    url: str
    token: str
    server: Server

    def client(self) -> httpx.AsyncClient:
        """Of an operator."""
        return httpx.AsyncClient(
            base_url=self.url, headers={"Authorization": f"Bearer {self.token}"}, timeout=30, follow_redirects=False
        )

    async def order(self, method: str, path: str, **fields: Any) -> Any:
        """One order to the API. Raises HTTPStatusError."""
        async with self.client() as client:
            return (await client.request(method, path, json=fields or None)).raise_for_status().json()


@contextlib.contextmanager
def begun() -> Iterator[Scene]:
    """A gateway of which nobody has asked anything yet."""
    token = secrets.token_urlsafe(24)
    with tempfile.TemporaryDirectory(prefix="gateway-drawn-") as folder:
        server = start_server(Path(folder), environment={"OPERATOR_TOKEN": token, "CONSOLE_NAME": "staging"})
        try:
            yield Scene(server.url, token, server)
        finally:
            server.stop()


@contextlib.contextmanager
def played() -> Iterator[Scene]:
    """Play the rehearsal and leave it serving until the block ends."""
    with tempfile.TemporaryDirectory(prefix="gateway-drawn-") as folder, (Path(folder) / "log").open("wb") as log:
        command = [sys.executable, "-m", "gateway", "demo", "--keep"]
        environment = {**os.environ, "TMPDIR": folder}
        process = subprocess.Popen(command, stdout=log, stderr=log, env=environment, start_new_session=True)
        try:
            yield wait_until_served(process, Path(folder) / "log")
        finally:
            process.send_signal(signal.SIGINT)
            process.wait(60)


def wait_until_served(process: subprocess.Popen[bytes], log: Path) -> Scene:
    """Until its last lines say where the console is."""
    deadline = time.monotonic() + PLAYED_SECONDS
    while time.monotonic() < deadline and process.poll() is None:
        if found := re.search(r"Console: (\S+:(\d+))/console\s+token: (\S+)[\s\S]+?cd (\S+) ", log.read_text()):
            return Scene(found[1], found[3], Server(Path(found[4]), int(found[2]), process))
        time.sleep(0.5)
    raise SystemExit(f"the rehearsal did not get to its end:\n{log.read_text()[-2000:]}")


async def turn_on(scene: Scene) -> None:
    """The version that broke is mended: half of all users get it again, and a part of imports is compared."""
    await scene.order("PUT", "/admin/rollout", percent=50, shadow_percent=20, why="again at half, mended")
    await scene.order("POST", "/admin/rollout/on", why="mended: sections are cut at sentences")
    await asyncio.sleep(SETTLE_SECONDS)
    exports = make_exports(range(1, PEOPLE + 1), HISTORY_ENDS)
    async with open_exports(scene.server.settings()) as store:
        cast = Cast(store, exports, write_files(exports, scene.server.folder / "people"), make_user_ids(77))
        await post_all(scene.url, await cast.next(USERS))
    await asyncio.sleep(ENDED_SECONDS)


@contextlib.asynccontextmanager
async def locked(scene: Scene) -> AsyncIterator[None]:
    """While the block runs, nobody reads jobs: what needs them cannot be read in time."""
    database = await open_database(scene.server.settings())
    try:
        async with await psycopg.AsyncConnection.connect(database.url) as connection:
            await connection.execute("lock table processing_jobs in access exclusive mode")
            yield
            await connection.rollback()
    finally:
        await database.close()
