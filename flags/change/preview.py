"""Whom a change of the rollout would move, told before it is made."""

from collections.abc import Iterable
from dataclasses import dataclass

from flags.evaluate.hashing import bucket
from flags.model import BASELINE, Pipeline, Rollout


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
