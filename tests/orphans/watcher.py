"""Ends what a test run leaves behind: a program beside the run that waits for its end, however that comes.

A pytest that is killed ends none of its children: Postgres is a daemon, others have a session of their own. All carry
the run's mark in their environment, or are below one that does. Arguments: the mark, and the run's scratch folder; it
is removed. Standard input: more folders, one a line, removed unless the last line says that the run came to its end.
"""

import os
import select
import shutil
import signal
import sys
import time
from collections.abc import Iterable

import psutil

VARIABLE = "GATEWAY_TEST_RUN"
DONE = "done"
LOOK_SECONDS = 1.0
GENTLE_SECONDS = 5.0  # from asking a process to end until it is ended
LONGEST_SECONDS = 30.0


def wait_for_the_end(parent: int) -> list[str]:
    """The lines that the run wrote. Where a fork of the run holds the pipe open, the run's end is seen all the same."""
    said = b""
    while os.getppid() == parent:
        if not select.select([0], [], [], LOOK_SECONDS)[0]:
            continue
        if not (more := os.read(0, 65536)):
            break
        said += more
    return said.decode().splitlines()


def processes_of(mark: str) -> list[psutil.Process]:
    """What carries the mark, and all below it: some are started with an emptied environment."""
    below: dict[int, list[psutil.Process]] = {}
    found: list[psutil.Process] = []
    for process in psutil.process_iter(["ppid"]):
        below.setdefault(process.info["ppid"], []).append(process)
        if is_marked(process, mark):
            found.append(process)
    seen = {process.pid for process in found} | {os.getpid()}
    for process in found:
        new = [child for child in below.get(process.pid, ()) if child.pid not in seen]
        seen |= {child.pid for child in new}
        found += new
    return [process for process in found if is_alive(process)]


def is_marked(process: psutil.Process, mark: str) -> bool:
    """By its environment: a run inside a run carries both marks."""
    try:
        value = process.environ().get(VARIABLE, "")
    except (psutil.Error, OSError):  # gone, or somebody else's
        return False
    return value == mark or value.startswith(f"{mark}/")


def is_alive(process: psutil.Process) -> bool:
    try:
        return process.is_running() and process.status() != psutil.STATUS_ZOMBIE
    except psutil.Error:
        return False


def end_all(mark: str) -> list[str]:
    """Ask them to end, then end them, until there are none. Returns the names of those that were there."""
    began = time.monotonic()
    named: dict[int, str] = {}
    while (left := processes_of(mark)) and time.monotonic() - began < LONGEST_SECONDS:
        rough = time.monotonic() - began > GENTLE_SECONDS
        for process in left:
            if rough or process.pid not in named:
                named[process.pid] = end(process, rough=rough) or named.get(process.pid, "?")
        psutil.wait_procs(left, timeout=0.2)
    return sorted(named.values())


def end(process: psutil.Process, *, rough: bool) -> str:
    """Returns its name. Postgres waits for its clients at SIGTERM; at SIGQUIT it gives its memory back at once."""
    try:
        name: str = process.name()
        gentle = signal.SIGQUIT if name.startswith("postgres") else signal.SIGTERM
        process.send_signal(signal.SIGKILL if rough else gentle)
        process.send_signal(signal.SIGCONT)  # one that a test froze hears nothing else
    except psutil.Error:
        return ""
    return name


def remove(folders: Iterable[str]) -> None:
    for folder in folders:
        shutil.rmtree(folder, ignore_errors=True)


def main() -> None:
    mark, scratch = sys.argv[1:]
    lines = wait_for_the_end(os.getppid())
    names = end_all(mark)
    remove([scratch] if DONE in lines else [scratch, *lines])
    if names:
        sys.stderr.write(f"\nleft over by the tests, and ended: {', '.join(names)}\n")


if __name__ == "__main__":
    main()
