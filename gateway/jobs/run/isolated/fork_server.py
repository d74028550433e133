"""`python -m gateway.jobs.run.isolated.fork_server NICENESS`: forks a process for each run, before any run's code ran.

It has imported what pipelines need, and runs nothing of them itself: its forks start within milliseconds, share its
memory, and find it as it was. A worker asks over the socket that is its standard input. When the worker is gone, all
processes that it asked for are ended.
"""

import gc
import os
import signal
import socket
import sys
from contextlib import suppress
from pathlib import Path

from gateway.confinement.kernel import hide_memory
from gateway.jobs.run.isolated.child import run
from gateway.jobs.run.isolated.orders import ENDED, FORK, FORKED, MESSAGE
from pipelines.contract import Message, Passage
from pipelines.language.embedded.extracting import extract_passages
from pipelines.registry import find_pipelines
from pipelines.work.late_patterns import compile_all

OOM_SCORE = 500  # when memory is short, runs go before their worker


def main() -> None:
    """Serve one worker until it is gone."""
    control = socket.socket(fileno=os.dup(0))
    step_back(int(sys.argv[1]))
    with suppress(OSError):
        hide_memory()  # and that of whatever it forks
    warm_up()
    ForkServer(control).serve()


def warm_up() -> None:
    """Import and build what every run needs, once, to be shared by all."""
    find_pipelines()
    extract_passages([Passage("c", "", None, (Message("m", "user", "I live in Lisbon and I love tea."),))])
    compile_all()
    gc.collect()
    gc.freeze()


def step_back(niceness: int) -> None:
    """Behind the worker in line for processor and memory. What a system does not know is left out."""
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, signal.SIG_IGN)  # sent to a whole group: the worker is the one that drains
    with suppress(OSError):
        os.nice(niceness)
    with suppress(OSError):
        Path("/proc/self/autogroup").write_text(str(niceness))
    with suppress(OSError):
        Path("/proc/self/oom_score_adj").write_text(str(OOM_SCORE))


class ForkServer:
    """Forks and ends processes, each the leader of a group."""

    def __init__(self, control: socket.socket) -> None:
        self._control = control
        self._pids: set[int] = set()

    def serve(self) -> None:
        """Answer until the worker is gone."""
        try:
            while request := self._next():
                asked, number, descriptors = request
                if asked == FORK:
                    self._answer(FORKED, self._fork(descriptors[0]))
                else:
                    self._answer(ENDED, self._end(number))
        except OSError:
            pass
        for pid in list(self._pids):
            self._end(pid)

    def _next(self) -> tuple[bytes, int, list[int]] | None:
        body, descriptors, _, _ = socket.recv_fds(self._control, MESSAGE.size, 1)
        while body and len(body) < MESSAGE.size:
            more = self._control.recv(MESSAGE.size - len(body))
            body = body + more if more else b""
        if not body:
            return None
        asked, number = MESSAGE.unpack(body)
        return asked, number, descriptors

    def _answer(self, kind: bytes, number: int) -> None:
        self._control.sendall(MESSAGE.pack(kind, number))

    def _fork(self, descriptor: int) -> int:
        pid = os.fork()
        if pid == 0:
            self._run(descriptor)
        with suppress(OSError):
            os.setpgid(pid, pid)
        os.close(descriptor)
        self._pids.add(pid)
        return pid

    def _run(self, descriptor: int) -> None:
        """In the new process. Never returns."""
        try:
            with suppress(OSError):
                os.setpgid(0, 0)
            self._control.close()
            run(socket.socket(fileno=descriptor))
        finally:
            os._exit(1)

    def _end(self, pid: int) -> int:
        """Kill its group; how the leader had ended, as `os.waitstatus_to_exitcode` tells it."""
        if pid not in self._pids:
            return 0
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(pid, signal.SIGKILL)  # a leader that has ended by itself keeps its status
        _, status = os.waitpid(pid, 0)
        self._pids.discard(pid)
        return os.waitstatus_to_exitcode(status)


if __name__ == "__main__":
    main()
