"""Whom a change of the rollout would move, told before it is made."""

from collections.abc import Iterable
from dataclasses import dataclass

from flags.evaluate.hashing import bucket
from flags.model import Pipeline, Rollout, VersionRollout, number_of


@dataclass(frozen=True, slots=True)
class Preview:
    """Who would move."""

    candidate: Pipeline  # the version whose flag would change
    older: str  # where those go who leave it: the base, where there is no other version
    share_before: float  # percent of users on it
    share_after: float
    to_candidate: tuple[str, ...]  # of the known users: to it, or to a newer version than they have
    to_v1: tuple[str, ...]  # of the known users: to an older version than they have

    @property
    def share_moved(self) -> float:
        """Percent of all users whose pipeline would change; users called by name not counted."""
        return abs(self.share_after - self.share_before)


def preview(before: Rollout, after: Rollout, known_users: Iterable[str], pipeline: Pipeline | None = None) -> Preview:
    """Which share, and which of the known users, would move when one version's flag changes."""
    version = pipeline or after.candidate
    moves = [(user, number_of(pipeline_of(before, user)), number_of(pipeline_of(after, user))) for user in known_users]
    return Preview(
        candidate=version,
        older=after.base if len(after.ladder) == 1 else "an older version",
        share_before=before.shares().get(version, 0.0),
        share_after=after.shares().get(version, 0.0),
        to_candidate=tuple(user for user, old, new in moves if new > old),
        to_v1=tuple(user for user, old, new in moves if new < old),
    )


def pipeline_of(rollout: Rollout, user_id: str) -> Pipeline:
    """Where a rollout sends a user, for flags as the gateway makes them (no segments, no other strategies)."""
    on = (version.pipeline for version in rollout.ladder if reaches(version, user_id))
    return next(on, rollout.base)


def reaches(version: VersionRollout, user_id: str) -> bool:
    """Whether one version's flag, as the gateway makes flags, is on for a user."""
    if not version.enabled or not user_id.strip():
        return False
    if user_id in version.forced_in:
        return True
    return bucket(version.group, user_id) < round(version.percent * 100) and user_id not in version.forced_out
