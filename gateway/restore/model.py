"""A data rollback as a value: the run, what it found, and how it ended."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal


@dataclass(frozen=True, slots=True)
class Run:
    """One row of `gateway.restore_runs`, in the order of its statements."""

    id: int
    target: str  # the pipeline whose results are put back
    state: Literal["running", "done", "superseded"]
    by_worker: bool
    actor: str
    why: str
    started_at: datetime
    updated_at: datetime
    position: str | None
    restored: int
    chunks_gone: int  # of the restored: users whose chunks of then were not kept any more
    source: str | None = None  # only users whose live result this pipeline made; None: all but the target's
    older: list[str] | None = None  # where a worker drives a run from `source`: the targets that come after this one

    @property
    def for_workers(self) -> bool:
        """Was it ordered over HTTP?"""
        return self.by_worker or self.older is not None


@dataclass(frozen=True, slots=True)
class Users:
    """Users whose live result another pipeline made, counted."""

    restorable: int  # they have a result of the target
    published_since: int  # of those: the live result is newer than the run's start, so it is left alone
    missing: int  # they never had one
    can_rerun: int  # of those: it is known which export they sent
    under_way: int  # jobs of other pipelines that will still publish
