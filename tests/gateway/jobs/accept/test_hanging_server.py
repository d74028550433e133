"""A server that stands still in the middle of a statement: the caller hears of it in time, the connection is let go."""

import asyncio
import os
import signal
import uuid
from collections.abc import AsyncIterator

import psycopg
import pytest
from prometheus_client import CollectorRegistry

from flags.model import Decision
from gateway.database.pool import Connection, Database
from gateway.errors import Unavailable
from gateway.jobs.accept.accepter import Accepter
from gateway.jobs.accept.rows import NewJob
from gateway.jobs.accept.store import AcceptStore
from gateway.telemetry.metrics import Metrics

FLAG = Decision("v1", "flag", 0.0, "rev")


def new(user: str) -> NewJob:
    return NewJob(str(uuid.uuid4()), user, "a/b.json", 1, 2, FLAG, pinned=False, request_key="same")


@pytest.fixture
def opened() -> list[Connection]:
    return []


@pytest.fixture
async def accepter(
    database: Database, opened: list[Connection], monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[Accepter]:
    monkeypatch.setattr("gateway.jobs.accept.waiting.ACCEPT_SECONDS", 30.0)  # until the test shortens it

    async def connect() -> Connection:
        opened.append(await psycopg.AsyncConnection.connect(database.url, autocommit=True))
        return opened[-1]

    async with Accepter(
        AcceptStore(connect, database.pool, queue_limit=None), Metrics(CollectorRegistry())
    ) as accepter:
        yield accepter


async def test_it_is_answered_in_time_and_the_connection_is_not_used_again(
    accepter: Accepter, opened: list[Connection], monkeypatch: pytest.MonkeyPatch
) -> None:
    await accepter.accept(new("u1"))
    (used,) = opened
    backend = used.info.backend_pid
    with monkeypatch.context() as patched:
        patched.setattr("gateway.jobs.accept.waiting.ACCEPT_SECONDS", 0.5)
        os.kill(backend, signal.SIGSTOP)
        try:
            with pytest.raises(Unavailable, match="does not answer"):
                await asyncio.wait_for(accepter.accept(new("u2")), 180)  # far beyond it: only a hang reaches this
            assert await is_closed(used), "it is in the middle of a statement"
        finally:
            os.kill(backend, signal.SIGCONT)
    again = new("u3")
    assert (await accepter.accept(again)).job_id == again.job_id
    assert len(opened) == 2, "on a connection of its own"


async def is_closed(connection: Connection) -> bool:
    """It is, once the task that was cancelled has run."""
    for _ in range(1000):
        if connection.closed:
            return True
        await asyncio.sleep(0.01)
    return False
