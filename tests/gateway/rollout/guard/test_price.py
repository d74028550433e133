"""The price of knowing a step, in words: by the last day's traffic, and not at all where that is not known."""

import pytest

from gateway.rollout.guard.price import StepPrice, Traffic, price_step


def test_it_is_told_with_the_traffic_that_it_is_made_of() -> None:
    assert price_step(Traffic(4_800, 4_560, 23), "v2", 25.0).message == (
        "at 25 % and the last day's traffic (4,800 users; of 4,560 without v2, 23 failed), a doubling of failures is "
        "seen after about 32,000 users, 160 h (90 %)"
    )
    assert (
        "of 200 without v2, none failed: taken for half a one)" in price_step(Traffic(200, 200, 0), "v2", 25.0).message
    )


def test_a_gateway_that_is_younger_than_a_day_counts_the_hours_there_are() -> None:
    day, some = (price_step(Traffic(4_800, 4_560, 23, hours), "v2", 25.0) for hours in (24.0, 0.5))
    assert day.hours is not None
    assert some.hours == pytest.approx(day.hours / 48)
    assert "the last 30 min's traffic (4,800 users" in some.message


@pytest.mark.parametrize(
    ("traffic", "percent", "why"),
    [
        (Traffic(0, 0, 0), 5.0, "at 5 %: in the last day nobody came without v2, so how often jobs fail"),
        (Traffic(900, 0, 0), 5.0, "at 5 %: in the last day nobody came without v2, so how often jobs fail"),
        (Traffic(900, 900, 9), 100.0, "at 100 % nothing is left to chance"),
        (Traffic(900, 900, 9), 0.0, "at 0 % nothing is left to chance"),
        (Traffic(900, 900, 9), 0.001, "at 0.001 % a doubling of failures is not seen in any useful time"),
    ],
)
def test_where_it_is_not_known_no_number_is_told(traffic: Traffic, percent: float, why: str) -> None:
    found = price_step(traffic, "v2", percent)
    assert found == StepPrice("v2", percent, None, None, found.message)
    assert found.message.startswith(why)
