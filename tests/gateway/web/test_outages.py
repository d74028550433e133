"""Faults of the database, made for real: callers hear 503 with Retry-After, never a 4xx, and all is well after them."""

import asyncio
import os
import shutil
import signal
import subprocess
import tempfile
import time
import uuid
from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path
from typing import Any

import httpx
import psycopg
import pytest

from gateway.database.embedded_postgres import EmbeddedPostgres
from tests.conftest import settings_for
from tests.live_gateway import LiveGateway, running_gateway

pytestmark = pytest.mark.scene

BACK_SECONDS = 60.0  # a busy machine is slow, not wrong
MEMORY = {"user_id": "ann", "message": "hi"}
ROUTES: list[tuple[str, str, Any]] = [
    ("POST", "/process-full", {"user_id": "ann", "storage_path": "user-imports/ann/raw-1.json"}),
    ("POST", "/process-full-v2", {"user_id": "bob", "storage_path": "user-imports/bob/raw-1.json"}),
    ("POST", "/process-full", {"user_id": "cid", "conversations": [{"id": "c"}]}),
    ("POST", "/process-import", {"user_id": "dan", "conversations_json": "[]"}),
    ("GET", f"/jobs/{uuid.uuid4()}", None),
    ("GET", "/embedding-status/ann", None),
    ("GET", "/generate-soulprint/ann", None),
    ("POST", "/chat", MEMORY),
    ("POST", "/query", MEMORY),
    ("POST", "/analyze", {"user_id": "ann"}),
    ("GET", "/test-patch", None),
]  # fmt: skip
WRITES = ("/process-full", "/process-full-v2", "/process-import")


@asynccontextmanager
async def gateway_on(folder: Path, **changes: str) -> AsyncIterator[tuple[LiveGateway, EmbeddedPostgres]]:
    """A gateway on a server of its own, whose data is under `folder`."""
    server = EmbeddedPostgres(folder / "pg", {"fsync": "off", "superuser_reserved_connections": "0", **changes})
    await asyncio.to_thread(server.start)
    try:
        settings = settings_for(server.url, data_dir=folder / "data", database_timeout_seconds=2.0)
        async with running_gateway(settings) as gateway:
            gateway.client.timeout = httpx.Timeout(30)
            yield gateway, server
    finally:
        await asyncio.to_thread(server.close)


@pytest.fixture
def folder() -> Iterator[Path]:
    """A short path that the server's user may enter."""
    with tempfile.TemporaryDirectory(prefix="outage-", ignore_cleanup_errors=True) as name:
        yield Path(name)


async def ask_all(gateway: LiveGateway, *, reads_work: bool = False) -> None:
    """Every route at once: nobody is blamed, nothing of Postgres' own words is told, and no import is promised."""
    answers = await asyncio.gather(*(gateway.client.request(how, path, json=body) for how, path, body in ROUTES))
    for (how, path, _), answer in zip(ROUTES, answers, strict=True):
        said = (how, path, answer.status_code, answer.text)
        fine = {404} if path.startswith("/jobs/") and reads_work else set()
        assert answer.status_code in {200, 503} | fine, said
        assert path not in WRITES or answer.status_code == 503, said
        if answer.status_code == 503:
            assert int(answer.headers["retry-after"]) > 0, said
        for word in ("relation", "column", "FATAL", "ERROR", "connection", "socket", "disk", "read-only"):
            assert word not in answer.text, said
    ready = await gateway.client.get("/ready")
    assert (ready.status_code, ready.json()["checks"]["database"]["ok"]) == (503, False), ready.text
    assert (await gateway.client.get("/health")).status_code == 200


async def until_well(gateway: LiveGateway) -> float:
    """How many seconds until /ready is 200, an import is accepted, and every route answers."""
    began = time.monotonic()
    while (await gateway.client.get("/ready")).status_code != 200:
        assert time.monotonic() - began < BACK_SECONDS
        await asyncio.sleep(0.1)
    for how, path, body in ROUTES:
        while (await gateway.client.request(how, path, json=body)).status_code not in (200, 404):
            assert time.monotonic() - began < BACK_SECONDS
            await asyncio.sleep(0.1)
    return time.monotonic() - began


def report(fault: str, seconds: float) -> None:
    print(f"\n{fault}: well again after {seconds:.1f} s")


