"""Looks at the storage again and again, and wakes the jobs that wait for it, or for a provider, when they may go on."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import structlog

from gateway.exports import StorageDeniedError
from gateway.exports.gate import StorageGate
from gateway.jobs.waiting import PROVIDER, STORAGE, Awaited, WaitingJobs
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
    leads: Callable[[], bool] = lambda: True
    is_open: bool = False
    sounded_at: float = float("-inf")

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
        elif not was_open and (woken := await self.waiting.wake(STORAGE, untried_seconds=0.0)):
            log.warning("storage_back", jobs=woken)
        await self._sound(*([STORAGE] if shut is None else []), PROVIDER)

    async def _sound(self, *services: tuple[Awaited, ...]) -> None:
        """Try one that waits: whoever leads often, the others, who may reach what it cannot, now and then."""
        if not self.leads() and time.monotonic() - self.sounded_at < SOUNDING_SECONDS:
            return
        self.sounded_at = time.monotonic()
        for awaited in services:
            await self.waiting.wake(awaited, untried_seconds=SOUNDING_SECONDS, limit=1)
