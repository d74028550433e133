"""A ramp as a state machine: it rises only when everything says so, and only one step at a time."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from gateway.rollout.guard.verdict import Finding, Verdict
from gateway.rollout.ramp.plan import (
    Act,
    Advance,
    EndRolledBack,
    Finish,
    Move,
    Pause,
    Plan,
    Ramp,
    RampError,
    Settle,
    Sight,
    Stay,
    first_step,
    next_act,
)

START = datetime(2026, 1, 1, tzinfo=UTC)
PLAN = Plan((1.0, 5.0, 25.0, 50.0, 100.0), hold_seconds=3600, min_jobs=200)
RAMP = Ramp(
    id=1, plan=PLAN, state="running", step=1, moved_at=START, dial_before=1.0, actor="ana", why="", note="",
    verdict=None, started_at=START, looked_at=None, ended_at=None,
)  # fmt: skip
OK = Verdict((Finding("harm", "ok", "0 of 300 users' jobs failed"),))
BAD = Verdict((Finding("guard", "breach", "the guard: 30 of 31 users were on v2"),))
SLOW = Verdict((Finding("duration", "breach", "a job takes 20 s"),))
UNSURE = Verdict((Finding("harm", "inconclusive", "0 of 3 users' jobs failed"),))
UNREAD = Verdict((Finding("evidence", "error", "the jobs cannot be read"),))
WHY = "30 of 31 users were on v2"
VERDICTS = st.sampled_from([None, OK, BAD, SLOW, UNSURE, UNREAD])
LATER = START + timedelta(hours=1)
CLEAR = Sight(now=LATER, dial=5.0, trouble=None, verdict=OK)


def test_after_time_and_evidence_it_goes_on() -> None:
    assert next_act(RAMP, CLEAR) == Advance("0 of 300 users' jobs failed")


@pytest.mark.parametrize(
    ("sight", "note"),
    [
        (replace(CLEAR, now=LATER - timedelta(seconds=30)), "holds for another 30 s"),
        (replace(CLEAR, verdict=UNSURE), "inconclusive: 0 of 3 users' jobs failed"),
        (replace(CLEAR, verdict=SLOW), "breach: a job takes 20 s"),
        (replace(CLEAR, verdict=BAD), "breach: the guard: 30 of 31 users were on v2"),
        (replace(CLEAR, verdict=UNREAD), "error: the jobs cannot be read"),
        (replace(CLEAR, trouble="the flags are 60 s old"), "the flags are 60 s old"),
        (replace(CLEAR, dial=None), "the flags do not answer"),
    ],
)
def test_it_stays_and_says_why(sight: Sight, note: str) -> None:
    assert next_act(RAMP, sight) == Stay(note)


def test_somebodys_hand_on_the_dial_pauses_it() -> None:
    assert next_act(RAMP, replace(CLEAR, dial=7.0)) == Pause("somebody set the dial to 7 %, where the ramp is at 5 %")
    being_taken = replace(RAMP, moved_at=None)
    assert isinstance(next_act(being_taken, replace(CLEAR, dial=7.0)), Pause)


def test_a_step_that_was_begun_is_taken_or_found_taken() -> None:
    being_taken = replace(RAMP, moved_at=None)
    assert next_act(being_taken, replace(CLEAR, dial=1.0, verdict=None)) == Move()
    assert next_act(being_taken, replace(CLEAR, dial=5.0, verdict=None)) == Settle()


def test_after_the_last_step_it_is_done() -> None:
    assert isinstance(next_act(replace(RAMP, step=4), replace(CLEAR, dial=100.0)), Finish)


def test_what_the_guard_rolled_back_is_over_paused_or_not_and_whatever_is_in_doubt() -> None:
    rolled_back = replace(CLEAR, rolled_back=WHY, dial=None, trouble="away")
    assert next_act(RAMP, rolled_back) == EndRolledBack(WHY)
    assert next_act(replace(RAMP, state="paused"), rolled_back) == EndRolledBack(WHY)
    assert next_act(replace(RAMP, state="aborted"), rolled_back) == Stay("")


@pytest.mark.parametrize(
    "plan",
    [
        replace(PLAN, steps=()),
        replace(PLAN, steps=(0.0, 5.0)),
        replace(PLAN, steps=(5.0, 5.0)),
        replace(PLAN, steps=(5.0, 1.0)),
        replace(PLAN, steps=(50.0, 101.0)),
        replace(PLAN, steps=(0.25,)),
        replace(PLAN, steps=(float("nan"),)),
        replace(PLAN, hold_seconds=-1.0),
        replace(PLAN, hold_seconds=float("nan")),
        replace(PLAN, min_jobs=0),
        replace(PLAN, margin=0.0),
        replace(PLAN, margin=1.5),
    ],
)
def test_plans_that_make_no_sense(plan: Plan) -> None:
    with pytest.raises(RampError):
        plan.check()


@pytest.mark.parametrize(("dial", "step"), [(0.0, 0), (0.1, 0), (1.0, 0), (2.0, 1), (100.0, 4)])
def test_resuming_takes_the_first_step_that_is_not_below_the_dial(dial: float, step: int) -> None:
    assert first_step(PLAN.steps, dial) == step


def test_a_dial_above_every_step_cannot_be_ramped() -> None:
    with pytest.raises(RampError, match="above every step"):
        first_step((1.0, 5.0), 7.0)


SIGHTS = st.builds(
    Sight,
    now=st.integers(-10, 10_000).map(lambda seconds: START + timedelta(seconds=seconds)),
    dial=st.none() | st.sampled_from([0.0, 1.0, 5.0, 7.0, 25.0, 50.0, 100.0]),
    trouble=st.none() | st.just("stale"),
    verdict=VERDICTS,
    rolled_back=st.sampled_from([None, None, WHY]),
)
RAMPS = st.builds(
    replace,
    st.just(RAMP),
    state=st.sampled_from(["running", "paused", "done", "aborted", "rolled_back"]),
    step=st.integers(0, 4),
    moved_at=st.none() | st.just(START),
    dial_before=st.sampled_from([0.0, 1.0, 5.0, 25.0, 50.0]),
)


@given(RAMPS, SIGHTS)
@settings(max_examples=300)
def test_it_rises_only_when_nothing_speaks_against_it(ramp: Ramp, sight: Sight) -> None:
    act = next_act(ramp, sight)
    if isinstance(act, Move | Settle | Advance | Finish):
        assert ramp.state == "running"
        assert sight.trouble is None
    if isinstance(act, Advance | Finish):
        assert sight.verdict is not None
        assert sight.verdict.phase == "ok"
        assert ramp.moved_at is not None
        assert sight.now - ramp.moved_at >= timedelta(seconds=ramp.plan.hold_seconds)
        assert sight.dial == ramp.target
    if isinstance(act, Move):
        assert sight.dial == ramp.dial_before
    assert isinstance(act, EndRolledBack) == (ramp.active and sight.rolled_back is not None)


class Rollout(RuleBasedStateMachine):
    """The whole ramp over time: hands on the dial, bad evidence, trouble, crashes between writing and setting."""

    def __init__(self) -> None:
        super().__init__()
        self.ramp = replace(RAMP, step=0, moved_at=None, dial_before=0.0)
        self.dial = 0.0
        self.now = START
        self.raised: list[float] = []

    def see(self, **changes: Any) -> Act:
        fields: dict[str, Any] = {"now": self.now, "dial": self.dial, "trouble": None}
        fields["verdict"] = OK if self.ramp.moved_at else None
        act = next_act(self.ramp, Sight(**(fields | changes)))
        self.do(act)
        return act

    def do(self, act: Act) -> None:
        match act:
            case Move():
                self.dial = self.ramp.target
                self.raised.append(self.dial)
            case Settle():
                self.ramp = replace(self.ramp, moved_at=self.now)
            case Advance():
                self.ramp = replace(self.ramp, step=self.ramp.step + 1, moved_at=None, dial_before=self.dial)
            case Pause():
                self.ramp = replace(self.ramp, state="paused")
            case Finish():
                self.ramp = replace(self.ramp, state="done")
            case EndRolledBack():
                self.ramp = replace(self.ramp, state="rolled_back")

    @rule()
    def look(self) -> None:
        self.see()

    @rule(verdict=VERDICTS)
    def look_with(self, verdict: Verdict | None) -> None:
        before = self.dial
        self.see(verdict=verdict if self.ramp.moved_at else None)
        assert verdict == OK or self.dial <= before or self.ramp.moved_at is None

    @rule()
    def look_in_trouble(self) -> None:
        before = self.dial, self.ramp
        self.see(trouble="stale")
        assert (self.dial, self.ramp) == before

    @rule(seconds=st.integers(1, 4000))
    def wait(self, seconds: int) -> None:
        self.now += timedelta(seconds=seconds)

    @rule(dial=st.sampled_from([0.0, 3.0, 60.0]))
    def somebody_sets_the_dial(self, dial: float) -> None:
        self.dial = dial
        act = self.see()
        if self.ramp.state in ("running", "paused"):
            assert isinstance(act, Pause | Stay | Move)

    @rule()
    def somebody_resumes(self) -> None:
        if self.ramp.state == "paused":
            step = first_step(PLAN.steps, self.dial)
            self.ramp = replace(self.ramp, state="running", step=step, moved_at=None, dial_before=self.dial)

    @invariant()
    def it_only_ever_sets_steps_of_the_plan(self) -> None:
        assert set(self.raised) <= set(PLAN.steps)


TestRollout = Rollout.TestCase
TestRollout.settings = settings(max_examples=40, stateful_step_count=30, deadline=None)
