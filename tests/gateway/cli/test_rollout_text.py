"""`gateway rollout show`: beside what was asked for, where a ramp is and what the guard found."""

from dataclasses import replace
from datetime import UTC, datetime

from flags.model import Rollout, VersionRollout
from gateway.cli.rollout_client import Seen
from gateway.cli.text.rollout import describe_watched
from gateway.rollout.guard.store import GuardedRollout
from gateway.rollout.ramp.plan import Plan, Ramp

NOW = datetime(2026, 5, 1, tzinfo=UTC)
RAMP = Ramp(
    1, Plan(steps=(1.0, 25.0, 100.0), hold_seconds=3600.0, min_jobs=200), "running", 1, NOW, 1.0, "op", "",
    "holds for another 40 s", None, NOW, NOW, None,
)  # fmt: skip
FINDINGS = [
    {"check": "failures", "phase": "ok", "message": "1 of 90 users failed, 1.2 by the dial"},
    {"check": "duration", "phase": "inconclusive", "message": "12 users more are needed"},
]
WATCHED = GuardedRollout(
    1, "v2", "v1", NOW, "watching", "", {}, 60.0, (), {}, NOW,
    {"phase": "inconclusive", "findings": FINDINGS}, NOW, None, 2.0,
)  # fmt: skip


def at(dial: float) -> Rollout:
    return Rollout((VersionRollout("v2", dial, enabled=True, content="x"),), 0.0, "1")


def test_a_ramp_under_way_and_what_the_guard_says_are_shown() -> None:
    assert describe_watched(Seen(at(25), None, ramp=RAMP, guarded=(WATCHED,))) == {
        "ramp": "running, step 2 of 3 (25 %): holds for another 40 s",
        "guard of v2": "watches: 12 users more are needed",
    }


def test_what_is_over_is_not_shown_but_a_rollback_is() -> None:
    done = replace(RAMP, state="done")
    assert describe_watched(Seen(at(0), None, ramp=done, guarded=(WATCHED,))) == {}
    acted = replace(WATCHED, state="rolled_back", why="9 of 9 users failed")
    assert describe_watched(Seen(at(0), None, ramp=done, guarded=(acted,))) == {
        "guard of v2": "turned it off: 9 of 9 users failed"
    }


def test_nothing_is_said_where_nothing_was_looked_at() -> None:
    assert describe_watched(Seen(at(25), None)) == {}
    fresh = replace(WATCHED, verdict=None)
    assert describe_watched(Seen(at(25), None, guarded=(fresh,)))["guard of v2"] == "watches: has not looked yet"
