"""A comparison's process stands still while a job of a user runs, goes on after it, and never outlives its worker."""

import asyncio
import errno
import os
import signal
import sys
import time
from asyncio.subprocess import DEVNULL, PIPE, Process
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager, suppress
from pathlib import Path
from types import ModuleType

import pytest

from gateway.shadow.sandbox.busy import CALM_SECONDS, Busy
from gateway.shadow.sandbox.hold import Holding, can_be_held, hold, processor_seconds, signals_to
from gateway.shadow.sandbox.protocol import Limits
from gateway.shadow.sandbox.stopped import Stopped
from tests.gateway.jobs.conftest import until

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="processes are held on Linux alone")
# Its niceness is that of its first thread. Another one spins, and keeps its priority: on a busy machine the first would
# take less than the share that it may take, and nobody would have to stop it.
STEPS_BACK = (
    "import os, threading, time\nspin = threading.Thread(target=spinning)\nspin.start(); os.nice(19); spin.join()"
)
SPINS = f"def spinning():\n while True: pass\n{STEPS_BACK}"
ENDS = f"def spinning():\n while time.process_time() < 0.5: pass\n{STEPS_BACK}"
WORKER = """
import os, signal, subprocess, sys, time
child = subprocess.Popen([sys.executable, "-m", "gateway.shadow.sandbox.start"], stdin=subprocess.PIPE)
while os.getpriority(os.PRIO_PROCESS, child.pid) != 19:
    time.sleep(0.01)
os.kill(child.pid, signal.SIGSTOP)
print(child.pid, flush=True)
time.sleep(600)
"""


def state(pid: int) -> str:
    """As the kernel calls it: T is a process that was stopped, Z one that ended; empty: it is gone."""
    with suppress(OSError):
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    return ""


@asynccontextmanager
async def process(program: str) -> AsyncIterator[Process]:
    started = await asyncio.create_subprocess_exec(sys.executable, "-c", program, stdin=PIPE)
    try:
        yield started
    finally:
        with suppress(ProcessLookupError):
            started.kill()
        await started.wait()


def limits(seconds: float) -> Limits:
    return Limits(memory_bytes=1 << 30, seconds=seconds, disk_bytes=1 << 30)


@contextmanager
def always_busy() -> Iterator[Busy]:
    busy = Busy()
    with busy.job():
        yield busy


async def test_it_stands_still_while_a_job_runs_and_goes_on_afterwards() -> None:
    busy = Busy()
    async with process(SPINS) as spinning:
        holding = asyncio.create_task(hold(spinning, limits(600.0), busy))
        with busy.job():
            await until(lambda: asyncio.sleep(0, state(spinning.pid) == "T"))
        await until(lambda: asyncio.sleep(0, not busy.now and state(spinning.pid) in {"R", "S"}))
        with busy.job():
            await until(lambda: asyncio.sleep(0, state(spinning.pid) == "T"))
        assert not holding.done()
        holding.cancel()
        await asyncio.wait({holding})


async def test_it_is_stopped_before_anything_is_done_for_the_job_and_not_at_the_next_look() -> None:
    now, sent = [0.0], list[signal.Signals]()
    busy = Busy(lambda: now[0])
    async with process(SPINS) as spinning:
        await until(lambda: asyncio.sleep(0, can_be_held(spinning.pid)))
        holding = Holding(spinning, busy, sent.append)
        with busy.told(holding.job_comes), busy.job():
            assert sent == [signal.SIGSTOP]
        holding.look()
        assert sent == [signal.SIGSTOP]  # another job may come at once
        now[0] += 2 * CALM_SECONDS
        holding.look()
        assert sent == [signal.SIGSTOP, signal.SIGCONT]


async def test_one_that_cannot_be_held_yet_when_a_job_comes_is_held_as_soon_as_it_can_be() -> None:
    later = STEPS_BACK.replace("os.nice(19)", "time.sleep(0.5); os.nice(19)")
    with always_busy() as busy:
        async with process(f"def spinning():\n while True: pass\n{later}") as spinning:
            holding = asyncio.create_task(hold(spinning, limits(600.0), busy))
            await until(lambda: asyncio.sleep(0, state(spinning.pid) == "T"))
            assert can_be_held(spinning.pid)
            holding.cancel()
            await asyncio.wait({holding})


