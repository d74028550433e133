"""A planned shadow, the right to run it, and how it ended."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal

from gateway.shadow.compare.model import Comparison
from pipelines.contract import Usage

Mode = Literal["shadow", "noise"]


@dataclass(frozen=True, slots=True)
class Plan:
    """One planned shadow, in the order of the statement `load`."""

    job_id: str
    user_id: str
    mode: Mode
    primary_pipeline: str
    status: str
    fence: int
    attempts: int
    age_seconds: float
    storage_path: str | None
    inline: bool
    conversation_count: int | None
    message_count: int | None
    accepted_at: datetime
    replaced: bool  # the user has sent another export under the same path since
    batches: int = 0  # sent for it so far

    @property
    def key(self) -> dict[str, Any]:
        """The parameters that guard a statement."""
        return {"id": self.job_id, "fence": self.fence}


@dataclass(frozen=True, slots=True)
class OtherRun:
    """What is run beside a plan's primary run."""

    pipeline: str
    primary_is_one: bool  # which side of the comparison the primary is: the older is known, the newer in question
    twice: bool = False  # it is compared with itself, without having served this user


@dataclass(frozen=True, slots=True)
class Claimed:
    """The right to run a plan, and what the primary run left for it."""

    plan: Plan
    other: OtherRun
    primary_run: bytes  # `PrimaryRun` as JSON
    keys_before: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Ending:
    """How a shadow ended, and what it took."""

    outcome: str
    reason: str | None = None
    pipeline: str | None = None
    seconds: float | None = None
    cpu_seconds: float | None = None
    usage: Usage = field(default_factory=Usage)


@dataclass(frozen=True, slots=True)
class Pair:
    """A comparison as it is kept."""

    one: str
    other: str
    primary_side: Literal["one", "other"]
    comparison: Comparison
    judgement: str | None = None
