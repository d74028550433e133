"""The rehearsal's verdict: what holds says nothing, what does not hold is named."""

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from gateway.cli.rehearsal.demo.judge import Rollback, Stage, judge, split_bounds
from gateway.cli.rehearsal.roles import Roles

ROLES = Roles("v1", "v2")
GOOD = Stage(dial=50, users=60, refused=0, stable=31, candidate=29, complete=60)
BACK = Rollback(
    seen_seconds=0.1,
    last_start_seconds=None,
    late_starts=0,
    in_flight=30,
    in_flight_complete=30,
    rescued=28,
    stage=Stage(dial=0, users=30, refused=0, stable=30, candidate=0, complete=30),
)


def test_a_good_rehearsal_holds() -> None:
    assert judge([GOOD], BACK, ROLES) == []


def test_each_broken_promise_is_named() -> None:
    def only(stage: Stage = GOOD, back: Rollback = BACK) -> str:
        (sentence,) = judge([stage], back, ROLES)
        return sentence

    assert "did not complete" in only(replace(GOOD, complete=59))
    assert "were not accepted" in only(replace(GOOD, refused=1, complete=59))
    assert "expected" in only(replace(GOOD, stable=60, candidate=0))
    assert "after the rollback" in only(back=replace(BACK, late_starts=1))
    assert "under way" in only(back=replace(BACK, in_flight_complete=29))


def test_one_v2_job_at_zero_percent_does_not_hold() -> None:
    assert judge([replace(GOOD, dial=0, stable=59, candidate=1)], BACK, ROLES)


@given(st.integers(0, 1000), st.integers(1, 10_000))
def test_the_expected_share_is_always_within_the_bounds(tenths: int, users: int) -> None:
    low, high = split_bounds(tenths / 10, users)
    assert 0 <= low <= users * tenths / 1000 + 1e-9
    assert users * tenths / 1000 - 1e-9 <= high <= users
