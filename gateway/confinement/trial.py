"""Trying at start, in a process that ends with it, which restrictions this machine imposes: tried, not assumed."""

import json
import os
import signal
import socket
import tempfile
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from gateway.confinement import kernel
from gateway.confinement.confine import Bounds, close_inherited, confine
from gateway.confinement.model import RESTRICTIONS, Confinement

NOT_HELD = "it was made, and does not hold"
Trial = Callable[[Bounds], dict[str, str]]
SECONDS = 10  # for the trial: a file system that hangs holds up no start


def enter_confinement() -> Confinement:
    """Hide this process's memory and environment from other processes of its user, and see what holds those that it
    will start. Call it while there is one thread."""
    with suppress(OSError):
        kernel.hide_memory()
    return try_confinement()


def try_confinement(seconds: int = SECONDS, trial: Trial | None = None) -> Confinement:
    """Confine a process, let it try to get out, and say what kept it in. `trial` is what it does there."""
    trial = trial or found_inside
    ours, theirs = os.pipe()
    pid = os.fork()
    if pid == 0:
        try:
            signal.signal(signal.SIGALRM, signal.SIG_DFL)
            signal.alarm(seconds)  # which ends it
            close_inherited(theirs)
            os.write(theirs, json.dumps(trial(Bounds.of(Path(tempfile.gettempdir())))).encode())
        finally:
            os._exit(0)
    os.close(theirs)
    with open(ours, "rb") as answer:  # noqa: PTH123 - a descriptor
        said = answer.read()
    os.waitpid(pid, 0)
    return Confinement(json.loads(said) if said else dict.fromkeys(RESTRICTIONS, "the trial ended without an answer"))


def found_inside(bounds: Bounds) -> dict[str, str]:
    """In the process on trial: what is missing, and why."""
    missing = confine(bounds)
    attempts: dict[str, Callable[[], object]] = {
        "privileges": hold_capability,
        "memory": lambda: Path(f"/proc/{os.getppid()}/environ").read_bytes(),
        "files": lambda: list(Path("/").iterdir()),
        "network": lambda: socket.socket(socket.AF_UNIX),
        "processes": os.setsid,
    }
    for name, get_out in attempts.items():
        if name not in missing and succeeds(get_out):
            missing[name] = NOT_HELD
    return missing


def hold_capability() -> None:
    """Raises OSError where this process has none."""
    status = Path("/proc/self/status").read_text()
    if int(status.partition("CapEff:")[2].split()[0], 16) == 0:
        raise PermissionError


def succeeds(act: Callable[[], object]) -> bool:
    try:
        act()
    except OSError:
        return False
    return True
