"""When a comparison makes way: for a user's job that waits for a free slot, not for one that is about to start."""

import uuid

import pytest

from gateway.database.pool import Database
from gateway.shadow.store import ShadowStore


async def add(database: Database, user: str, status: str, seconds_ago: float, ended_ago: float | None = None) -> None:
    async with database.pool.connection() as connection:
        await connection.execute(
            "insert into processing_jobs (id, user_id, status, pipeline, created_at, completed_at) values (%s, %s, %s,"
            " 'v1', now() - make_interval(secs => %s), now() - make_interval(secs => %s))",
            (uuid.uuid4(), user, status, seconds_ago, ended_ago),
        )


@pytest.mark.parametrize(
    ("own", "waits"),
    [
        (None, True),
        (("processing", None), False),  # it waits for its user's other job
        (("complete", 0.0), False),  # that one has just ended: it is about to start
        (("failed", 0.0), False),
        (("complete", 30.0), True),
    ],
)
async def test_only_a_job_that_could_have_started_counts(
    database: Database, own: tuple[str, float | None] | None, waits: bool
) -> None:
    await add(database, "ann", "pending", 60.0)
    if own is not None:
        await add(database, "ann", own[0], 90.0, own[1])
    assert await ShadowStore(database.pool).primary_jobs_wait() == waits


async def test_a_job_that_was_accepted_just_now_does_not_count_and_nor_do_those_of_others_for_it(
    database: Database,
) -> None:
    await add(database, "ann", "pending", 0.0)
    assert not await ShadowStore(database.pool).primary_jobs_wait()
    await add(database, "bob", "pending", 60.0)
    await add(database, "ann", "complete", 90.0, 0.0)
    assert await ShadowStore(database.pool).primary_jobs_wait()
