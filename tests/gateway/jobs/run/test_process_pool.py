"""Functions run in processes of their own; whenever a call is cancelled, none of them stays."""

import asyncio
import os
import signal
import time
from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import Any

import anyio.to_process
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


async def test_calls_side_by_side_never_start_a_process_that_a_cancel_would_leave_behind(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Two loads of one loop, as two workers have: each takes only what it has made ready itself."""
    unshielded: list[str] = []
    start = vars(anyio.to_process)["open_process"]

    async def watched(*arguments: Any, **options: Any) -> Any:
        task = asyncio.current_task()
        assert task is not None
        if "make_ready" not in repr(task.get_coro()):  # what `Ready` starts is a task of its own
            unshielded.append(repr(task.get_coro()))
        return await start(*arguments, **options)

    monkeypatch.setattr("anyio.to_process.open_process", watched)
    first, second = ProcessCompute(2), ProcessCompute(2)
    for wait in (0, 1, 2, 3, 4, 5, 6, 7, 8):
        await first(abs, -1)  # one is idle, which both would take
        calls = [asyncio.ensure_future(first(time.sleep, 0.05))]
        for _ in range(wait):
            await asyncio.sleep(0)
        calls.append(asyncio.ensure_future(second(time.sleep, 0.05)))
        await asyncio.gather(*calls)
        for process in list(anyio.to_process._process_pool_idle_workers.get())[1:]:
            process[0].kill()
            await process[0].wait()
    assert unshielded == []


async def test_an_idle_process_that_does_not_answer_is_ended_and_holds_nobody_up(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    others, compute = workers(), ProcessCompute(2)
    assert await compute(abs, -1) == 1
    (stuck,) = workers() - others
    stuck.suspend()
    monkeypatch.setattr("gateway.jobs.run.process_pool.READY_SECONDS", 1.0)
    assert [*await asyncio.gather(compute(abs, -2), compute(abs, -3))] == [2, 3]
    assert not stuck.is_running() or stuck.status() == psutil.STATUS_ZOMBIE


async def test_where_no_process_answers_the_call_fails_and_the_next_one_is_served(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    compute = ProcessCompute(1)
    monkeypatch.setattr("gateway.jobs.run.process_pool.READY_SECONDS", 0.0)
    with pytest.raises(PipelineError, match="died") as none:
        await compute(abs, -1)
    assert none.value.retryable
    monkeypatch.undo()
    assert await compute(abs, -1) == 1
