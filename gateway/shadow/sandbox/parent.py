"""A shadow's process, seen from the worker: started with nothing, watched, answered, and always ended."""

import asyncio
import os
import signal
import sys
from collections.abc import Awaitable, Callable, Coroutine
from contextlib import suppress
from pathlib import Path
from typing import Any, Never

import msgspec

from gateway.confinement.disk import held_bytes, left_bytes
from gateway.database.end_tasks import end_tasks
from gateway.jobs.run.isolated.usage import Used, used_by
from gateway.shadow.sandbox.busy import Busy
from gateway.shadow.sandbox.hold import hold
from gateway.shadow.sandbox.protocol import HEADER, MAX_FRAME, Broken, Call, Done, Limits, Reply, Said, Task, pack
from gateway.shadow.sandbox.start import come_last
from gateway.shadow.sandbox.stopped import Stopped

WATCH_SECONDS = 1.0
MOST_PROCESSES = 64
ENDING_SECONDS = 5.0  # for what is cancelled to end, before it is cancelled again
PIPE_SECONDS = 1.0  # for what it wrote last; a child in a session of its own may hold the pipe open
LEFT_BYTES = 256 << 20  # of the disk, for everybody else
KEPT_VARIABLES = ("PATH", "LANG", "LC_ALL", "TZ", "VIRTUAL_ENV", "SSL_CERT_FILE")
OUTCOMES_OF_SIGNALS = {signal.SIGXCPU: "timed_out", signal.SIGXFSZ: "flooded"}

Answer = Callable[[Call], Awaitable[Reply]]
Watch = Callable[[int], Coroutine[Any, Any, Never]]


async def run_process(
    task: Task,
    answer: Answer,
    check: Callable[[], Awaitable[None]],
    busy: Busy | None = None,
    watch: Watch | None = None,
) -> Done:
    """The shadow's answer. Raises `Stopped`: it crashed, hit a limit, or `check`, called again and again, ended it; and
    what `watch` raises, which is given its process id.

    While a job of a user is here, as `busy` says, it stands still, but for a small share of a core.
    Whatever happens, its whole process group is gone afterwards.
    """
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        *("-m", "gateway.shadow.sandbox.start"),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.DEVNULL,
        env=empty_environment(),
        cwd=task.folder,
        start_new_session=True,
    )
    come_last(process.pid)  # before its interpreter starts, which takes longer than to step back by itself
    try:
        beside = () if watch is None else (watch(process.pid),)
        said = await _first(
            converse(process, task, answer),
            guard(process.pid, task, check),
            hold(process, task.limits, busy or Busy()),
            *beside,
        )
    finally:
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        await asyncio.shield(process.wait())
        await shut_pipes(process)
    if isinstance(said, Broken):
        raise Stopped(said.outcome, said.reason)
    return said


async def shut_pipes(process: asyncio.subprocess.Process) -> None:
    """Both pipes of a process that is gone are closed here, too, not whenever the loop comes to it."""
    assert process.stdin is not None and process.stdout is not None  # noqa: S101, PT018 - both are pipes
    with suppress(TimeoutError, ConnectionError):
        async with asyncio.timeout(PIPE_SECONDS):
            process.stdin.close()
            await process.stdin.wait_closed()
            await process.stdout.read()


def empty_environment() -> dict[str, str]:
    """What a shadow needs to start: no key, no address, no setting of ours."""
    kept = {name: os.environ[name] for name in KEPT_VARIABLES if name in os.environ}
    return kept | {"PYTHONPATH": os.pathsep.join(filter(None, sys.path)), "PYTHONDONTWRITEBYTECODE": "1"}


async def converse(process: asyncio.subprocess.Process, task: Task, answer: Answer) -> Done | Broken:
    """Hand the task over, make the calls that are asked for, return the last frame."""
    assert process.stdin is not None and process.stdout is not None  # noqa: S101, PT018 - both are pipes
    stdin = process.stdin
    calls: set[asyncio.Task[None]] = set()

    async def reply_to(call: Call) -> None:
        stdin.write(pack(await answer(call)))
        await stdin.drain()

    try:
        stdin.write(pack(task))
        await stdin.drain()
        while isinstance(said := await read_said(process.stdout), Call):
            calls.add(asyncio.create_task(reply_to(said)))
    except (asyncio.IncompleteReadError, ConnectionError):
        raise crash_of(await process.wait()) from None
    else:
        return said
    finally:
        # A provider's client may lose one cancellation; waited for, it would hold the slot for ever.
        await end_tasks(calls)


async def read_said(stream: asyncio.StreamReader) -> Said:
    """The next frame. Raises `Stopped` for one that is too large, or none of ours."""
    size = int.from_bytes(await stream.readexactly(HEADER), "big")
    if size > MAX_FRAME:
        raise Stopped("flooded", f"an answer of {size} bytes")
    try:
        said: Said = msgspec.msgpack.decode(await stream.readexactly(size), type=Said)
    except msgspec.MsgspecError:
        raise Stopped("crashed", "its answer cannot be read") from None
    return said


def crash_of(returncode: int) -> Stopped:
    """Why a process ended without an answer."""
    if returncode >= 0:
        return Stopped("crashed", f"exit status {returncode}")
    number = signal.Signals(-returncode)
    return Stopped(OUTCOMES_OF_SIGNALS.get(number, "crashed"), number.name)


async def guard(pid: int, task: Task, check: Callable[[], Awaitable[None]]) -> Done | Broken:
    """Look at what it takes, and run `check`, once a second. Never returns: raises `Stopped`."""
    folder = Path(task.folder)
    while True:
        await asyncio.sleep(WATCH_SECONDS)
        hold_to(task.limits, await asyncio.to_thread(used_by, pid))
        most = task.limits.disk_bytes
        if await asyncio.to_thread(held_bytes, folder, most) > most:
            raise Stopped("flooded", f"its folder held more than {most >> 20} MiB")
        if await asyncio.to_thread(left_bytes, folder) < LEFT_BYTES:  # also of files that it has deleted and holds
            raise Stopped("shed", f"less than {LEFT_BYTES >> 20} MiB were left on the disk")
        await check()


def hold_to(limits: Limits, used: Used) -> None:
    """Raises `Stopped` when its processes together take too much."""
    if used.memory > limits.memory_bytes:
        raise Stopped("out_of_memory", f"{used.memory >> 20} MiB")
    if used.processes > MOST_PROCESSES:
        raise Stopped("flooded", f"more than {MOST_PROCESSES} processes")


async def _first(*work: Coroutine[Any, Any, Done | Broken]) -> Done | Broken:
    """The outcome of whichever ends first; the others are cancelled."""
    tasks = [asyncio.create_task(one) for one in work]
    try:
        done, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        return next(iter(done)).result()
    finally:
        await end_tasks(tasks, again_seconds=ENDING_SECONDS)
