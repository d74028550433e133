"""Putting back what dead workers held, and what lost its queue entry. One worker does it for all."""

import time
from dataclasses import dataclass, field

import structlog

from gateway.config.settings import Settings
from gateway.database.pool import Connection
from gateway.jobs.outbox import Outbox
from gateway.jobs.queue.job_queue import JobQueue
from gateway.jobs.queue.lost import LostJobs
from gateway.jobs.store import JobStore
from gateway.retrieval.embedding_store import EmbeddingStore
from gateway.telemetry.metrics import Metrics

log = structlog.get_logger(__name__)


@dataclass(slots=True)
class Recovery:
    """What recovers, and when the database last failed: right after that, no worker could write a heartbeat."""

    queue: JobQueue[Connection]
    store: JobStore
    lost: LostJobs
    outbox: Outbox
    metrics: Metrics
    settings: Settings
    embeds: bool
    fault_at: float = field(default_factory=time.monotonic)

    def note_fault(self) -> None:
        """The database failed just now."""
        self.fault_at = time.monotonic()

    async def look(self) -> None:
        """Put back entries of silent workers, and enqueue what is open and has no entry."""
        stalled_after = self.settings.stalled_after_seconds
        if time.monotonic() - self.fault_at < 2 * self.settings.heartbeat_seconds:
            return
        if recovered := await self.queue.recover(stalled_after):
            self.metrics.jobs_recovered.labels("stalled").inc(recovered)
            log.warning("entries_recovered", count=recovered)
        swept = await self.lost.sweep(stalled_after) + await self.outbox.sweep(stalled_after)
        if self.embeds:
            swept += await EmbeddingStore(self.store.pool).sweep(stalled_after)
        if swept:
            self.metrics.jobs_recovered.labels("lost").inc(swept)
            log.warning("lost_entries_enqueued", count=swept)
