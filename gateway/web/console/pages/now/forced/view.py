"""Users whom the flags call by name, with the version that each gets, and since when."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from flags.model import Pipeline, Rollout, number_of
from gateway.web.console.wording import day_text, span_text

Since = Mapping[tuple[Pipeline, str, str], datetime]  # version, list, user -> when


@dataclass(frozen=True, slots=True)
class ForcedUser:
    """One user."""

    user_id: str
    version: Pipeline
    age: str
    since: str


@dataclass(frozen=True, slots=True)
class ForcedView:
    """The page, ready to print."""

    users: tuple[ForcedUser, ...]
    versions: tuple[Pipeline, ...]  # that a user may be called for, the newest first
    seen: str
    fresh: bool
    problem: str = ""  # of the whole
    problems: Mapping[str, str] | None = None
    typed: Mapping[str, str] | None = None
    unread: str = ""  # why their age is not known


def forced_users(rollout: Rollout, since: Since, now: datetime) -> tuple[ForcedUser, ...]:
    """Whoever a list names, the newest first: taken in by a version's flag, or left out of all above the base."""
    found: dict[str, Pipeline] = {}
    began: dict[str, datetime] = {}
    for one in sorted(rollout.ladder, key=lambda one: number_of(one.pipeline)):
        for name, users in (("forced_out", one.forced_out), ("forced_in", one.forced_in)):
            for user in users:
                if name == "forced_in" or user not in found:
                    found[user] = one.pipeline if name == "forced_in" else rollout.base
                if (at := since.get((one.pipeline, name, user))) is not None:
                    began[user] = max(at, began.get(user, at))
    newest_first = sorted(found, key=lambda user: (-(began[user].timestamp() if user in began else 0.0), user))
    return tuple(
        ForcedUser(
            user,
            found[user],
            span_text(max((now - began[user]).total_seconds(), 0.0)) if user in began else "not known",
            day_text(began[user]) if user in began else "",
        )
        for user in newest_first
    )
