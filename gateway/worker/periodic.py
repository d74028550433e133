"""Work that a worker does again and again beside its jobs."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

import structlog

from gateway.database.retry import AWAY, first_line
from gateway.telemetry.metrics import Metrics

log = structlog.get_logger(__name__)


async def run_every(
    name: str,
    seconds: float,
    work: Callable[[], Awaitable[Any]],
    metrics: Metrics,
    *,
    on_fault: Callable[[], None] = lambda: None,
) -> None:
    """Do `work` every so many seconds, until cancelled. A database fault is logged, told to `on_fault`, waited out.

    Any other failure is logged and counted, and an alert tells of it: the last success grows old.
    """
    metrics.periodic_interval.labels(name).set(seconds)
    failures = metrics.periodic_failures.labels(name)
    last_success = metrics.periodic_success.labels(name)
    last_success.set_to_current_time()
    while True:
        try:
            await work()
            last_success.set_to_current_time()
        except AWAY as error:
            failures.inc()
            on_fault()
            log.warning("database_away", during=name, error=first_line(error))
        except Exception:  # it may go better next time, and nobody else does this work here
            failures.inc()
            metrics.unexpected_errors.labels("keeper").inc()
            log.exception("periodic_work_broke", work=name)
        await asyncio.sleep(seconds)
