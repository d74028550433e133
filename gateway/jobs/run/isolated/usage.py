"""What the processes of one run take of the machine: read from /proc, or by psutil where there is none (macOS)."""

import os
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

TICKS = os.sysconf("SC_CLK_TCK")
UTIME, CSTIME = 11, 15  # fields of /proc/<pid>/stat after the name; between them its children's
PROC = Path("/proc/self")
OWN_MEMORY = ("RssAnon:", "RssShmem:")  # fields of /proc/<pid>/status, in kB; files that are mapped cost nothing


class Used(NamedTuple):
    """Memory in bytes, processor time in seconds, and how many processes there are."""

    memory: int
    cpu_seconds: float
    processes: int


def used_by(group: int) -> Used:
    """What the processes of a group take together: those that have not ended, and those that they have waited for."""
    return used_by_proc(group) if PROC.is_dir() else used_by_psutil(group)


def used_by_proc(group: int) -> Used:
    """The same, from /proc."""
    found = list(processes_of(group))
    return Used(sum(resident_bytes(pid) for pid, _ in found), sum(seconds for _, seconds in found), len(found))


def used_by_psutil(group: int) -> Used:
    """The same, where there is no /proc, with files that are mapped counted as memory; nothing without psutil."""
    try:
        import psutil  # noqa: PLC0415 - comes with the `embedded` extra
    except ImportError:
        return Used(0, 0.0, 0)
    used = Used(0, 0.0, 0)
    for pid in psutil.pids():
        with suppress(OSError, psutil.Error):
            if os.getpgid(pid) == group:
                process = psutil.Process(pid)
                took = sum(process.cpu_times()[:4])  # own and children's
                used = Used(used.memory + process.memory_info().rss, used.cpu_seconds + took, used.processes + 1)
    return used


def processes_of(group: int) -> Iterator[tuple[int, float]]:
    """The processes of a group, each with its processor time. Of all others nothing is read: this is asked again and
    again in the process that runs jobs."""
    with suppress(OSError), os.scandir("/proc") as entries:
        for entry in entries:
            with suppress(OSError, ValueError, IndexError):
                if entry.name.isdigit() and os.getpgid(int(entry.name)) == group:
                    fields = Path(entry.path, "stat").read_bytes().rpartition(b")")[2].split()
                    yield int(entry.name), sum(map(int, fields[UTIME:CSTIME])) / TICKS


def resident_bytes(pid: int) -> int:
    """The memory that a process holds of its own, or shares with others without a file."""
    try:
        lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    except OSError:
        return 0
    return sum(int(line.split()[1]) for line in lines if line.startswith(OWN_MEMORY)) << 10