async def test_read_only(folder: Path) -> None:
    async with gateway_on(folder) as (gateway, server):
        await until_well(gateway)
        execute(server, "alter database postgres set default_transaction_read_only = on")
        execute(server, "select pg_terminate_backend(pid) from pg_stat_activity where pid <> pg_backend_pid()")
        await ask_all(gateway, reads_work=True)
        deep = (await gateway.client.get("/health-deep")).json()
        assert deep["checks"]["database"]["status"] == "unhealthy"
        execute(server, "set default_transaction_read_only = off", "alter database postgres reset all")
        report("read-only", await until_well(gateway))


def execute(server: EmbeddedPostgres, *statements: str) -> None:
    with psycopg.connect(server.url, autocommit=True) as connection:
        for statement in statements:
            connection.execute(statement)


async def test_no_connections_left(folder: Path) -> None:
    async with gateway_on(folder, max_connections="24") as (gateway, server):
        await until_well(gateway)
        async with AsyncExitStack() as others:
            first = await psycopg.AsyncConnection.connect(server.url, autocommit=True)
            await others.enter_async_context(first)
            for _ in range(50):  # whatever the gateway lets go of is taken by others
                await first.execute(
                    "select pg_terminate_backend(pid) from pg_stat_activity where application_name like 'soulprint%%'"
                )
                try:
                    while True:
                        await others.enter_async_context(await psycopg.AsyncConnection.connect(server.url))
                except psycopg.OperationalError:
                    pass
                row = await (
                    await first.execute(
                        "select count(*) from pg_stat_activity where application_name like 'soulprint%%'"
                    )
                ).fetchone()
                if row == (0,):
                    break
            assert row == (0,), "the fault was not made"
            await ask_all(gateway)
        report("max_connections", await until_well(gateway))


@pytest.mark.parametrize("how", ["stopped", "killed"])
async def test_a_server_that_hangs_or_is_killed(folder: Path, how: str) -> None:
    async with gateway_on(folder) as (gateway, server):
        await until_well(gateway)
        pids = processes_of(server)
        for pid in pids:
            os.kill(pid, signal.SIGSTOP if how == "stopped" else signal.SIGKILL)
        await ask_all(gateway)
        if how == "stopped":
            for pid in pids:
                os.kill(pid, signal.SIGCONT)
        else:
            await asyncio.to_thread(server.start_server)
        report(how, await until_well(gateway))
        assert [job["status"] for job in await gateway.jobs()].count("pending") >= len(WRITES), (
            "accepted ones are there"
        )


def processes_of(server: EmbeddedPostgres) -> list[int]:
    """The server and its children."""
    main = int((server.pgdata / "postmaster.pid").read_text().splitlines()[0])
    children = subprocess.run(["pgrep", "-P", str(main)], capture_output=True, text=True, check=False).stdout.split()
    return [main, *map(int, children)]


@pytest.fixture
def small_disk(folder: Path) -> Iterator[Path]:
    """A file system of its own."""
    disk = folder / "disk"
    disk.mkdir()
    made = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=320m,mode=755", "tmpfs", str(disk)], check=False)
    if made.returncode != 0:
        pytest.skip("a file system can only be mounted by root")
    try:
        yield disk
    finally:
        subprocess.run(["umount", "-l", str(disk)], check=True)


async def test_disk_full(small_disk: Path) -> None:
    async with gateway_on(small_disk) as (gateway, server):
        gateway.services.database.server = server  # it is ours: its disk can be measured
        await until_well(gateway)
        filler = small_disk / "filler"
        fill(filler)
        async with gateway.services.database.pool.connection() as connection:
            with pytest.raises(psycopg.OperationalError):  # until not even what is allocated already has room
                await connection.execute(
                    "create table fat as select repeat(md5(n::text), 100) from generate_series(1, 99999) n"
                )
        ready = await gateway.client.get("/ready")
        assert (ready.status_code, "free" in ready.text) == (503, True)
        for how, path, body in ROUTES:
            answer = await gateway.client.request(how, path, json=body)
            assert answer.status_code in (200, 404 if path.startswith("/jobs/") else 503, 503), (path, answer.text)
        filler.unlink()
        if not (await gateway.client.get("/ready")).is_success:
            await asyncio.to_thread(server.start)
        report("disk full", await until_well(gateway))
        gateway.services.database.server = None


def fill(path: Path) -> None:
    """Leave no room beside it."""
    with path.open("wb") as file:
        try:
            while True:
                file.write(b"x" * 2**20)
        except OSError:
            pass
    assert shutil.disk_usage(path.parent).free < 2**20
