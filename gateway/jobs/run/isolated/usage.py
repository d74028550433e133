"""What the processes of one run take of the machine, read from /proc; nothing where the system does not tell."""

import os
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

TICKS = os.sysconf("SC_CLK_TCK")
PAGE = os.sysconf("SC_PAGE_SIZE")
UTIME, CSTIME = 11, 15  # fields of /proc/<pid>/stat after the name: own and children's, user and system


class Used(NamedTuple):
    """Memory in bytes, processor time in seconds."""

    memory: int
    cpu_seconds: float


def used_by(pids: Sequence[int]) -> Used:
    """Both, summed over processes; one that has ended counts nothing."""
    return Used(sum(map(resident_bytes, pids)), sum(map(cpu_seconds, pids)))


def resident_bytes(pid: int) -> int:
    """The memory that a process holds of its own."""
    try:
        _, resident, shared, *_ = Path(f"/proc/{pid}/statm").read_text().split()
    except (OSError, ValueError):
        return 0
    return (int(resident) - int(shared)) * PAGE


def cpu_seconds(pid: int) -> float:
    """The processor time that a process, and those that it has waited for, took."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
        return sum(map(int, fields[UTIME:CSTIME])) / TICKS
    except (OSError, ValueError):
        return 0.0