async def test_its_processor_time_is_that_of_all_its_threads_and_none_when_it_is_gone() -> None:
    async with process(SPINS) as spinning:
        await until(lambda: asyncio.sleep(0, processor_seconds(spinning.pid) > 0.2))
    assert processor_seconds(spinning.pid) == 0.0


async def test_what_it_ended_with_is_told_although_a_signal_came_at_that_moment() -> None:
    for _ in range(5):
        async with process("import time; time.sleep(0.2); raise SystemExit(7)") as ending:
            with signals_to(ending) as send:
                over = time.monotonic() + 0.5
                while time.monotonic() < over or state(ending.pid) not in {"Z", ""}:
                    with suppress(ProcessLookupError):
                        send(signal.SIGCONT)
            assert await asyncio.wait_for(ending.wait(), 180) == 7


@pytest.mark.parametrize(
    ("module", "name", "number"), [(os, "pidfd_open", errno.ENOSYS), (signal, "pidfd_send_signal", errno.EPERM)]
)
async def test_a_kernel_without_handles_of_processes_stops_it_all_the_same(
    monkeypatch: pytest.MonkeyPatch, module: ModuleType, name: str, number: int
) -> None:
    def refused(*_: object) -> int:
        raise OSError(number, "refused")

    async with process(SPINS) as spinning:
        with monkeypatch.context() as kernel:  # asyncio itself needs them when a process starts
            kernel.setattr(module, name, refused)
            with signals_to(spinning) as send:
                send(signal.SIGSTOP)
        await until(lambda: asyncio.sleep(0, state(spinning.pid) in {"T", ""}))
        assert state(spinning.pid) == "T"


async def test_a_job_that_comes_is_not_failed_by_a_comparison_that_cannot_be_stopped() -> None:
    def refused(_signal: signal.Signals) -> None:
        raise PermissionError

    busy = Busy()
    async with process(SPINS) as spinning:
        await until(lambda: asyncio.sleep(0, can_be_held(spinning.pid)))
        holding, ran = Holding(spinning, busy, refused), False
        with busy.told(holding.job_comes), busy.job():
            ran = holding.way.beside_jobs
        assert ran


async def test_it_comes_to_its_end_however_long_jobs_run() -> None:
    with always_busy() as busy:
        async with process(ENDS) as ending:
            holding = asyncio.create_task(hold(ending, limits(600.0), busy))
            await until(lambda: asyncio.sleep(0, state(ending.pid) == "T"))
            assert await asyncio.wait_for(ending.wait(), 180) == 0
            assert not holding.done()
            holding.cancel()
            await asyncio.wait({holding})


async def test_its_time_is_over_when_nothing_holds_it() -> None:
    async with process(SPINS) as spinning:
        with pytest.raises(Stopped, match="longer than"):
            await hold(spinning, limits(0.2), Busy())


async def test_the_time_of_one_that_has_ended_passes_on_beside_jobs() -> None:
    with always_busy() as busy:
        async with process("pass") as ended:
            await ended.wait()
            with pytest.raises(Stopped, match="longer than"):
                await asyncio.wait_for(hold(ended, limits(0.2), busy), 180)


async def test_one_whose_life_is_not_tied_to_the_worker_is_not_held() -> None:
    async with process("while True: pass") as free:
        assert not can_be_held(free.pid)


async def test_one_that_stands_still_ends_with_a_worker_that_is_killed() -> None:
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    worker = await asyncio.create_subprocess_exec(
        sys.executable, "-c", WORKER, stdout=PIPE, stderr=DEVNULL, env=environment
    )
    assert worker.stdout is not None
    pid = int(await worker.stdout.readline())
    await until(lambda: asyncio.sleep(0, state(pid) == "T"))
    worker.send_signal(signal.SIGKILL)
    await worker.wait()
    await until(lambda: asyncio.sleep(0, state(pid) in {"", "Z"}))
