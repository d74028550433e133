"""What a worker that runs comparisons looks after their batches with."""

from gateway.database.pool import Connection
from gateway.jobs.queue.job_queue import JobQueue
from gateway.services import Services
from gateway.shadow.batches.store import BatchStore
from gateway.shadow.batches.watch import BatchWatch
from gateway.shadow.run import Shadows


def build_batch_watch(services: Services, shadows: Shadows, queue: JobQueue[Connection]) -> BatchWatch:
    """What looks after the batches of comparisons."""
    batches = services.shadow_batches
    return BatchWatch(
        store=BatchStore(services.database.pool),
        queue=queue,
        desk=None if batches is None else batches.desk,
        flags=services.flags,
        metrics=services.metrics,
        leave_out=shadows.leave_out,
    )
