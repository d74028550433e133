"""The evidence of arms: how often it is wrong where versions are alike, and that it never needs what is to come."""

import math
import random
from collections.abc import Iterator

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bench.chance import most_by_chance
from gateway.statistics.arms import Arm, ArmEvidence, add_arm, arm_evidence
from gateway.statistics.sample_ratio import dial_evidence

ARMS = st.lists(st.builds(Arm, st.floats(0, 1), st.booleans()), max_size=60)
SOME = settings(max_examples=60, deadline=None)


def moving(draw: random.Random) -> Iterator[float]:
    """The dial as somebody moves it who sees everything: up after quiet, down after failures, at whim."""
    share = 0.01
    while True:
        yield share
        share = min(0.99, max(0.001, share * draw.choice((0.5, 1, 1, 1, 2))))


def test_alike_versions_are_told_apart_no_more_often_than_alpha_says() -> None:
    """Ville's bound, with a dial that moves while failures come in, looked at after each: 1,000 runs."""
    draw, runs, wrong = random.Random(5), 1000, {0.05: 0, 0.01: 0}
    for _ in range(runs):
        evidence, dial = ArmEvidence(), moving(draw)
        for share in (next(dial) for _ in range(80)):
            evidence = add_arm(evidence, Arm(share, draw.random() < share))
        for alpha in wrong:
            wrong[alpha] += evidence.peak >= -math.log(alpha)
    assert all(count <= most_by_chance(alpha, runs) for alpha, count in wrong.items()), wrong


def test_a_fair_split_is_called_broken_no_more_often_than_alpha_says_and_a_broken_one_is() -> None:
    draw, runs, wrong, found = random.Random(6), 300, 0, 0
    for _ in range(runs):
        wrong += called_broken(draw, (0.05, 0.25), 1.0)
        found += called_broken(draw, (0.05, 0.25), 2.0)
    assert wrong <= most_by_chance(0.05, runs)
    assert found >= 0.99 * runs


def called_broken(draw: random.Random, dials: tuple[float, ...], times: float) -> bool:
    """Whether it ever is, looked at after every tenth of 600 users."""
    split = {dial: [0, 0] for dial in dials}
    for user in range(600):
        dial = dials[user * len(dials) // 600]
        split[dial][draw.random() >= times * dial] += 1
        if user % 10 == 9 and dial_evidence({key: (on, off) for key, (on, off) in split.items()}) >= math.log(20):
            return True
    return False


@SOME
@given(ARMS, ARMS)
def test_what_comes_later_changes_nothing_that_was_said(before: list[Arm], after: list[Arm]) -> None:
    said = arm_evidence(before)
    later = said
    for arm in after:
        later = add_arm(later, arm)
    assert arm_evidence([*before, *after]) == later
    assert later.peak >= said.peak >= 0


@SOME
@given(ARMS.flatmap(lambda arms: st.tuples(st.just(arms), st.permutations(arms))))
def test_the_order_of_those_who_fail_at_once_changes_nothing_in_the_end(orders: tuple[list[Arm], list[Arm]]) -> None:
    one, other = map(arm_evidence, orders)
    assert one.log_e == pytest.approx(other.log_e, abs=1e-9)
    assert (one.users, one.on_candidate) == (other.users, other.on_candidate)


@SOME
@given(ARMS, st.sampled_from([0.0, 1.0]), st.booleans())
def test_without_a_draw_nothing_is_learned(arms: list[Arm], share: float, on_candidate: bool) -> None:
    evidence = arm_evidence(arms)
    assert add_arm(evidence, Arm(share, on_candidate)) == evidence


def test_a_version_that_fails_for_all_is_seen_after_few() -> None:
    """At 1 %, three failures on the candidate and none elsewhere are enough for 1 in 200."""
    evidence = arm_evidence([Arm(0.01, True)] * 3)
    assert evidence.peak >= math.log(100)
    assert math.exp(arm_evidence([Arm(0.01, True)]).peak) < 5
