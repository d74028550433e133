"""A job as a worker knows it, and the claim that every write of a run must still hold."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

Status = Literal["pending", "processing", "complete", "failed"]
Mode = Literal["primary", "pinned"]
OPEN: tuple[Status, ...] = ("pending", "processing")


@dataclass(frozen=True, slots=True)
class Job:
    """One row of `processing_jobs`, in the order of the statement `load`."""

    id: str
    user_id: str
    status: Status
    pipeline: str
    reason: str
    pinned: bool
    storage_path: str | None
    inline: bool
    conversation_count: int | None
    message_count: int | None
    created_at: datetime
    attempts: int
    fence: int
    worker: str | None
    shadow: str | None
    started_at: datetime | None
    cancel_requested: bool
    dial: float = 0.0  # in force when it was accepted
    revision: str = ""  # of the flags then; "" when none was known
    age_seconds: float = 0.0  # since then, by the database's clock, when it was read
    waits: int = 0  # how often it was put off for a service that was away

    @property
    def open(self) -> bool:
        return self.status in OPEN

    @property
    def begun(self) -> bool:
        """Has a run of it begun, other than one that now waits for a service?"""
        return self.status != "pending" and self.started_at is not None

    @property
    def mode(self) -> Mode:
        """Pinned: its caller chose the pipeline, as a smoke test does; it says nothing about the split."""
        return "pinned" if self.pinned or self.reason == "forced" else "primary"


@dataclass(frozen=True, slots=True)
class Claim:
    """The right to run a job and to write for it, until somebody else claims it."""

    job: Job
    fence: int
    attempt: int  # this one, from 1

    @property
    def key(self) -> dict[str, object]:
        """The parameters that guard a statement."""
        return {"id": self.job.id, "fence": self.fence, "user": self.job.user_id}


class ClaimLost(Exception):
    """Somebody else runs the job now, or it is closed: nothing more may be written for this run."""
