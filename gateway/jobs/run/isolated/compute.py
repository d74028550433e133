"""Computing beside the loop of a run: processes that are forked before its pipeline's code runs, and end with it."""

import asyncio
import os
import pickle
import signal
import socket
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, TypeVar

from gateway.jobs.run.isolated.errors import OutOfTime, Unexpected, failure_of
from pipelines.contract import PipelineError

T = TypeVar("T")
HEADER = 8  # bytes, big-endian length
DIED = "a worker process died, maybe for lack of memory"


@dataclass(frozen=True, slots=True, eq=False)
class Forked:
    """One process that computes, and the socket to it."""

    pid: int
    channel: socket.socket


class ForkedCompute:
    """Runs functions in processes; cancelling a call kills its process."""

    def __init__(self, forks: Sequence[Forked], cpu_seconds: float) -> None:
        self._cpu_seconds = cpu_seconds
        self.pids = (os.getpid(), *(fork.pid for fork in forks))
        self._living = len(forks)
        self._idle: asyncio.Queue[Forked | None] = asyncio.Queue()  # None: no process lives
        for fork in forks:
            self._idle.put_nowait(fork)

    @classmethod
    def start(
        cls,
        processes: int,
        cpu_seconds: float,
        not_theirs: Sequence[socket.socket],
        restrict: Callable[[Sequence[int]], object],
    ) -> "ForkedCompute":
        """Fork, while this process has one thread and no loop. `not_theirs` are closed in the forks; `restrict` is
        called in each with the processes that it may signal."""
        forks: list[Forked] = []
        for _ in range(processes):
            ours, theirs = socket.socketpair()
            pid = os.fork()
            if pid == 0:
                for other in (ours, *not_theirs, *(fork.channel for fork in forks)):
                    other.close()
                restrict((os.getpid(),))
                answer_calls(theirs)
            theirs.close()
            ours.settimeout(0)
            forks.append(Forked(pid, ours))
        return cls(forks, cpu_seconds)

    async def __call__(self, function: Callable[..., T], *args: Any) -> T:
        """Raises what `function` raises; `PipelineError` (retryable) when its process was killed."""
        fork = await self._idle.get()
        if fork is None:
            self._idle.put_nowait(None)
            return function(*args)  # calls were cancelled, and took their processes along
        try:
            error, value = await ask(fork.channel, (function, args))
        except (asyncio.CancelledError, OSError, EOFError) as why:
            status = self._drop(fork)
            if isinstance(why, asyncio.CancelledError):
                raise
            if status == -signal.SIGXCPU:
                raise OutOfTime(self._cpu_seconds) from why
            raise PipelineError(DIED, retryable=True) from why
        self._idle.put_nowait(fork)
        if error is not None:
            raise error
        result: T = value
        return result

    def _drop(self, fork: Forked) -> int:
        """End it; what it had ended with by itself, or -SIGKILL."""
        self._living -= 1
        fork.channel.close()
        if not self._living:
            self._idle.put_nowait(None)
        with suppress(ProcessLookupError):
            os.kill(fork.pid, signal.SIGKILL)
        return os.waitstatus_to_exitcode(os.waitpid(fork.pid, 0)[1])


async def ask(channel: socket.socket, message: Any) -> tuple[BaseException | None, Any]:
    """Send a message, and wait for the answer. Raises EOFError when the other process is gone."""
    loop = asyncio.get_running_loop()
    body = pickle.dumps(message)
    await loop.sock_sendall(channel, len(body).to_bytes(HEADER, "big") + body)
    size = int.from_bytes(await receive(loop, channel, HEADER), "big")
    answer: tuple[BaseException | None, Any] = pickle.loads(await receive(loop, channel, size))  # noqa: S301 - our fork
    return answer


async def receive(loop: asyncio.AbstractEventLoop, channel: socket.socket, size: int) -> bytes:
    """So many bytes. Raises EOFError."""
    parts = bytearray()
    while len(parts) < size:
        part = await loop.sock_recv(channel, min(size - len(parts), 1 << 20))
        if not part:
            raise EOFError
        parts += part
    return bytes(parts)


def answer_calls(channel: socket.socket) -> None:
    """In the forked process: compute what is asked for, until nobody asks any more. Never returns."""
    with suppress(BaseException), channel.makefile("rwb") as stream:
        while head := stream.read(HEADER):
            function, args = pickle.loads(stream.read(int.from_bytes(head, "big")))  # noqa: S301 - the run's own
            body = outcome_of(function, args)
            stream.write(len(body).to_bytes(HEADER, "big"))
            stream.write(body)
            stream.flush()
    os._exit(0)


def outcome_of(function: Callable[..., Any], args: tuple[Any, ...]) -> bytes:
    """What the function returned or raised, pickled."""
    try:
        return pickle.dumps((None, function(*args)))
    except Exception as error:  # noqa: BLE001 - raised again where it was asked for
        try:
            pickle.loads(body := pickle.dumps((error, None)))  # noqa: S301 - an error that cannot be read is told by name
        except Exception:  # noqa: BLE001
            failure = failure_of(error)
            return pickle.dumps((Unexpected(failure.message, failure.trace), None))
        return body
