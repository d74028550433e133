"""What it takes to know, against runs of the real evidence."""

import math
import random

import pytest

from gateway.statistics.arms import Arm, ArmEvidence, add_arm
from gateway.statistics.power import Question, price_of_knowing


def users_until_seen(draw: random.Random, asked: Question) -> int:
    """One run: users who fail, drawn one by one, and those who do not in between."""
    evidence, users = ArmEvidence(), 0
    odds = asked.ratio * asked.share
    rate = asked.base * (1 + asked.share * (asked.ratio - 1))
    while evidence.peak < -math.log(asked.alpha):
        users += 1 + int(math.log(draw.random()) / math.log1p(-rate))
        evidence = add_arm(evidence, Arm(asked.share, draw.random() < odds / (odds + 1 - asked.share)))
    return users


@pytest.mark.parametrize(
    "asked",
    [
        Question(base=0.005, share=0.25, alpha=0.007),
        Question(base=0.02, share=0.05, alpha=0.007),
        Question(base=0.02, share=0.5, alpha=0.05),
        Question(base=0.01, share=0.1, alpha=0.01, ratio=3.0),
        Question(base=0.01, share=0.1, alpha=0.01, chance=0.5),
    ],
    ids=str,
)
def test_the_price_is_what_runs_pay_within_a_fifth(asked: Question) -> None:
    draw = random.Random(7)
    paid = sorted(users_until_seen(draw, asked) for _ in range(300))
    price = price_of_knowing(asked)
    assert price is not None
    assert price.users == pytest.approx(paid[int(asked.chance * len(paid))], rel=0.2)


def test_more_is_seen_sooner_and_certainty_costs() -> None:
    def users(**changes: float) -> float:
        price = price_of_knowing(Question(**{"base": 0.01, "share": 0.1, "alpha": 0.01, **changes}))
        assert price is not None
        return price.users

    assert users(ratio=3.0) < users() < users(alpha=0.001)
    assert users(share=0.25) < users() < users(chance=0.99)
    assert users(base=0.02) < users()


def test_what_takes_too_long_has_no_price() -> None:
    assert price_of_knowing(Question(base=0.01, share=0.0001, alpha=0.01)) is None
