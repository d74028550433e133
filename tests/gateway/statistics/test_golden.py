"""Our tests and intervals against `ville` from PyPI, and against values that others published."""

import math
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gateway.statistics.arms import Arm, arm_evidence
from gateway.statistics.confidence import Rate, log_martingale, rate_interval
from gateway.statistics.incomplete_beta import log_upper_beta
from gateway.statistics.rate_tests import evidence_above, evidence_below, sign_evidence
from gateway.statistics.sample_ratio import split_evidence

OUTCOMES = st.lists(st.sampled_from([0.0, 1.0]), min_size=1, max_size=200)
SOME = settings(max_examples=40, deadline=None)


def ville() -> Any:
    """Takes more than a second to load, with scipy: for whoever runs these tests, not for each who collects them."""
    import ville as package

    return package


def stats() -> Any:
    """As `ville`."""
    from scipy import stats as package

    return package


@SOME
@given(OUTCOMES, st.floats(0.01, 0.99))
def test_the_evidence_against_a_rate_is_villes(outcomes: list[float], p: float) -> None:
    theirs = ville().BernoulliTest(p, prior=(0.5, 0.5)).fit(outcomes).log_e_values_[-1]
    assert log_martingale(Rate(int(sum(outcomes)), len(outcomes)), p) == pytest.approx(theirs, abs=1e-8)


@SOME
@given(OUTCOMES, st.sampled_from([0.05, 0.01]))
def test_the_interval_of_a_rate_is_villes(outcomes: list[float], alpha: float) -> None:
    theirs = ville().BernoulliCS(alpha, prior=(0.5, 0.5), intersect=False).fit(outcomes).interval()
    ours = rate_interval(Rate(int(sum(outcomes)), len(outcomes)), alpha)
    assert (ours.low, ours.high) == pytest.approx(theirs, abs=1e-6)


@SOME
@given(st.integers(0, 300), st.integers(0, 300), st.floats(0.001, 0.999))
def test_one_sided_evidence_is_the_integral_over_the_cut_mixture(hits: int, misses: int, limit: float) -> None:
    """Against scipy's beta distribution, whose tails are another algorithm's."""
    posterior, prior = stats().beta(0.5 + hits, 0.5 + misses), stats().beta(0.5, 0.5)
    both = log_martingale(Rate(hits, hits + misses), limit)
    above = both + posterior.logsf(limit) - prior.logsf(limit)
    below = both + posterior.logcdf(limit) - prior.logcdf(limit)
    rate = Rate(hits, hits + misses)
    if above > -600:
        assert evidence_above(rate, limit) == pytest.approx(above, rel=1e-6, abs=1e-6)
    if below > -600:
        assert evidence_below(rate, limit) == pytest.approx(below, rel=1e-6, abs=1e-6)


def test_both_ways_are_the_two_sided_test_cut_in_two() -> None:
    """Weighted by the prior on either side, the one-sided processes add up to ville's."""
    theirs = ville().BernoulliTest(0.3, prior=(0.5, 0.5)).fit([1.0] * 40 + [0.0] * 60).e_values_[-1]
    up = math.exp(log_upper_beta(0.5, 0.5, 0.3))
    rate = Rate(40, 100)
    both = up * math.exp(evidence_above(rate, 0.3)) + (1 - up) * math.exp(evidence_below(rate, 0.3))
    assert both == pytest.approx(theirs)


def test_signs_are_a_rate_against_a_half() -> None:
    theirs = ville().BernoulliTest(0.5, prior=(0.5, 0.5)).fit([1.0] * 30 + [0.0] * 10).e_values_[-1]
    below = math.exp(evidence_below(Rate(30, 40), 0.5))
    assert (math.exp(sign_evidence(30, 10)) + below) / 2 == pytest.approx(theirs)


@SOME
@given(st.integers(0, 200), st.integers(0, 200), st.floats(0.05, 0.95))
def test_two_arms_sample_ratio_is_villes_test_with_the_same_prior(one: int, other: int, share: float) -> None:
    theirs = 0.0
    if one + other:
        test = ville().BernoulliTest(share, prior=(20 * share, 20 * (1 - share)))
        theirs = float(test.fit([1.0] * one + [0.0] * other).log_e_values_[-1])
    assert split_evidence((one, other), (share, 1 - share)) == pytest.approx(theirs, abs=1e-7)


def test_three_arms_sample_ratio_is_the_dirichlet_multinomial() -> None:
    counts, shares = (30, 50, 20), (0.2, 0.5, 0.3)
    null = stats().multinomial(100, shares).logpmf(counts)
    mixture = stats().dirichlet_multinomial([4.0, 10.0, 6.0], 100).logpmf(counts)
    assert split_evidence(counts, shares) == pytest.approx(mixture - null)


def test_the_evidence_of_arms_is_the_product_of_likelihoods() -> None:
    """Two users at 5 %, one at 25 %, worked out by hand for the ratio 2, as one of the six."""
    arms = [Arm(0.05, True), Arm(0.05, False), Arm(0.25, True)]
    alone = (2 / 1.05) * (1 / 1.05) * (2 / 1.25)
    assert math.exp(arm_evidence(arms).logs[2]) == pytest.approx(alone)
    mean = 0.0
    for ratio in (1.25, 1.5, 2, 3, 5, 10):
        product = 1.0
        for arm in arms:
            likely = ratio * arm.share / (ratio * arm.share + 1 - arm.share)
            product *= likely / arm.share if arm.on_candidate else (1 - likely) / (1 - arm.share)
        mean += product / 6
    assert math.exp(arm_evidence(arms).log_e) == pytest.approx(mean)
