"""A batch of a comparison's questions, as it is kept while it is under way."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal
from uuid import UUID

from gateway.shadow.model import Mode
from gateway.shadow.reservation import Reservation

BatchStatus = Literal["unsent", "sending", "sent", "cancelled"]


@dataclass(frozen=True, slots=True)
class Batch:
    """One row, in the order of the statement `take_due`. Without a `handle` it is not known whether it was sent."""

    id: UUID
    job_id: str | None  # None: its user is gone
    status: BatchStatus
    pipeline: str
    mode: Mode
    handle: str | None
    grouping: str
    questions: int
    begun_at: datetime
    age_seconds: float
    plan_status: str | None
    day: date
    tokens: int
    cost_usd: float

    @property
    def taken(self) -> Reservation:
        """What it was paid with."""
        return Reservation(self.day, self.tokens, self.cost_usd)

    @property
    def wanted(self) -> bool:
        """Whether a comparison still waits for it."""
        return self.plan_status in {"planned", "running", "aside"}
