"""What Now is made of, as it was read: each part on its own, so that one that fails takes no other with it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Generic, TypeVar

from flags.model import Pipeline
from gateway.restore.model import Run
from gateway.rollout.guard.store import GuardedRollout
from gateway.rollout.history import Entry
from gateway.rollout.processes.live import LiveProcess
from gateway.rollout.ramp.plan import Ramp
from gateway.web.console.draw.svg import Chart
from gateway.web.console.pages.now.agreement import Asked, Counted, Watched
from gateway.web.console.questions.read import Asked as Asking

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Held(Generic[T]):
    """One part. Without a value it is being read, or could not be read."""

    value: T | None = None
    age_seconds: float = 0.0
    problem: str | None = None  # why it could not be read
    being_read: bool = False


@dataclass(frozen=True, slots=True)
class DialRow:
    """One version's dial as a row of the history left it."""

    at: datetime
    pipeline: Pipeline | None  # None: the override, or the base, which hold for all
    dial: float | None
    actor: str
    via: str
    what: str
    is_on: bool | None = None  # of an override: thrown


@dataclass(frozen=True, slots=True)
class OpenJobs:
    """Jobs that are not over. The same statements as the metrics `gateway_jobs_open` and `gateway_queue_*`."""

    open: Sequence[tuple[Pipeline, str, int]]  # version, pending or processing, how many
    waits: int  # to be begun
    oldest_seconds: float  # the oldest of those waits
    services: Sequence[tuple[str, int]]  # the service that jobs wait for, and how many

    def of(self, status: str) -> dict[Pipeline, int]:
        """How many of each version."""
        return {pipeline: count for pipeline, found, count in self.open if found == status}


@dataclass(frozen=True, slots=True)
class Seen:
    """One look."""

    now: datetime
    asked: Asked
    versions: tuple[Pipeline, ...]  # all that users can get, the oldest first
    kept_in: str  # "unleash" or "file"
    guard_mode: str
    processes: Held[list[LiveProcess]]
    dials: Held[list[DialRow]]  # the changes of dials, the newest first
    ramp: Held[list[Ramp]]  # the newest, if there was one
    guarded: Held[list[GuardedRollout]]
    history: Held[list[Entry]]  # the newest, newest first
    jobs: Held[OpenJobs]
    restores: Held[list[Run]]  # the newest, if there was one
    counted: Held[Counted]
    failures: Held[list[Chart]]  # how users' jobs ended; none, while no job has
    watched: Watched
    version: Pipeline  # that the questions are about
    questions: Asking  # the four of them, with their answers
