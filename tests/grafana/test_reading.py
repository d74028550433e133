"""What is read from the database at a scrape is right, and a database that hangs never holds a scrape up."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any, cast

import psycopg
import pytest
from prometheus_client import CollectorRegistry

from gateway.config.settings import Settings
from gateway.database.pool import Database, Pool
from gateway.telemetry.metrics import Metrics
from gateway.telemetry.metrics.database_gauges import DatabaseReading
from gateway.telemetry.metrics.readings import count_for_all
from tests.conftest import settings_for
from tests.fakes.counting_pool import counting

SETTINGS = settings_for("postgresql://nowhere")
STATES = ("watching", "rolled_back", "would_roll_back")
JOB = """
insert into processing_jobs (id, user_id, status, pipeline, worker, created_at, updated_at)
values (gen_random_uuid(), %s, %s, %s, %s, now() - make_interval(secs => %s), now() - make_interval(secs => %s))
"""


class HangingPool:
    """Stands in for a pool whose database takes connections and never answers, or refuses."""

    def __init__(self, *, error: Exception | None = None) -> None:
        self.asked = 0
        self.cancelled = 0
        self.let_go = asyncio.Event()
        self._error = error

    @asynccontextmanager
    async def connection(self, timeout: float | None = None) -> AsyncIterator[Any]:  # noqa: ASYNC109 - as the pool's
        self.asked += 1
        if self._error is not None:
            raise self._error
        try:
            await self.let_go.wait()
        except asyncio.CancelledError:
            self.cancelled += 1
            await self.let_go.wait()  # as the driver does: it waits for the server even to cancel
            raise
        yield None


def reading_of(pool: object, metrics: Metrics, limit: float = 0.05) -> DatabaseReading:
    reading = DatabaseReading(metrics, cast("Pool", pool), SETTINGS, limit_seconds=limit)
    metrics.registry.register(reading)
    return reading


async def test_queues_open_jobs_and_workers_are_as_in_the_database(database: Database) -> None:
    metrics = Metrics(CollectorRegistry())
    reading = reading_of(database.pool, metrics, limit=10)
    async with database.pool.connection() as connection:
        for user, status, pipeline, worker, age in [
            ("a", "pending", "v1", None, 100),
            ("b", "pending", "v2", None, 40),
            ("c", "processing", "v2", "w", 500),
            ("d", "processing", "v1", None, 30),  # put off, for another attempt
            ("e", "complete", "v1", "w", 900),
            ("f", "pending", None, None, 900),  # another program's
        ]:
            await connection.execute(JOB, (user, status, pipeline, worker, age, age))
        await connection.execute(
            "insert into gateway.workers (name, seen_at) values ('a', now()), ('b', now() - interval '1 h')"
        )
        await connection.execute(
            "insert into gateway.guard_rollouts "
            "(pipeline, against, started_at, state, limits, slow_seconds, split_until, acted_at) values "
            "('v2', 'v1', now(), 'watching', '{}', 60, now(), null), "
            "('v2', 'v1', now(), 'rolled_back', '{}', 60, now(), now() - interval '1 minute'), "
            "('v3', 'v2', now(), 'would_roll_back', '{}', 60, now(), null)"
        )
    await reading.refresh()

    def value(name: str, **labels: str) -> float | None:
        return metrics.registry.get_sample_value(name, labels)

    assert value("gateway_queue_depth", queue="primary") == 3
    assert value("gateway_queue_depth", queue="shadow") == 0
    assert value("gateway_queue_depth", queue="outbox") == 0
    oldest = value("gateway_queue_oldest_age_seconds", queue="primary")
    assert oldest is not None
    assert 100 <= oldest < 200
    assert value("gateway_jobs_open", pipeline="v1", status="pending") == 1
    assert value("gateway_jobs_open", pipeline="v1", status="processing") == 1
    assert value("gateway_jobs_open", pipeline="v2", status="processing") == 1
    assert value("gateway_worker_registrations") == 1
    assert [value("gateway_guard_state", pipeline=of, state=state) for of in ("v2", "v3") for state in STATES] == [
        0, 1, 0, 0, 0, 1,
    ]  # fmt: skip
    acted = value("gateway_guard_acted_age_seconds", pipeline="v2")
    assert acted is not None
    assert 60 <= acted < 160
    assert value("gateway_guard_acted_age_seconds", pipeline="v3") is None


async def test_a_database_that_hangs_leaves_values_absent_and_is_asked_once() -> None:
    metrics = Metrics(CollectorRegistry())
    pool = HangingPool()
    reading = reading_of(pool, metrics)
    await reading.refresh()
    await reading.refresh()
    counted = metrics.registry.get_sample_value
    assert counted("gateway_reading_failures_total", {"reason": "timeout"}) == 1
    assert counted("gateway_reading_failures_total", {"reason": "busy"}) == 1
    assert counted("gateway_queue_depth", {"queue": "primary"}) is None
    assert counted("gateway_worker_registrations", {}) is None
    assert pool.asked == 1
    pool.let_go.set()
    await reading.close()


async def test_values_of_before_are_gone_when_the_database_refuses(database: Database) -> None:
    metrics = Metrics(CollectorRegistry())
    good = DatabaseReading(metrics, database.pool, SETTINGS, limit_seconds=10)
    metrics.registry.register(good)
    await good.refresh()
    assert metrics.registry.get_sample_value("gateway_worker_registrations", {}) == 0
    good._pool = cast("Pool", HangingPool(error=psycopg.OperationalError("gone")))
    await good.refresh()
    assert metrics.registry.get_sample_value("gateway_worker_registrations", {}) is None
    assert metrics.registry.get_sample_value("gateway_reading_failures_total", {"reason": "error"}) == 1


async def test_a_fault_of_our_own_is_not_hidden() -> None:
    reading = reading_of(HangingPool(error=ZeroDivisionError("a bug")), Metrics(CollectorRegistry()))
    with pytest.raises(ZeroDivisionError):
        await reading.refresh()


async def test_processes_share_one_count(database: Database) -> None:
    """Ages go on meanwhile; a count older than a minute is made anew when it is due, whoever began one and died."""
    sharing = SETTINGS.model_copy(update={"metrics_count_seconds": 30.0})
    (one, counted), (other, seen) = [shared_reading(database, sharing) for _ in range(2)]
    async with database.pool.connection() as connection:
        await connection.execute(JOB, ("a", "pending", "v1", None, 100, 100))
        await one.refresh()
        await connection.execute(JOB, ("b", "pending", "v1", None, 10, 10))
        await connection.execute("update gateway.counts set counted_at = counted_at - interval '20 s'")
        await other.refresh()
        assert [value("gateway_queue_depth", {"queue": "primary"}) for value in (counted, seen)] == [1, 1]
        ages = [value("gateway_queue_oldest_age_seconds", {"queue": "primary"}) for value in (counted, seen)]
        assert ages[0] is not None
        assert ages[1] is not None
        assert ages[1] - ages[0] >= 19
        await connection.execute("update gateway.counts set counted_at = counted_at - interval '60 s'")
        await other.refresh()
        assert seen("gateway_queue_depth", {"queue": "primary"}) == 1, "counts of deep queues are made seldom"
        await connection.execute("update gateway.counts set due_at = now() - interval '6 s'")
        await other.refresh()
        assert seen("gateway_queue_depth", {"queue": "primary"}) == 2


async def test_a_scrape_is_one_statement_where_somebody_counted(database: Database) -> None:
    settings = SETTINGS.model_copy(update={"metrics_count_seconds": 30.0})
    await count_for_all(database.pool, 20.0, 0.1)
    pool, asked = counting(database.pool)
    reading = DatabaseReading(Metrics(CollectorRegistry()), pool, settings, ["v1"], limit_seconds=10)
    await reading.refresh()
    assert len(asked) == 1
    async with database.pool.connection() as connection:
        await connection.execute(
            "update gateway.counts set counted_at = counted_at - interval '90 s', due_at = now() - interval '6 s'"
        )
    await reading.refresh()
    assert len(asked) > 3  # nobody did: it counts itself


def shared_reading(database: Database, settings: Settings) -> tuple[DatabaseReading, Callable[..., float | None]]:
    """A process's, and its values."""
    metrics = Metrics(CollectorRegistry())
    reading = DatabaseReading(metrics, database.pool, settings, ["v1"], limit_seconds=10)
    metrics.registry.register(reading)
    return reading, metrics.registry.get_sample_value
