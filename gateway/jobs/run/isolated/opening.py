"""Whose runs are forked, and from where: stable versions and candidates each have a server, and never share one."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from gateway.config.settings import Settings
from gateway.jobs.roles import is_candidate
from gateway.jobs.run.isolated.forking import Forking
from gateway.jobs.run.isolated.host import Isolation
from gateway.jobs.run.isolated.protocol import Limits

CANDIDATE_NICENESS = 5  # with the processor short, a candidate's process gets a third of what a stable one gets
Isolate = Callable[[str, str], Isolation | None]  # (a version, the base)


def share_process(_pipeline: str, _base: str) -> None:
    """Nobody's runs are forked."""
    return


@contextmanager
def open_isolation(settings: Settings) -> Iterator[Isolate]:
    """Says where the runs of a version are forked; None: they run in the worker itself."""
    if settings.job_isolation == "none":
        yield share_process
        return
    limits = Limits(settings.job_memory_mb, settings.job_cpu_seconds, settings.job_disk_mb)
    network = settings.job_network
    candidate, stable = (Isolation(Forking(niceness), limits, network) for niceness in (CANDIDATE_NICENESS, 0))

    def isolate(pipeline: str, base: str) -> Isolation | None:
        if is_candidate(pipeline, base):
            return candidate
        return stable if settings.job_isolation == "all" else None

    try:
        yield isolate
    finally:
        for isolation in (candidate, stable):
            isolation.forking.stop()
