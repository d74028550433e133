"""Behind a real PgBouncer in transaction mode, the strictest of poolers: the schema is made and jobs run."""

import asyncio
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
from asyncio.subprocess import DEVNULL, PIPE
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx
import psycopg
import pytest
from psycopg.conninfo import conninfo_to_dict

from gateway.cli.rehearsal.invented_users.chatgpt import make_export
from gateway.database.embedded_postgres import EmbeddedPostgres

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


@pytest.fixture
def pooled_url(postgres: EmbeddedPostgres, empty_database_url: str) -> Iterator[str]:
    """The URL of an empty database behind PgBouncer, which has four connections for all of its clients."""
    program = shutil.which("pgbouncer", path=f"{os.environ['PATH']}:/usr/sbin")
    if program is None:
        pytest.skip("pgbouncer is not installed")
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    owner = postgres.pgdata.stat()
    with tempfile.TemporaryDirectory(prefix="soulprint-bouncer-") as folder:
        configuration = Path(folder) / "pgbouncer.ini"
        configuration.write_text(CONFIGURATION.format(socket_folder=postgres.socket_folder, port=port))
        Path(folder).chmod(0o755)
        as_owner: dict[str, Any] = (
            {"user": owner.st_uid, "group": owner.st_gid, "extra_groups": ()} if os.geteuid() == 0 else {}
        )
        process = subprocess.Popen([program, "-q", str(configuration)], **as_owner)
        try:
            yield f"postgresql://postgres@127.0.0.1:{port}/{conninfo_to_dict(empty_database_url)['dbname']}"
        finally:
            process.terminate()
            process.wait()


@asynccontextmanager
async def serving(url: str, data_dir: Path) -> AsyncIterator[httpx.AsyncClient]:
    """`gateway serve`, told of the pooler; a client of it."""
    environment = {
        **os.environ, "DATABASE_URL": url, "DATA_DIR": str(data_dir), "DATABASE_TRANSACTION_POOLER": "1",
    }  # fmt: skip
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "gateway", "serve", "--port", "0", env=environment, stdout=PIPE, stderr=DEVNULL
    )
    try:
        assert process.stdout is not None
        line = await asyncio.wait_for(process.stdout.readline(), SECONDS)
        async with httpx.AsyncClient(base_url=line.decode().split()[-1], timeout=20) as client:
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


@pytest.mark.timeout(300)
async def test_jobs_run_behind_a_pooler_in_transaction_mode(
    pooled_url: str, empty_database_url: str, tmp_path: Path
) -> None:
    bodies = []
    for n in range(USERS):
        path = f"user-imports/u{n}/raw-1.json"
        export = tmp_path / "exports" / path
        export.parent.mkdir(parents=True)
        export.write_bytes(make_export(n, 5, datetime(2025, 6, 1, tzinfo=UTC)).body)
        bodies += [{"user_id": f"u{n}", "storage_path": path}] * 3  # more than the pooler has connections
    async with serving(pooled_url, tmp_path) as client:
        answers = await asyncio.gather(*(client.post("/process-full", json=body) for body in bodies))
        assert {answer.status_code for answer in answers} == {200}
        await all_complete(empty_database_url, len({answer.json()["job_id"] for answer in answers}))
        async with asyncio.timeout(SECONDS):
            while (await client.get("/ready")).status_code != 200:  # noqa: ASYNC110 - another process
                await asyncio.sleep(0.1)
