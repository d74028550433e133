"""The rehearsal's verdict: what holds says nothing, what does not hold is named."""

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from gateway.cli.rehearsal.demo.judge import Compared, Stage, judge, split_bounds
from gateway.cli.rehearsal.drill.judge import Measured
from gateway.cli.rehearsal.roles import Roles

ROLES = Roles("v1", "v2")
GOOD = Stage(dial=50, users=60, refused=0, stable=31, candidate=29, complete=60)
ALL = Compared(planned=16, compared=15, shed=1)
FALL = Measured(
    verdict="13 of 13 jobs failed", detection_seconds=2.0, flip_seconds=(0.1, 0.1), last_start_seconds=None,
    late_starts=0, ramp_state="rolled_back", accepted=100, posted=100, complete=80, failed=20, failed_otherwise=0,
    unfinished=0, rescued=10, rescued_complete=10, to_restore=8, restored=8, equal=8,
)  # fmt: skip


def test_a_good_rehearsal_holds() -> None:
    assert judge([GOOD], ALL, FALL, ROLES) == []


def test_each_broken_promise_is_named() -> None:
    def only(stage: Stage = GOOD, compared: Compared = ALL, fall: Measured = FALL) -> str:
        (sentence,) = judge([stage], compared, fall, ROLES)
        return sentence

    assert "did not complete" in only(replace(GOOD, complete=59))
    assert "were not accepted" in only(replace(GOOD, refused=1, complete=59))
    assert "expected" in only(replace(GOOD, stable=60, candidate=0))
    lacking = "14 of 16 planned comparisons were compared, and 1 made way for users"
    assert only(compared=Compared(16, 14, 1)) == lacking
    assert "were compared" in only(compared=Compared(16, 0, 16))
    assert only(fall=replace(FALL, unfinished=1)) == "1 jobs did not end"


def test_one_candidate_job_at_zero_percent_does_not_hold() -> None:
    assert judge([replace(GOOD, dial=0, stable=59, candidate=1)], ALL, FALL, ROLES)


@given(st.integers(0, 1000), st.integers(1, 10_000))
def test_the_expected_share_is_always_within_the_bounds(tenths: int, users: int) -> None:
    low, high = split_bounds(tenths / 10, users)
    assert 0 <= low <= users * tenths / 1000 + 1e-9
    assert users * tenths / 1000 - 1e-9 <= high <= users
