"""Several processes of the real command on one database without any table: they migrate it once, together."""

import asyncio
import os
import sys
from asyncio.subprocess import DEVNULL, PIPE

import psycopg

from gateway.database.migrations import own_migrations

PROCESSES = 3


async def gateway_migrate(url: str, *options: str) -> tuple[int, str]:
    """Exit status and output of `gateway migrate`."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "gateway", "migrate", *options,
        env={**os.environ, "DATABASE_URL": url}, stdout=PIPE, stderr=DEVNULL,
    )  # fmt: skip
    output, _ = await process.communicate()
    assert process.returncode is not None
    return process.returncode, output.decode()


async def test_processes_that_start_together_migrate_once(empty_database_url: str) -> None:
    assert (await gateway_migrate(empty_database_url, "--check"))[0] == 1
    results = await asyncio.gather(*(gateway_migrate(empty_database_url) for _ in range(PROCESSES)))
    assert [status for status, _ in results] == [0] * PROCESSES
    for migration in own_migrations():
        assert sum(f"applied {migration.name}\n" in output for _, output in results) == 1
    assert (await gateway_migrate(empty_database_url, "--check"))[0] == 0
    with psycopg.connect(empty_database_url) as connection:
        found = connection.execute("select count(*) from pg_trigger where tgname = 'gateway_tell_queues'").fetchall()
    assert found == [(0,)]  # which a migration makes and a later one drops
