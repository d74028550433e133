"""Shares of users: what is missing makes an interval wider, never narrower; when sampling may stop."""

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gateway.shadow.report.harms import EffectCount, harm_report, until_bounded
from gateway.shadow.report.statistics import Share, excess_interval, share_interval
from gateway.statistics.confidence import Rate, difference_interval, rate_interval

SHARES = st.integers(0, 300).flatmap(
    lambda n: st.builds(Share, st.builds(Rate, st.integers(0, n), st.just(n)), st.integers(0, 40))
)
SOME = settings(max_examples=30, deadline=None)


@SOME
@given(SHARES, SHARES, st.integers(0, 40), st.integers(0, 40))
def test_whatever_the_missing_ones_are_the_interval_holds_it(one: Share, other: Share, hits: int, more: int) -> None:
    """The interval that would be shown if the missing ones were known lies inside."""
    whole = [
        Rate(side.known.hits + min(found, side.missing), side.known.pairs + side.missing)
        for side, found in ((one, hits), (other, more))
    ]
    shown, known = share_interval(one), rate_interval(whole[0])
    assert shown.low <= known.low + 1e-9
    assert shown.high >= known.high - 1e-9
    apart, difference = excess_interval(one, other), difference_interval(whole[0], whole[1])
    assert apart.low <= difference.low + 1e-6
    assert apart.high >= difference.high - 1e-6


def counts(
    arm: str | None, unharmed: int, harmed: int = 0, harm: str = "failed", missing: int = 0
) -> list[EffectCount]:
    return [
        EffectCount(arm, 0, False, [], False, unharmed),
        EffectCount(arm, 0, False, [harm], True, harmed),
        EffectCount(arm, None, True, [], False, missing),
    ]


@pytest.mark.parametrize(
    ("pairs", "noise", "reached"),
    [
        (counts(None, 2_000), counts("v1", 100), True),
        (counts(None, 20), counts("v1", 20), False),
        (counts(None, 60, 40, "lost"), counts("v1", 60, 40, "lost"), False),
        (counts(None, 6_000, 40, "lost"), counts("v1", 6_000, 40, "lost"), True),
        (counts(None, 70_000, 30_000), counts("v1", 70_000, 30_000), False),  # 30 % time-outs, also of equal runs
        (counts(None, 70_000, missing=30_000), counts("v1", 70_000, missing=30_000), False),  # ... on the other side
        ([], [], False),
    ],
)
def test_sampling_stops_only_when_harm_is_bounded(
    pairs: list[EffectCount], noise: list[EffectCount], reached: bool
) -> None:
    found = until_bounded(harm_report([*pairs, *noise], "v1", "v2"), 0.02)
    assert found.reached == reached
    assert ("can stop" in found.message) == reached


def test_a_harm_that_is_beyond_the_bound_is_said_to_be() -> None:
    found = until_bounded(harm_report([*counts(None, 70, 30), *counts("v1", 100)], "v1", "v2"), 0.02)
    assert not found.reached
    assert "Harm above equal runs: at least" in found.message


def test_the_interval_over_users_holds_however_often_somebody_looks() -> None:
    """200 users of whom few are heavy, looked at after every pair: the first pair of each user decides."""
    missed = 0
    runs = 60
    for seed in range(runs):
        draw = random.Random(seed)
        harmed = [draw.random() < 0.1 for _ in range(200)]
        weights = [draw.paretovariate(1.2) for _ in harmed]
        seen: set[int] = set()
        hits = 0
        for user in draw.choices(range(200), weights, k=600):
            if user in seen:
                continue
            seen.add(user)
            hits += harmed[user]
            if 0.1 not in share_interval(Share(Rate(hits, len(seen)))):
                missed += 1
                break
    assert missed <= 0.05 * runs + 4  # three standard deviations
