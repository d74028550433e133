"""A data rollback as a value: the run, what it found, and how it ended."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

Target = Literal["v1", "v2"]


@dataclass(frozen=True, slots=True)
class Run:
    """One row of `gateway.restore_runs`, in the order of its statements."""

    id: int
    target: Target
    state: Literal["running", "done", "superseded"]
    by_worker: bool
    actor: str
    why: str
    started_at: datetime
    updated_at: datetime
    position: str | None
    restored: int
    chunks_gone: int  # of the restored: users whose chunks of then were not kept any more


@dataclass(frozen=True, slots=True)
class Users:
    """Users whose live result the other pipeline made, counted."""

    restorable: int  # they have a result of the target
    published_since: int  # of those: the live result is newer than the run's start, so it is left alone
    missing: int  # they never had one
    can_rerun: int  # of those: it is known which export they sent
    under_way: int  # jobs of the other pipeline that will still publish


def other(target: Target) -> Target:
    """The pipeline whose results are to make way."""
    return "v2" if target == "v1" else "v1"
