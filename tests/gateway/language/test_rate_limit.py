"""The rate limit on provider calls is one limit, however many workers ask, and it survives them."""

import asyncio
import itertools
from collections.abc import AsyncIterator, Callable

import pytest

from gateway.database.pool import Database, open_database
from gateway.language.rate_limit import PostgresRateLimit
from pipelines.contract import PipelineError
from tests.conftest import settings_for


@pytest.fixture
async def two(new_database_url: Callable[[], str]) -> AsyncIterator[tuple[Database, Database]]:
    """Two workers' own pools on one database."""
    url = new_database_url()
    opened = await open_database(settings_for(url)), await open_database(settings_for(url))
    yield opened
    for database in opened:
        await database.close()


async def test_two_pools_share_one_limit(two: tuple[Database, Database]) -> None:
    paces = [PostgresRateLimit(database.pool, per_minute=1) for database in two]
    waits = sorted(await asyncio.gather(*(paces[n % 2].book() for n in range(20))))
    # The slots lie a minute apart and none is given twice; how long booking itself took is small against that.
    assert waits[0] == 0.0
    assert waits[-1] == pytest.approx(19 * 60, abs=30)
    assert all(30 < second - first < 90 for first, second in itertools.pairwise(waits))


async def test_a_call_of_many_tokens_takes_their_time(two: tuple[Database, Database]) -> None:
    one, other = (PostgresRateLimit(database.pool, per_minute=1) for database in two)
    await one.book(tokens=10)
    assert await other.book() == pytest.approx(10 * 60, abs=30)


async def test_limits_of_other_names_do_not_matter(two: tuple[Database, Database]) -> None:
    await PostgresRateLimit(two[0].pool, per_minute=1, name="one").book(tokens=100)
    assert await PostgresRateLimit(two[1].pool, per_minute=1, name="other").book() == 0.0


async def test_acquiring_sleeps_until_the_slot(two: tuple[Database, Database]) -> None:
    slept: list[float] = []

    async def sleep(seconds: float) -> None:
        slept.append(seconds)

    pace = PostgresRateLimit(two[0].pool, per_minute=1, sleep=sleep)
    for _ in range(3):
        await pace.acquire()
    assert slept == [pytest.approx(60, abs=30), pytest.approx(120, abs=30)]


async def test_a_database_that_is_gone_is_a_retryable_error(two: tuple[Database, Database]) -> None:
    pace = PostgresRateLimit(two[0].pool, per_minute=60)
    await two[0].pool.close()
    with pytest.raises(PipelineError, match="database") as raised:
        await pace.acquire()
    assert raised.value.retryable
