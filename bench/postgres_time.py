"""The processor time that a Postgres took, as the kernel counts it."""

from pathlib import Path

import psutil


def server_of(data_dir: Path) -> psutil.Process:
    """The embedded server of a data folder, which runs."""
    return psutil.Process(int((data_dir / "postgres" / "pgdata" / "postmaster.pid").read_text().split()[0]))


def used(server: psutil.Process) -> float:
    """Processor seconds of all its processes: those that ended are counted by their parent."""
    living = [server, *server.children(recursive=True)]
    times = server.cpu_times()
    return times.children_user + times.children_system + sum(sum(one.cpu_times()[:2]) for one in living)
