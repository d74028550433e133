"""Behind a real PgBouncer in transaction mode, the strictest of poolers: the schema is made and jobs run."""

import asyncio
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import uuid
from asyncio.subprocess import DEVNULL, PIPE
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx
import psycopg
import pytest
from psycopg.conninfo import conninfo_to_dict

from gateway.cli.rehearsal.invented_users.chatgpt import make_export
from gateway.cli.rehearsal.stage.ports import free_port
from gateway.database.embedded_postgres import EmbeddedPostgres

pytestmark = pytest.mark.scene

SECONDS = 150.0  # a busy machine is slow, not wrong
USERS = 6
CONFIGURATION = """
[databases]
* = host={socket_folder} port=5432 user=postgres
[pgbouncer]
listen_addr = 127.0.0.1
listen_port = {port}
unix_socket_dir =
auth_type = any
pool_mode = transaction
default_pool_size = 4
server_tls_sslmode = disable
"""


@dataclass(slots=True)
class Bouncer:
    """PgBouncer before an empty database, with four connections for all of its clients."""

    url: str
    command: list[str]
    as_owner: dict[str, Any]
    process: "subprocess.Popen[bytes] | None" = None

    def start(self) -> None:
        self.process = subprocess.Popen(self.command, **self.as_owner)

    def stop(self) -> None:
        if self.process is not None:
            self.process.kill()
            self.process.wait()


@pytest.fixture
def bouncer(postgres: EmbeddedPostgres, empty_database_url: str) -> Iterator[Bouncer]:
    """A running one, its URL as providers print it."""
    program = shutil.which("pgbouncer", path=f"{os.environ['PATH']}:/usr/sbin")
    if program is None:
        pytest.skip("pgbouncer is not installed")
    port = free_port()
    owner = postgres.pgdata.stat()
    with tempfile.TemporaryDirectory(prefix="soulprint-bouncer-") as folder:
        configuration = Path(folder) / "pgbouncer.ini"
        configuration.write_text(CONFIGURATION.format(socket_folder=postgres.socket_folder, port=port))
        Path(folder).chmod(0o755)
        as_owner: dict[str, Any] = (
            {"user": owner.st_uid, "group": owner.st_gid, "extra_groups": ()} if os.geteuid() == 0 else {}
        )
        url = f"postgresql://postgres@127.0.0.1:{port}/{conninfo_to_dict(empty_database_url)['dbname']}?pgbouncer=true"
        started = Bouncer(url, [program, "-q", str(configuration)], as_owner)
        started.start()
        try:
            yield started
        finally:
            started.stop()


@asynccontextmanager
async def serving(url: str, data_dir: Path) -> AsyncIterator[httpx.AsyncClient]:
    """`gateway serve`, which sees the pooler by its URL; a client of it."""
    environment = {**os.environ, "DATABASE_URL": url, "DATA_DIR": str(data_dir)}
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "gateway", "serve", "--port", "0", env=environment, stdout=PIPE, stderr=DEVNULL
    )
    try:
        assert process.stdout is not None
        line = await asyncio.wait_for(process.stdout.readline(), SECONDS)
        async with httpx.AsyncClient(base_url=line.decode().split()[-1], timeout=180) as client:
            yield client
        process.send_signal(signal.SIGTERM)
        assert await asyncio.wait_for(process.wait(), SECONDS) == 0
    finally:
        if process.returncode is None:
            process.kill()
        await process.wait()


async def all_complete(url: str, jobs: int) -> None:
    query = "select count(*) from processing_jobs where status = 'complete'"
    async with asyncio.timeout(SECONDS), await psycopg.AsyncConnection.connect(url, autocommit=True) as connection:
        while await (await connection.execute(query)).fetchone() != (jobs,):  # noqa: ASYNC110 - another process
            await asyncio.sleep(0.1)


@pytest.mark.timeout(600)
async def test_jobs_run_behind_a_pooler_in_transaction_mode(
    bouncer: Bouncer, empty_database_url: str, tmp_path: Path
) -> None:
    bodies = []
    for n in range(USERS):
        path = f"user-imports/u{n}/raw-1.json"
        export = tmp_path / "exports" / path
        export.parent.mkdir(parents=True)
        export.write_bytes(make_export(n, 5, datetime(2025, 6, 1, tzinfo=UTC)).body)
        bodies += [{"user_id": f"u{n}", "storage_path": path}] * 3  # more than the pooler has connections
    async with serving(bouncer.url, tmp_path) as client:
        answers = await asyncio.gather(*(client.post("/process-full", json=body) for body in bodies))
        assert {answer.status_code for answer in answers} == {200}
        await all_complete(empty_database_url, len({answer.json()["job_id"] for answer in answers}))
        await until_ready(client)


@pytest.mark.timeout(600)
async def test_a_pooler_that_restarts_is_503_and_then_all_is_well(bouncer: Bouncer, tmp_path: Path) -> None:
    async with serving(bouncer.url, tmp_path) as client:
        await until_ready(client)
        for number in range(3):
            body = {"user_id": "u", "storage_path": f"user-imports/u/{number}"}
            bouncer.stop()
            answer = await client.post("/process-full", json=body)
            assert (answer.status_code, "retry-after" in answer.headers) == (503, True)
            assert (await client.get(f"/jobs/{uuid.uuid4()}")).status_code == 503
            assert (await client.get("/ready")).status_code == 503
            bouncer.start()
            began = time.monotonic()
            await until_ready(client)
            answer = await client.post("/process-full", json=body)
            assert answer.status_code == 200
            assert (await client.get(f"/jobs/{answer.json()['job_id']}")).status_code == 200
            print(f"\npooler restarted: well again after {time.monotonic() - began:.1f} s")


async def until_ready(client: httpx.AsyncClient) -> None:
    async with asyncio.timeout(SECONDS):
        while (await client.get("/ready")).status_code != 200:  # noqa: ASYNC110 - another process
            await asyncio.sleep(0.1)
