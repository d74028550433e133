"""An order for many jobs as a value: what is to be done with which, and how far it is."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, Literal

from gateway.jobs.listing import Status, WantedJobs

Kind = Literal["retry", "cancel"]
LARGEST: Final = 20_000  # jobs of one order; for more, it is given again
STATUSES: Final[dict[Kind, tuple[Status, ...]]] = {
    "retry": ("failed", "cancelled"),
    "cancel": ("pending", "processing"),
}


class OrderRefused(Exception):
    """There are no such jobs to do this with; the message says why."""


@dataclass(frozen=True, slots=True)
class JobOrder:
    """One row of `gateway.job_orders`."""

    id: int
    kind: Kind
    wanted: dict[str, Any]
    actor: str
    via: str
    why: str
    state: Literal["running", "done", "stopped"]
    expected: int  # jobs, when it was given
    looked_at: int
    done: int  # of those: begin anew, or are cancelled
    place_at: datetime | None
    place_id: str | None
    started_at: datetime
    updated_at: datetime
    ended_at: datetime | None
    now: datetime  # of the database, when it was read

    @property
    def left_out(self) -> int:
        """Jobs that were looked at and are as they were: over already, or the same request runs again."""
        return self.looked_at - self.done

    @property
    def line(self) -> str:
        """How far it is."""
        verb = "begin anew" if self.kind == "retry" else "are cancelled"
        left_out = f", {self.left_out:,} left as they were" if self.left_out else ""
        return f"{self.done:,} of {self.expected:,} jobs {verb}{left_out}"


def check_order(kind: Kind, wanted: WantedJobs) -> None:
    """Raises OrderRefused: an order says which status its jobs have, and it is one that can be ordered so."""
    if wanted.status not in STATUSES[kind]:
        what = "run again" if kind == "retry" else "cancelled"
        raise OrderRefused(f"only jobs that are {' or '.join(STATUSES[kind])} can be {what}: name that status")
