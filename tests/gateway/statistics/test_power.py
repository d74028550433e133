"""What it takes to know, against runs of the real evidence."""

import random

import pytest

from bench.guard_price import QUESTIONS, users_until_seen
from gateway.statistics.power import Question, price_of_knowing


@pytest.mark.parametrize(
    "asked",
    [
        *QUESTIONS[:3],
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
