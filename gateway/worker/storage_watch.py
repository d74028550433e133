"""Looks at the storage again and again, and wakes the jobs that wait for it, or for a provider, when they may go on."""

from dataclasses import dataclass
from typing import Final

import structlog

from gateway.exports import StorageDeniedError
from gateway.exports.gate import StorageGate
from gateway.jobs.waiting import PROVIDER, STORAGE, WaitingJobs
from gateway.telemetry.metrics import Metrics

SOUNDING_SECONDS: Final = 60.0  # one waiting job is tried again after so long, although nothing says that it may go on
log = structlog.get_logger(__name__)


@dataclass(slots=True)
class StorageWatch:
    """One for a worker. `is_open`: what the last look found; False before the first, so that a worker that starts wakes
    what waited when the one before it was killed."""

    gate: StorageGate
    waiting: WaitingJobs
    metrics: Metrics
    is_open: bool = False

    async def look(self) -> None:
        """Look once. All go on when the storage is back; while it answers and jobs wait all the same, one is tried."""
        await self.gate.look()
        shut, was_open = self.gate.shut, self.is_open
        self.is_open = shut is None
        denied = isinstance(shut, StorageDeniedError)
        self.metrics.storage_up.set(shut is None or denied)
        self.metrics.storage_denied.set(denied)
        if shut is not None:
            log.error("storage_refuses" if denied else "storage_away", reason=str(shut))
        elif not was_open:
            if woken := await self.waiting.wake(STORAGE, untried_seconds=0.0):
                log.warning("storage_back", jobs=woken)
        else:
            await self.waiting.wake(STORAGE, untried_seconds=SOUNDING_SECONDS, limit=1)
        await self.waiting.wake(PROVIDER, untried_seconds=SOUNDING_SECONDS, limit=1)
