"""Intervals that hold while people watch: coverage by simulation, and what they find."""

import math
import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gateway.statistics.confidence import (
    Interval,
    Rate,
    bounded_difference,
    differ,
    difference_interval,
    log_martingale,
    median_interval,
    rate_interval,
)

RATES = st.integers(0, 400).flatmap(lambda n: st.builds(Rate, st.integers(0, n), st.just(n)))
INSIDE = st.floats(1e-9, 1 - 1e-9)  # at 0 and 1 the real function is infinite; ours is cut off there
SOME = settings(max_examples=40, deadline=None)


@SOME
@given(RATES)
def test_a_rate_is_inside_its_interval(rate: Rate) -> None:
    interval = rate_interval(rate)
    assert 0.0 <= interval.low <= interval.high <= 1.0
    assert rate.mean in interval


@SOME
@given(RATES, INSIDE, INSIDE, st.floats(0, 1))
def test_what_speaks_against_a_rate_is_convex(rate: Rate, p: float, q: float, t: float) -> None:
    between = log_martingale(rate, t * p + (1 - t) * q)
    assert between <= t * log_martingale(rate, p) + (1 - t) * log_martingale(rate, q) + 1e-6


@SOME
@given(RATES, RATES)
def test_the_difference_turns_with_its_sides_and_agrees_with_the_test(one: Rate, other: Rate) -> None:
    interval, turned = difference_interval(one, other), difference_interval(other, one)
    assert turned.low == pytest.approx(-interval.high, abs=1e-6)
    assert turned.high == pytest.approx(-interval.low, abs=1e-6)
    if abs(interval.low) > 1e-6 and abs(interval.high) > 1e-6:
        assert differ(one, other) == (0.0 not in interval)


@SOME
@given(RATES, RATES)
def test_the_bounded_difference_holds_what_was_seen_and_turns_with_its_sides(one: Rate, other: Rate) -> None:
    interval, turned = bounded_difference(one, other), bounded_difference(other, one)
    assert one.mean - other.mean in interval
    assert (turned.low, turned.high) == pytest.approx((-interval.high, -interval.low))


def test_the_bounded_difference_misses_the_truth_in_few_runs_at_any_time_and_is_sharp_at_a_low_dial() -> None:
    draw, missed = random.Random(3), 0
    for _ in range(100):
        mine, others, wrong = [0, 0], [0, 0], False
        for user in range(400):
            side, chance = (mine, 0.06) if draw.random() < 0.1 else (others, 0.02)
            side[0] += draw.random() < chance
            side[1] += 1
            wrong |= user % 5 == 4 and 0.04 not in bounded_difference(Rate(*mine), Rate(*others))
        missed += wrong
    assert missed <= 5
    assert (
        bounded_difference(Rate(0, 200), Rate(0, 20_000)).high
        < 0.04
        < difference_interval(Rate(0, 200), Rate(0, 20_000)).high
    )


def test_nothing_seen_excludes_nothing() -> None:
    assert rate_interval(Rate(0, 0)) == Interval(0.0, 1.0)
    assert difference_interval(Rate(0, 0), Rate(0, 0)) == Interval(-1.0, 1.0)
    assert median_interval([]) == Interval(-math.inf, math.inf)


@pytest.mark.parametrize("truth", [0.0, 0.02, 0.12, 0.5])
def test_the_truth_stays_inside_at_every_look(truth: float) -> None:
    """Looked at after every pair, the interval of a rate misses the truth in at most 5 of 100 runs, at any time."""
    draw, runs, missed = random.Random(11), 300, 0
    for _ in range(runs):
        hits = 0
        for pairs in range(1, 401):
            hits += draw.random() < truth
            if log_martingale(Rate(hits, pairs), truth) >= -math.log(0.05):
                missed += 1
                break
    assert missed <= 0.05 * runs


@pytest.mark.parametrize("rate", [0.03, 0.12, 0.4])
def test_an_identical_second_pipeline_shows_no_difference_beyond_noise(rate: float) -> None:
    """100 runs of 1,500 pairs, one in ten for the noise floor, looked at after every pair: at most 5 false alarms."""
    draw = random.Random(7)
    alarms = sum(first_alarm(draw, rate, rate, 1_500) is not None for _ in range(100))
    assert alarms <= 5


def test_a_real_difference_is_found_and_sized() -> None:
    draw, mismatch, noise = random.Random(2), 0.25, 0.05
    assert all(first_alarm(draw, mismatch, noise, 3_000) is not None for _ in range(30))
    hits = [sum(draw.random() < rate for _ in range(pairs)) for rate, pairs in ((mismatch, 2_700), (noise, 300))]
    interval = difference_interval(Rate(hits[0], 2_700), Rate(hits[1], 300))
    assert mismatch - noise in interval
    assert 0.0 not in interval


def first_alarm(draw: random.Random, mismatch: float, noise: float, pairs: int) -> int | None:
    """The pair after which the rates were first said to differ, None for never."""
    seen = {"mismatch": Rate(0, 0), "noise": Rate(0, 0)}
    for pair in range(pairs):
        name, rate = ("noise", noise) if draw.random() < 0.1 else ("mismatch", mismatch)
        seen[name] = Rate(seen[name].hits + (draw.random() < rate), seen[name].pairs + 1)
        if differ(seen["mismatch"], seen["noise"]):
            return pair
    return None


def test_the_median_of_durations_is_bounded_and_a_slower_pipeline_seen() -> None:
    draw = random.Random(4)
    missed = 0
    for _ in range(60):
        ratios = [draw.lognormvariate(math.log(1.2), 0.1) for _ in range(150)]
        missed += any(1.2 not in median_interval(ratios[:n]) for n in range(20, 151, 5))
    assert missed <= 3
    assert 1.0 not in median_interval(ratios)
