"""What repeats is found, whether or not it was expected; expecting it costs new rows something, so it is not always."""

import hashlib
import uuid
from collections.abc import AsyncIterator
from typing import Any

import psycopg
import pytest
from hypothesis import given
from hypothesis import strategies as st

from flags.model import Decision
from gateway.database.pool import Connection, Database
from gateway.jobs.accept.prepared import Prepared
from gateway.jobs.accept.rows import NewJob, Row, request_key, row_of
from gateway.jobs.accept.store import AcceptStore

FLAG = Decision("v1", "flag", 0.0, "rev")


class Counting(psycopg.AsyncConnection[Any]):
    """A connection that counts what the database refused."""

    refused = 0

    async def execute(self, *args: Any, **options: Any) -> psycopg.AsyncCursor[Any]:
        try:
            return await super().execute(*args, **options)
        except psycopg.errors.UniqueViolation:
            Counting.refused += 1
            raise


def asked(user: str) -> Row:
    return row_of(NewJob(str(uuid.uuid4()), user, "a/b.json", 1, 2, FLAG, pinned=False, request_key="same"))


@pytest.fixture
async def store(database: Database) -> AsyncIterator[AcceptStore]:
    async def connect() -> psycopg.AsyncConnection[Any]:
        return await Counting.connect(database.url, autocommit=True)

    Counting.refused = 0
    made = AcceptStore(connect, database.pool, queue_limit=None)
    yield made
    await made.close()


async def test_a_row_that_repeats_one_joins_and_those_beside_it_are_new(store: AcceptStore, database: Database) -> None:
    first, new, again = asked("u1"), asked("u2"), asked("u1")
    assert await store.write([first]) == {first.id: (first.id, "v1", False)}
    assert await store.write([again, new]) == {again.id: (first.id, "v1", True), new.id: (new.id, "v1", False)}
    async with database.pool.connection() as connection:
        jobs = await (await connection.execute("select id::text from processing_jobs order by user_id")).fetchall()
        entries = await (
            await connection.execute("select args ->> 'job_id' from procrastinate_jobs order by lock")
        ).fetchall()
    assert jobs == entries == [(first.id,), (new.id,)], "what the database refused left nothing behind"


async def test_a_storm_of_repeats_is_refused_once(store: AcceptStore) -> None:
    rows = [asked(f"u{n}") for n in range(5)]
    await store.write(rows)
    for _ in range(5):
        answers = await store.write([asked(row.user_id) for row in rows])
        assert sorted(job for job, _, joined in answers.values() if joined) == sorted(row.id for row in rows)
    assert Counting.refused == 1


async def test_a_row_that_was_committed_before_is_found_as_its_own(store: AcceptStore) -> None:
    row = asked("u1")
    await store.write([row])
    assert await store.write([row]) == {row.id: (row.id, "v1", False)}


@given(
    st.lists(st.text(max_size=20) | st.binary(max_size=20) | st.just("long" * 5000) | st.just(b"x" * 5000), max_size=5)
)
def test_a_requests_key_is_the_digest_of_its_framed_parts(parts: list[str | bytes]) -> None:
    data = [part.encode() if isinstance(part, str) else part for part in parts]
    framed = b"".join(len(part).to_bytes(8, "big") + part for part in data)
    assert request_key(*parts) == hashlib.blake2b(framed, digest_size=16).hexdigest()


async def test_a_connection_that_was_left_amid_a_statement_is_closed(
    store: AcceptStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    await store.write([asked("u1")])
    left: list[Connection] = []

    async def left_amid(self: Prepared, values: object) -> bool:
        self.connection.pgconn.send_query(b"select pg_sleep(600)")
        left.append(self.connection)
        raise LookupError

    with monkeypatch.context() as patched:
        patched.setattr(Prepared, "run", left_amid)
        with pytest.raises(LookupError):
            await store.write([asked("u2")])
    assert [one.closed for one in left] == [True]
    row = asked("u3")
    assert await store.write([row]) == {row.id: (row.id, "v1", False)}
