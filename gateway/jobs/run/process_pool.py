"""Runs CPU-bound functions in worker processes: the event loop keeps answering, and cancelling kills the process."""

import os
from collections.abc import Callable
from typing import Any, TypeVar

import anyio
import anyio.to_process
from anyio import BrokenWorkerProcess, CapacityLimiter

from pipelines.contract import PipelineError

T = TypeVar("T")


class ProcessCompute:
    """At most `processes` at once; idle ones are used again. Make it inside a running event loop."""

    def __init__(self, processes: int | None = None) -> None:
        self._limiter = CapacityLimiter(processes or os.cpu_count() or 1)

    async def __call__(self, function: Callable[..., T], *args: Any) -> T:
        """Raises what `function` raises; `PipelineError` (retryable) when its process was killed."""
        try:
            return await anyio.to_process.run_sync(function, *args, cancellable=True, limiter=self._limiter)
        except BrokenWorkerProcess as error:
            raise PipelineError("a worker process died, maybe for lack of memory", retryable=True) from error
