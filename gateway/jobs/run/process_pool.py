"""Runs CPU-bound functions in worker processes: the event loop keeps answering, and cancelling kills the process."""

import asyncio
import math
import os
from collections.abc import Callable, Coroutine
from typing import Any, TypeVar, cast

import anyio
import anyio.to_process
from anyio import BrokenWorkerProcess, CancelScope, CapacityLimiter, move_on_after
from anyio.lowlevel import RunVar

from pipelines.contract import PipelineError

T = TypeVar("T")
READY_SECONDS = 30.0  # anyio gives a process 20 to start
READY_ATTEMPTS = 3


class ProcessCompute:
    """At most `processes` at once; idle ones are used again. Make it inside a running event loop."""

    def __init__(self, processes: int | None = None) -> None:
        self._room = CapacityLimiter(processes or os.cpu_count() or 1)

    async def __call__(self, function: Callable[..., T], *args: Any) -> T:
        """Raises what `function` raises; `PipelineError` (retryable) when its process was killed."""
        ready = cast("CapacityLimiter", Ready(self._room))
        try:
            return await anyio.to_process.run_sync(function, *args, cancellable=True, limiter=ready)
        except BrokenWorkerProcess as error:
            raise PipelineError("a worker process died, maybe for lack of memory", retryable=True) from error


_TURN: RunVar[asyncio.Lock] = RunVar("gateway_turn_to_take_an_idle_process")  # one a loop, as anyio's processes are


def turn_to_take() -> asyncio.Lock:
    """Held from making a process ready until it is about to be taken, by all who use this loop's processes."""
    if (lock := _TURN.get(None)) is None:
        _TURN.set(lock := asyncio.Lock())
    return lock


class Ready:
    """Entered by anyio in place of a limiter, right before it takes an idle process: there is one then.

    A process that anyio starts itself is left behind for ever where the call is cancelled while it starts (anyio's pull
    request 1337). So it is started here, by a call that nobody cancels, and is idle when that has ended. That call
    takes an idle process where there is one, so calls do this one after the other.
    """

    def __init__(self, room: CapacityLimiter) -> None:
        self._room = room

    async def __aenter__(self) -> None:
        await self._room.acquire()
        try:
            async with turn_to_take():
                with CancelScope(shield=True):
                    await to_its_end(make_ready())
        except BaseException:
            self._room.release()
            raise

    async def __aexit__(self, *_raised: object) -> None:
        self._room.release()


async def make_ready() -> None:
    """See that a process is idle. One that does not answer is killed, since all who compute wait for their turn behind
    it, and the next is tried; raises BrokenWorkerProcess when none answers.

    anyio bounds a start by itself, by less: what is cancelled here has started, and anyio kills it.
    """
    for _ in range(READY_ATTEMPTS):
        with move_on_after(READY_SECONDS):
            await anyio.to_process.run_sync(int, cancellable=True, limiter=CapacityLimiter(math.inf))
            return
    raise BrokenWorkerProcess("no process got ready")


async def to_its_end(call: Coroutine[Any, Any, object]) -> None:
    """Run it whole, also when asyncio cancels the caller, which heeds no scope of anyio's; that is raised then."""
    task, cancelled = asyncio.ensure_future(call), None
    while not task.done():
        try:
            await asyncio.wait({task})
        except asyncio.CancelledError as error:
            cancelled = error
    if cancelled is not None:
        raise cancelled
    task.result()
