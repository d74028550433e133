"""Taking entries of one queue, through the job engine's own worker, for as long as the gateway's worker runs."""

import asyncio
from dataclasses import dataclass

import procrastinate
import structlog
from procrastinate.worker import Worker as QueueWorker

from gateway.database.retry import first_line
from gateway.jobs.queue.engine import QUEUE_ERRORS

POLL_SECONDS = 1.0  # for entries that no notification told of: put back for later, or behind a pooler
log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class QueueOptions:
    """One queue as a worker takes from it. `size` entries at once; `listens`: hears of new ones without asking."""

    queue: str
    worker: str
    size: int
    listens: bool
    heartbeat_seconds: float
    forget_seconds: float  # after which a silent worker's row is removed


async def take(engine: procrastinate.App, options: QueueOptions, stopping: asyncio.Event) -> None:
    """Take entries until `stopping`; begin again should the engine's worker end by itself."""
    while not stopping.is_set():
        worker = build_queue_worker(engine, options)
        stopper = asyncio.create_task(stop_with(worker, stopping))
        try:
            await worker.run()  # type: ignore[no-untyped-call]
        except QUEUE_ERRORS as error:
            log.warning("queue_worker_ended", queue=options.queue, error=first_line(error))
        finally:
            stopper.cancel()
        if not stopping.is_set():
            await asyncio.sleep(1)


def build_queue_worker(engine: procrastinate.App, options: QueueOptions) -> QueueWorker:
    """The engine's worker for one queue."""
    return QueueWorker(
        engine,
        queues=[options.queue],
        name=options.worker,
        concurrency=options.size,
        fetch_job_polling_interval=POLL_SECONDS,
        abort_job_polling_interval=3600.0,  # cancelling goes by our own row
        listen_notify=options.listens,
        delete_jobs="always",
        install_signal_handlers=False,
        update_heartbeat_interval=options.heartbeat_seconds,
        stalled_worker_timeout=options.forget_seconds,
    )


async def stop_with(worker: QueueWorker, stopping: asyncio.Event) -> None:
    """Stop the engine's worker when the gateway's is told to."""
    await stopping.wait()
    worker.stop()  # type: ignore[no-untyped-call]
