"""What only the database knows, read before each scrape: queues, open jobs, workers. It never holds a scrape up."""

import asyncio
import time
from collections.abc import Iterable, Iterator, Sequence
from typing import get_args

import structlog
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from gateway.config.settings import Settings
from gateway.database.pool import Pool
from gateway.database.retry import DATABASE_ERRORS
from gateway.telemetry.metrics.catalogue import Metrics
from gateway.telemetry.metrics.declare import Entry
from gateway.telemetry.metrics.readings import Readings, read
from pipelines.contract import Cause

LIMIT_SECONDS = 1.0
DEPTH = Entry("gateway_queue_depth", "gauge", "What waits to be begun, by queue.", ("queue",))
OLDEST = Entry(
    "gateway_queue_oldest_age_seconds", "gauge", "How long the oldest of it waits; 0 when nothing does.", ("queue",)
)
OPEN = Entry("gateway_jobs_open", "gauge", "Jobs accepted and not over.", ("pipeline", "status"))
FAILED_USERS = Entry(
    "gateway_failed_users",
    "gauge",
    "Users with a job that failed in the last day, by whose fault; jobs whose caller chose the pipeline are left out.",
    ("pipeline", "cause"),
)
WORKERS = Entry(
    "gateway_worker_registrations",
    "gauge",
    "Workers with a fresh heartbeat.",
)
BUDGET = Entry(
    "gateway_shadow_budget_used_ratio",
    "gauge",
    "Share of today's shadow budget that is spent, by unit: tokens, usd; a budget of nothing is spent.",
    ("unit",),
)
GUARD_LOOK = Entry(
    "gateway_guard_last_look_age_seconds",
    "gauge",
    "How long ago a worker last looked, as the guard, at all that is rolled out, without an error of its own.",
)
GUARD_STATE = Entry(
    "gateway_guard_state",
    "gauge",
    "1 for what the guard did since a version's dial last rose from 0: watching, acting, rolled_back, would_roll_back "
    "(GUARD=dry-run, or a ramp without automatic rollbacks).",
    ("pipeline", "state"),
)
GUARD_ACTED = Entry(
    "gateway_guard_acted_age_seconds", "gauge", "How long ago the guard turned a version off.", ("pipeline",)
)
WAITING = Entry(
    "gateway_jobs_waiting",
    "gauge",
    "Jobs that wait for a service, by which: storage, provider (away), storage_access, provider_access (an operator "
    "has to set a key or a right).",
    ("awaited",),
)
PARKED = Entry("gateway_jobs_parked_now", "gauge", "Jobs left alone because their table refused their end.")
ENTRIES = (DEPTH, OLDEST, OPEN, WAITING, PARKED, FAILED_USERS, WORKERS, BUDGET, GUARD_LOOK, GUARD_STATE, GUARD_ACTED)
STATUSES = ("pending", "processing")
GUARD_STATES = ("watching", "acting", "rolled_back", "would_roll_back")
AWAITED = ("storage", "storage_access", "provider", "provider_access")
log = structlog.get_logger(__name__)


class DatabaseReading(Collector):
    """Exports what was read. When the database does not answer in time, nothing: no value is better than an old one.

    A read that hangs is left behind, not waited for: the driver itself waits for the server even to cancel. Until it
    ends, no other one is begun.
    """

    def __init__(
        self,
        metrics: Metrics,
        pool: Pool,
        settings: Settings,
        pipelines: Iterable[str] = (),
        *,
        limit_seconds: float = LIMIT_SECONDS,
    ) -> None:
        self._metrics = metrics
        self._pool = pool
        self._settings = settings
        self._pipelines = tuple(pipelines)
        self._limit = limit_seconds
        self._reading: asyncio.Task[Readings] | None = None
        self._last: Readings | None = None
        for reason in ("timeout", "busy", "error"):
            metrics.reading_failures.labels(reason)

    async def refresh(self) -> None:
        """Read, for at most the limit. To be awaited before the registry is rendered."""
        began = time.monotonic()
        busy = self._reading is not None and not self._reading.done()
        task = self._reading if busy else asyncio.create_task(self._read(), name="metrics reading")
        assert task is not None  # noqa: S101 - busy with it, or just made
        self._reading = task
        done, _ = await asyncio.wait({task}, timeout=self._limit)
        self._last = None
        if not done:
            if busy:  # a count of a deep queue has until the next scrape, and is what that one shows
                task.cancel()
            self._metrics.reading_failures.labels("busy" if busy else "timeout").inc()
        elif task.cancelled() or isinstance(error := task.exception(), DATABASE_ERRORS):
            self._metrics.reading_failures.labels("error").inc()
            log.warning("metrics_not_read", error="cancelled" if task.cancelled() else type(error).__name__)
        else:
            self._last = task.result()
            self._metrics.reading_seconds.set(time.monotonic() - began)

    async def close(self) -> None:
        """End a read that still hangs."""
        if self._reading is not None:
            self._reading.cancel()
            await asyncio.wait({self._reading}, timeout=self._limit)

    def collect(self) -> Iterator[Metric]:
        """What the last refresh read."""
        last = self._last
        if last is None:
            return
        yield _family(DEPTH, [((queue,), depth) for queue, depth, _ in last.queues])
        yield _family(OLDEST, [((queue,), oldest) for queue, _, oldest in last.queues])
        yield _family(OPEN, list(self._with_zeros(last.open_jobs, STATUSES).items()))
        yield _family(WAITING, [((awaited,), last.waiting.get(awaited, 0)) for awaited in AWAITED])
        yield _family(PARKED, [((), last.parked)])
        yield _family(FAILED_USERS, list(self._with_zeros(last.failed_users, get_args(Cause)).items()))
        yield _family(WORKERS, [((), last.workers)])
        yield _family(BUDGET, self._budget(*last.shadow_spent))
        yield _family(GUARD_LOOK, [((), last.guard_look)])
        yield _family(GUARD_STATE, [((of, one), one == state) for of, state, _ in last.guarded for one in GUARD_STATES])
        yield _family(GUARD_ACTED, [((of,), ago) for of, _, ago in last.guarded if ago is not None])

    def _with_zeros(self, counts: list[tuple[str, str, int]], words: Sequence[str]) -> dict[tuple[str, ...], float]:
        """By pipeline and word. Where there is nothing stands a zero, not a series that ends."""
        none: dict[tuple[str, ...], float] = {(name, word): 0 for name in self._pipelines for word in words}
        return none | {(pipeline, word): count for pipeline, word, count in counts}

    def _budget(self, tokens: int, usd: float) -> list[tuple[tuple[str, ...], float]]:
        most_tokens, most_usd = self._settings.shadow_daily_tokens, self._settings.shadow_daily_usd
        return [
            (("tokens",), tokens / most_tokens if most_tokens else 1.0),
            (("usd",), usd / most_usd if most_usd else 1.0),
        ]

    async def _read(self) -> Readings:
        settings = self._settings
        async with self._pool.connection(timeout=self._limit) as connection:
            return await read(connection, settings.stalled_after_seconds, settings.metrics_count_seconds)


def _family(entry: Entry, values: list[tuple[tuple[str, ...], float]]) -> Metric:
    family = GaugeMetricFamily(entry.name, entry.text, labels=entry.labels)
    for labels, value in values:
        family.add_metric(labels, value)
    return family
