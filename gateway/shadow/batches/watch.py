"""Looks after batches under way: collects those that have ended, finds lost ones, cancels what nobody wants."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import structlog

from flags.source import FlagSource
from gateway.database.pool import Connection
from gateway.jobs.queue.job_queue import JobQueue
from gateway.shadow.batches.model import Batch
from gateway.shadow.batches.store import BatchStore
from gateway.shadow.model import Ending
from gateway.telemetry.metrics import Metrics
from gateway.telemetry.metrics.run_labels import counted_as
from pipelines.contract import PipelineError
from pipelines.language.waiting import Unknown

if TYPE_CHECKING:
    from pipelines.language.provider.batches.desk import BatchDesk

OVERDUE_SECONDS: Final = 26 * 3600.0  # vendors end a batch after a day; then it is cancelled
LOST_SECONDS: Final = 2 * OVERDUE_SECONDS
log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class BatchWatch:
    """One a worker that runs comparisons; each takes what the others do not look at. Without a `desk` (LANGUAGE_BATCH
    was taken back) comparisons that are aside go on in the usual way. `leave_out` closes one."""

    store: BatchStore
    queue: JobQueue[Connection]
    desk: "BatchDesk | None"
    flags: FlagSource
    metrics: Metrics
    leave_out: Callable[[str, Ending], Awaitable[None]]

    async def look(self) -> None:
        """Look at all that is due. Raises psycopg's errors."""
        while (batch := await self.store.take_due()) is not None:
            try:
                await self._look_at(batch)
            except Unknown as unknown:
                await self._lose(batch, str(unknown))
            except (PipelineError, TimeoutError) as error:
                log.warning("shadow_batch_unreachable", batch=batch.id.hex, job_id=batch.job_id, error=str(error))

    async def _look_at(self, batch: Batch) -> None:
        if batch.status == "unsent":
            await self.store.drop(batch, self.queue, unspent=True)
        elif self.desk is None:
            await self._lose(batch, "LANGUAGE_BATCH is not set any more")
        elif batch.age_seconds > LOST_SECONDS:
            await self._lose(batch, "it did not end in two days")
        elif batch.handle is None:
            await self._find(self.desk, batch)
        else:
            await self._follow(self.desk, batch, batch.handle)

    async def _find(self, desk: "BatchDesk", batch: Batch) -> None:
        """Its worker ended, or the provider's answer was lost, before it was known whether it was taken."""
        others = await self.store.handles()
        handle = await desk.find(batch.id, batch.questions, batch.grouping, batch.begun_at, others)
        if handle is None:
            self._count(batch, "not_sent")
            await self.store.drop(batch, self.queue, unspent=True)
        else:
            self._count(batch, "found")
            await self.store.sent(batch.id, handle)

    async def _follow(self, desk: "BatchDesk", batch: Batch, handle: str) -> None:
        if batch.status != "cancelled" and await self._is_to_stop(batch):
            handle = await desk.cancel(handle)
            await self.store.cancelled(batch, handle)
            self._count(batch, "cancelled")
        handle, ended = await desk.look(handle)
        if ended:
            await self._collect(desk, batch, handle)

    async def _is_to_stop(self, batch: Batch) -> bool:
        rollout = self.flags.state().rollout
        if batch.wanted and batch.job_id is not None and rollout is not None and rollout.shadow_percent <= 0:
            await self.leave_out(batch.job_id, Ending("skipped", "comparisons were turned off"))
            return True
        return not batch.wanted or batch.age_seconds > OVERDUE_SECONDS

    async def _collect(self, desk: "BatchDesk", batch: Batch, handle: str) -> None:
        collected = await desk.collect(handle)
        if not await self.store.finish(batch, collected, self.queue):
            return
        with counted_as(batch.pipeline, batch.mode):
            desk.count(collected)
        self._count(batch, "ended")
        answered = sum(one.answer.status == "succeeded" for one in collected)
        log.info(
            "shadow_batch_ended", batch=batch.id.hex, job_id=batch.job_id, questions=batch.questions, answered=answered,
            seconds=batch.age_seconds,
        )  # fmt: skip
        try:
            await desk.delete(handle)
        except (PipelineError, TimeoutError) as error:
            log.warning("shadow_batch_not_deleted", batch=batch.id.hex, error=str(error))

    async def _lose(self, batch: Batch, why: str) -> None:
        """What it costs is not known, so that what was reserved for it stays spent."""
        self._count(batch, "lost")
        log.warning("shadow_batch_lost", batch=batch.id.hex, job_id=batch.job_id, handle=batch.handle, reason=why)
        await self.store.drop(batch, self.queue, unspent=False)

    def _count(self, batch: Batch, event: str) -> None:
        self.metrics.shadow_batches.labels(batch.mode, event).inc()
