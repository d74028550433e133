"""What the flags decide for one user, and what is known of them: values only, no I/O, no clock, no randomness."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

V2_FLAG = "process-full-v2"
SHADOW_FLAG = "process-full-shadow"
BASELINE = "v1"  # what everybody gets whom the flag does not send elsewhere

Pipeline = str  # a pipeline's folder name: "v1", "v2", ...
Reason = Literal[
    "flag",  # the flag chose: on for this user (the candidate) or off for this user (v1)
    "forced",  # the caller pinned the pipeline (/process-full-v2)
    "v1_only",  # the request has no stored export, so only v1 can serve it
    "no_user",  # empty or unknown user: v1
    "flags_unavailable",  # no flags were ever known: v1
    "override",  # an operator's local override is in force
    "candidate_broken",  # the candidate cannot be imported here: v1
    "rolled_back",  # accepted as v2, became v1 because the flag was turned off before it started
]
Shadow = Literal["other", "same"]  # the other pipeline, or the same one again to measure noise


@dataclass(frozen=True, slots=True)
class FlagNames:
    """The two flags; the first is named after the pipeline that it ramps up."""

    candidate: Pipeline = "v2"

    @property
    def split(self) -> str:
        """Who gets the candidate."""
        return f"process-full-{self.candidate}"

    @property
    def shadow(self) -> str:
        """Whose imports are compared."""
        return SHADOW_FLAG

    @property
    def both(self) -> tuple[str, str]:
        """Both flags."""
        return self.split, self.shadow


V2_NAMES = FlagNames()


@dataclass(frozen=True, slots=True)
class Decision:
    """One user's pipeline, and all that is needed to explain it later. Stored with the job."""

    pipeline: Pipeline
    reason: Reason
    dial: float  # rollout percentage in force, 0 to 100
    revision: str  # the flag document's revision, "" when none was ever known
    shadow: Shadow | None = None


@dataclass(frozen=True, slots=True)
class Rollout:
    """The rollout as a person would read it from the two flags."""

    percent: float  # 0 to 100, as set: kept while the flag is off
    enabled: bool
    shadow_percent: float  # in force: 0 while the shadow flag is off
    forced_in: tuple[str, ...]  # users who get the candidate whatever the percentage, while the flag is on
    forced_out: tuple[str, ...]  # users who get v1 whatever the percentage
    version: str  # changes with every change of the two flags: what optimistic locking compares
    group: str = V2_FLAG  # by whose hash users are spread
    shadow_group: str = SHADOW_FLAG  # the same for the shadow sample
    candidate: Pipeline = "v2"  # whom the percentage is for; everybody else gets v1

    @property
    def dial(self) -> float:
        """The percentage in force, 0 to 100."""
        return self.percent if self.enabled else 0.0


@dataclass(frozen=True, slots=True)
class Override:
    """Everybody gets the baseline, whatever the flags say, until an operator lifts it."""

    actor: str
    why: str
    since: datetime


@dataclass(frozen=True, slots=True)
class FlagState:
    """What this process knows of the flags right now; `/ready`, `/metrics` and logs show it."""

    source: str  # "unleash" or "file"
    known: bool  # False until the first good document
    healthy: bool  # the last refresh succeeded
    revision: str
    dial: float
    age_seconds: float  # since the last successful refresh; since the start when there was none
    error: str | None = None
    rollout: Rollout | None = None
    refreshes: int = 0  # successful ones since the start
    failures: int = 0  # failed ones since the start
    override: Override | None = None  # then the dial is 0, whatever the rollout says
