"""Gateways that serve at once: forks of one process that has imported what serves. A page is not about the start.

Run as a program, it forks for each line that it is told, and ends what still runs when nobody is there to tell it more.
"""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

ROOT = Path(__file__).resolve().parents[2]
START_SECONDS = 180.0


@dataclass(slots=True)
class Forked:
    """As much of a `subprocess.Popen` as `Server` needs; how it ended is known to its parent alone."""

    pid: int

    def poll(self) -> int | None:
        """0 once it is gone."""
        try:
            os.kill(self.pid, 0)
        except ProcessLookupError:
            return 0
        return None

    def send_signal(self, number: int) -> None:
        if self.poll() is None:
            os.kill(self.pid, number)

    def kill(self) -> None:
        self.send_signal(signal.SIGKILL)

    def wait(self, timeout: float = START_SECONDS) -> int:
        """Raises TimeoutExpired."""
        end = time.monotonic() + timeout
        while (ended := self.poll()) is None:
            if time.monotonic() > end:
                raise subprocess.TimeoutExpired("gateway serve", timeout)
            time.sleep(0.02)
        return ended


class WarmGateways:
    """The process that forks. Close it when no page is left."""

    def __init__(self) -> None:
        from gateway.cli.rehearsal.stage.server import plain_environment

        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.documents.warm"],
            cwd=ROOT,
            env=plain_environment(),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def serve(self, folder: Path, environment: Mapping[str, str]) -> Any:
        """`gateway serve` in the folder, ready, as `start_server` gives one. Raises AssertionError with its log."""
        from gateway.cli.rehearsal.stage.ports import free_port
        from gateway.cli.rehearsal.stage.server import Server, is_ready, log_tail, plain_environment

        port = free_port()
        variables = {**plain_environment(), "PORT": str(port), **environment}
        server = Server(folder, port, cast("Any", Forked(self._ask(folder, variables))))
        end = time.monotonic() + START_SECONDS
        while not is_ready(server):
            if server.process.poll() is not None or time.monotonic() > end:
                server.process.kill()
                raise AssertionError(f"the server did not get ready:\n{log_tail(folder)}")
            time.sleep(0.05)
        return server

    def close(self) -> None:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.close()
        self._process.wait()
        self._process.stdout.close()

    def _ask(self, folder: Path, environment: Mapping[str, str]) -> int:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(json.dumps({"folder": str(folder), "environment": environment}) + "\n")
        self._process.stdin.flush()
        return int(self._process.stdout.readline())


def main() -> None:
    """Fork as long as somebody tells where to. Only what is forked goes on behind the loop."""
    import gateway.cli.commands.processes
    import gateway.server.process
    import gateway.worker.worker  # noqa: F401
    from gateway.cli.main import main as run

    running: set[int] = set()

    def bury(_number: int, _frame: object) -> None:
        """Nobody asks how they ended."""
        with suppress(ChildProcessError):
            while pid := os.waitpid(-1, os.WNOHANG)[0]:
                running.discard(pid)

    signal.signal(signal.SIGCHLD, bury)
    for line in sys.stdin:
        told = json.loads(line)
        if (pid := os.fork()) == 0:
            settle(told)
            run(["serve"])
            return
        running.add(pid)
        print(pid, flush=True)
    for pid in [*running]:
        Forked(pid).send_signal(signal.SIGTERM)


def settle(told: dict[str, Any]) -> None:
    """As a process that was started there, with this environment: its log is `server.log`."""
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # while it starts, too, it leaves in order
    os.chdir(told["folder"])
    os.environ.clear()
    os.environ.update(told["environment"])
    log = os.open("server.log", os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o644)
    nothing = os.open(os.devnull, os.O_RDONLY)
    for here, there in ((nothing, 0), (log, 1), (log, 2)):
        os.dup2(here, there)


if __name__ == "__main__":
    main()
