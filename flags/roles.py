"""What each version is by the flags: the base, or a candidate beside what its users would have without it."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from flags.model import FlagState, Pipeline


@dataclass(frozen=True, slots=True)
class VersionRole:
    """One version that users can get."""

    pipeline: Pipeline
    role: Literal["base", "candidate"]
    against: Pipeline | Literal[""]  # what most of its users would have if its flag were off; "" for the base
    share: float  # percent of all users whom it serves, in force


def roles_of(state: FlagState) -> Iterator[VersionRole]:
    """Newest first, the base last. A version keeps its role while its flag is off: its last jobs are still judged."""
    base, rollout = state.versions.base, state.rollout
    shares = {base: 100.0} if rollout is None or state.override is not None else rollout.shares()
    for version in state.versions.ladder:
        against = base if rollout is None else rollout.against(version)
        yield VersionRole(version, "candidate", against, shares.get(version, 0.0))
    yield VersionRole(base, "base", "", shares.get(base, 0.0))
