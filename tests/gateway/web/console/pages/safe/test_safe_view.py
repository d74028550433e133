"""What "Is it safe?" says beside the four questions: what the guard would do, and what is in no rate."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from gateway.rollout.guard.looks import GuardLook
from gateway.rollout.guard.sides import LeftOut
from gateway.rollout.guard.store import GuardedRollout
from gateway.rollout.history import Entry
from gateway.shadow.report.course import Ended
from gateway.web.console.pages.safe.view import Beside, GuardBlock, LeftBlock, count_answers, nothing_to_ask, safe_view
from gateway.web.console.questions.model import Answer, Side, State, Versus
from gateway.web.console.questions.read import Asked
from gateway.web.console.unread import Unread

NOW = datetime(2026, 11, 28, 12, 0, tzinfo=UTC)
BEGAN = NOW - timedelta(hours=10)
VERSUS = Versus(Side("v2", 1), Side("v1", 0), 25, BEGAN, NOW, BEGAN)
FINDINGS = [{"check": "failures", "phase": "breach", "message": "341 to 1"}]
GUARDED = GuardedRollout(
    1, "v2", "v1", BEGAN, "watching", "", {}, 60, [], {}, NOW, {"findings": FINDINGS}, NOW - timedelta(seconds=12),
    None, 12,
)  # fmt: skip
QUIET = Beside(looks=[], jobs=[], pairs=[], ramp=None, mode="on")


def answer(state: State) -> Answer:
    return Answer("time", "Is v2 slower?", "", "", state, "")


def view_of(asked: Asked, beside: Beside) -> tuple[GuardBlock, LeftBlock]:
    view = safe_view(asked, beside, ["v2"], NOW)
    assert isinstance(view.guard, GuardBlock)
    assert isinstance(view.left, LeftBlock)
    return view.guard, view.left


def asked(guarded: GuardedRollout | None = GUARDED, *entries: Entry) -> Asked:
    return Asked(VERSUS, guarded, entries, ())


@pytest.mark.parametrize(
    ("states", "says"),
    [
        (["answered", "answered", "answered", "open"], "Three questions are answered, one is open."),
        (["answered", "open", "open", "unknown"], "One question is answered, three are open."),
        (["answered"] * 4, "All questions are answered."),
        (["answered", "harm", "open", "open"], "Answered against it: Is v2 slower?"),
    ],
)
def test_the_first_sentence_counts_what_is_known(states: list[State], says: str) -> None:
    assert count_answers([answer(state) for state in states]) == says


@pytest.mark.parametrize(
    ("changed", "mode", "says", "would"),
    [
        ({}, "on", "looked 12 s ago", "turns v2 off by itself"),
        ({}, "dry-run", "looked 12 s ago", "GUARD=dry-run"),
        ({}, "off", "looked 12 s ago", "GUARD=off"),
        ({"looked_at": None}, "on", "has not looked yet", "turns v2 off"),
        ({"state": "rolled_back", "acted_at": NOW, "why": "341 to 1"}, "on", "turned v2 off", "acts once a rollout"),
        (
            {"state": "would_roll_back", "why": "341 to 1"},
            "dry-run",
            "would have turned v2 off: 341 to 1",
            "only say so",
        ),
    ],
)
def test_the_guard_says_what_it_sees_and_would_do(changed: dict[str, object], mode: str, says: str, would: str) -> None:
    guard, _ = view_of(asked(replace(GUARDED, **changed)), replace(QUIET, mode=mode))  # type: ignore[arg-type]
    assert says in guard.says
    assert would in guard.would
    assert [(one.what, one.state, one.phase) for one in guard.findings] == [("Fails more", "bad", "too much")]


def test_verdicts_at_past_steps_and_looks_are_as_they_were() -> None:
    row = Entry(
        7,
        NOW,
        "rollout",
        "ramp 1",
        "ramp",
        "",
        {"dial": 5},
        {"candidate": "v2", "dial": 25, "verdict": {"findings": FINDINGS}},
        "",
    )
    other = replace(row, id=8, after={**row.after, "candidate": "v3"})
    look = GuardLook(1, NOW, "v2", "v1", "breach", FINDINGS)
    guard, _ = view_of(
        asked(GUARDED, other, row, replace(row, id=6, after={"candidate": "v2"})), replace(QUIET, looks=[look])
    )
    assert [one.what for one in guard.steps] == ["dial: 5 → 25; candidate: v2, ramp 1"]
    assert [one.findings[0].message for one in guard.looks] == ["341 to 1"]


def test_what_is_in_no_rate_is_loud_where_one_side_has_more_of_it() -> None:
    pairs = [Ended("v2", "timed_out", 200), Ended("v2", "compared", 300), Ended("v1", "compared", 500)]
    jobs = [LeftOut("v1", "cancelled", 3), LeftOut("v2", "dependency:store", 2)]
    _, left = view_of(asked(), replace(QUIET, pairs=pairs, jobs=jobs))
    assert left.rows == [
        ("Comparisons: timed out", "200 of 500", "0 of 500"),
        ("Jobs: cancelled", "0", "3"),
        ("Jobs: failed by the store", "2", "0"),
    ]
    assert left.loud == "v2's runs end so more often than chance allows: timed out (+40.0 points)."
    even = [Ended(name, "timed_out", 200) for name in ("v1", "v2")] + [
        Ended(name, "compared", 300) for name in ("v1", "v2")
    ]
    assert view_of(asked(), replace(QUIET, pairs=even))[1].loud == ""


def test_a_part_that_cannot_be_read_takes_no_other_with_it() -> None:
    away = Unread("Jobs", "the database does not answer")
    view = safe_view(asked(), replace(QUIET, jobs=away), ["v3", "v2"], NOW)
    assert view.left == away
    assert isinstance(view.guard, GuardBlock)
    assert [(one.name, one.current) for one in view.choices] == [("v3", False), ("v2", True)]
    assert safe_view(asked(), replace(QUIET, looks=away), ["v2"], NOW).guard == away


def test_without_a_newer_version_there_is_nothing_to_ask() -> None:
    assert nothing_to_ask("v1").empty == "No version is newer than v1: there is nothing to ask about."
