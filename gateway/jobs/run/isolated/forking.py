"""A worker's side of the fork server: started when it is first needed, started again when it died."""

import asyncio
import os
import signal
import socket
import subprocess
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass

from gateway.jobs.run.isolated.errors import NoProcess
from gateway.jobs.run.isolated.orders import END, FORK, MESSAGE

KEPT_VARIABLES = ("PATH", "LANG", "LC_ALL", "TZ", "VIRTUAL_ENV", "TMPDIR")
ATTEMPTS = 3  # to reach a fork server that has just died


@dataclass(slots=True)
class Child:
    """The process of a run. `status` is set when it was ended: what it had ended with by itself, or -SIGKILL."""

    pid: int
    channel: socket.socket
    status: int | None = None


class Forking:
    """Forks processes of `niceness` from one server."""

    def __init__(self, niceness: int) -> None:
        self._niceness = niceness
        self._process: subprocess.Popen[bytes] | None = None
        self._control: socket.socket | None = None
        self._lock = asyncio.Lock()
        self._tasks: set[asyncio.Task[int]] = set()

    def start(self) -> None:
        """Start the server, if it is not there. Raises NoProcess."""
        if self._lives():
            return
        self.stop()
        ours, theirs = socket.socketpair()
        ours.settimeout(0)
        try:
            with theirs:
                self._process = self._started(theirs)
        except OSError as error:
            ours.close()
            raise NoProcess(error.strerror or type(error).__name__) from error
        self._control = ours

    def _started(self, control: socket.socket) -> "subprocess.Popen[bytes]":
        return subprocess.Popen(  # noqa: S603 - our own program
            [sys.executable, "-m", "gateway.jobs.run.isolated.fork_server", str(self._niceness)],
            stdin=control.fileno(),
            stdout=subprocess.DEVNULL,
            env=plain_environment(),
            start_new_session=True,
        )

    def _lives(self) -> bool:
        return self._process is not None and self._process.poll() is None

    def stop(self) -> None:
        """End the server, and with it all that it forked."""
        if self._control is not None:
            self._control.close()
            self._control = None
        if self._process is not None:
            try:
                self._process.wait(2.0)
            except subprocess.TimeoutExpired:
                self._process.kill()
                self._process.wait()
            self._process = None

    @asynccontextmanager
    async def child(self) -> AsyncIterator[Child]:
        """A fresh process; it and all that it forked are gone when the block ends."""
        ours, theirs = socket.socketpair()
        with ours:
            with theirs:
                asking = self._begin(FORK, 0, theirs.fileno())
                try:
                    pid = await asyncio.shield(asking)
                except asyncio.CancelledError:
                    asking.add_done_callback(self._end_unused)
                    raise
            child = Child(pid, ours)
            try:
                yield child
            finally:
                child.status = await asyncio.shield(self._begin(END, pid))

    def _end_unused(self, asking: "asyncio.Task[int]") -> None:
        if not asking.cancelled() and asking.exception() is None:
            self._begin(END, asking.result())

    def _begin(self, asked: bytes, number: int, descriptor: int | None = None) -> "asyncio.Task[int]":
        """Ask in a task of its own: whoever waits may be cancelled, and the answer still belongs to its question."""
        kept = None if descriptor is None else os.dup(descriptor)
        task = asyncio.create_task(self._ask(asked, number, kept))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return task

    async def _ask(self, asked: bytes, number: int, descriptor: int | None) -> int:
        try:
            async with self._lock:
                for _ in range(ATTEMPTS):
                    if asked == END and not self._lives():
                        return -signal.SIGKILL  # it went with the server
                    self.start()
                    with suppress(OSError, EOFError):
                        return await self._exchange(asked, number, descriptor)
                    self.stop()
            raise NoProcess("its fork server ends at once")
        finally:
            if descriptor is not None:
                os.close(descriptor)

    async def _exchange(self, asked: bytes, number: int, descriptor: int | None) -> int:
        loop, control = asyncio.get_running_loop(), self._control
        assert control is not None  # noqa: S101 - `start` made it
        descriptors = [] if descriptor is None else [descriptor]
        socket.send_fds(control, [MESSAGE.pack(asked, number)], descriptors)
        answer = b""
        while len(answer) < MESSAGE.size:
            part = await loop.sock_recv(control, MESSAGE.size - len(answer))
            if not part:
                raise EOFError
            answer += part
        value: int = MESSAGE.unpack(answer)[1]
        return value


def plain_environment() -> dict[str, str]:
    """What the server needs to start: no address, and no key."""
    kept = {name: os.environ[name] for name in KEPT_VARIABLES if name in os.environ}
    return kept | {"PYTHONPATH": os.pathsep.join(filter(None, sys.path)), "PYTHONDONTWRITEBYTECODE": "1"}
