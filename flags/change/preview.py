"""What a change does: to the rollout (`diff`, for the audit) and to users (`preview`, before it is made)."""

from collections.abc import Iterable
from dataclasses import dataclass

from flags.evaluate.hashing import bucket
from flags.model import BASELINE, Pipeline, Rollout

_FIELDS = ("enabled", "percent", "shadow_percent", "forced_in", "forced_out")


@dataclass(frozen=True, slots=True)
class Change:
    """One thing that is different."""

    field: str  # a field of Rollout
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Preview:
    """Who would move."""

    candidate: Pipeline
    share_before: float  # percent of users on the candidate
    share_after: float
    to_candidate: tuple[str, ...]  # of the known users
    to_v1: tuple[str, ...]

    @property
    def share_moved(self) -> float:
        """Percent of all users whose pipeline would change; users called by name not counted."""
        return abs(self.share_after - self.share_before)


def diff(before: Rollout | None, after: Rollout) -> tuple[Change, ...]:
    """What differs between two rollouts, field by field; everything, if nothing was known before."""
    return tuple(
        Change(field, _text(getattr(before, field)) if before else "", _text(getattr(after, field)))
        for field in _FIELDS
        if before is None or getattr(before, field) != getattr(after, field)
    )


def preview(before: Rollout, after: Rollout, known_users: Iterable[str]) -> Preview:
    """Which share, and which of the known users, would move from one rollout to the other."""
    moves = [(user, pipeline_of(before, user), pipeline_of(after, user)) for user in known_users]
    return Preview(
        candidate=after.candidate,
        share_before=before.dial,
        share_after=after.dial,
        to_candidate=tuple(user for user, old, new in moves if new not in {old, BASELINE}),
        to_v1=tuple(user for user, old, new in moves if old != new and new == BASELINE),
    )


def pipeline_of(rollout: Rollout, user_id: str) -> Pipeline:
    """Where a rollout sends a user, for flags as the gateway makes them (no segments, no other strategies)."""
    if not rollout.enabled or not user_id.strip():
        return BASELINE
    if user_id in rollout.forced_in:
        return rollout.candidate
    reached = bucket(rollout.group, user_id) < round(rollout.percent * 100)
    return rollout.candidate if reached and user_id not in rollout.forced_out else BASELINE


def _text(value: object) -> str:
    match value:
        case bool():
            return "on" if value else "off"
        case float() | int():
            return f"{value:g} %"
        case tuple():
            return ", ".join(value)
        case _:
            return str(value)
