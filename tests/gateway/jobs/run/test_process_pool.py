"""Functions run in processes of their own; whenever a call is cancelled, none of them stays."""

import asyncio
import os
import signal
import time
from collections.abc import Awaitable, Callable
from contextlib import suppress

import psutil
import pytest
from anyio import move_on_after

from gateway.jobs.run.process_pool import ProcessCompute
from pipelines.contract import PipelineError


def workers() -> set[psutil.Process]:
    """Those that are there now; one of another test may be about to end."""
    return {one for one in psutil.Process().children() if is_worker(one)}


def is_worker(process: psutil.Process) -> bool:
    with suppress(psutil.NoSuchProcess):
        return "anyio.to_process" in process.cmdline()
    return False


def die() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


async def by_scope(seconds: float, call: Awaitable[object]) -> None:
    with move_on_after(seconds):
        await call


async def by_asyncio(seconds: float, call: Awaitable[object]) -> None:
    with suppress(TimeoutError):
        async with asyncio.timeout(seconds):
            await call


async def by_asyncio_twice(seconds: float, call: Awaitable[object]) -> None:
    task = asyncio.ensure_future(call)
    for _ in range(2):
        await asyncio.sleep(seconds)
        task.cancel()
    await asyncio.wait({task})


@pytest.mark.parametrize("cancelled", [by_scope, by_asyncio, by_asyncio_twice])
async def test_a_call_that_is_cancelled_while_its_process_starts_leaves_none_behind(
    cancelled: Callable[[float, Awaitable[object]], Awaitable[None]],
) -> None:
    others, compute = workers(), ProcessCompute(1)
    for seconds in (0.0, 0.01, 0.03, 0.1, 0.2):
        await cancelled(seconds, compute(time.sleep, 600))
    assert len(workers() - others) <= 1  # an idle one
    assert await compute(abs, -3) == 3
    assert len(workers() - others) == 1


async def test_calls_wait_for_their_turn_and_use_idle_processes_again() -> None:
    compute = ProcessCompute(2)
    numbers = await asyncio.gather(*(compute(os.getpid) for _ in range(8)))
    assert 1 <= len(set(numbers)) <= 2
    assert await compute(os.getpid) in numbers


async def test_a_process_that_dies_fails_its_call_alone_and_what_a_function_raises_is_raised() -> None:
    compute = ProcessCompute(1)
    with pytest.raises(PipelineError, match="died") as died:
        await compute(die)
    assert died.value.retryable
    with pytest.raises(ZeroDivisionError):
        await compute(divmod, 1, 0)
    assert await compute(abs, -3) == 3
