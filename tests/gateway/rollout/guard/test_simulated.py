"""The guard's judgement over simulated rollouts, 200 of a kind; `python -m bench.guard` has all, 1,000 of each."""

import pytest

from bench.chance import most_by_chance
from bench.guard import ALPHAS, Row, rate

RUNS = 200


@pytest.mark.parametrize(
    "row",
    [
        Row("a base that drifts under a moving dial"),
        Row("a store is down", requests=8_000, burst=(300, 0.3)),
        Row("heavy users", requests=8_000, heavy=0.01),
        Row("one user fails a hundred times", requests=8_000, unlucky=100),
        Row("time", requests=4_000, slower=1.0),
    ],
    ids=lambda row: row.name,
)
def test_identical_versions_are_turned_off_no_more_often_than_alpha_says(row: Row) -> None:
    for alpha, (share, _) in zip(ALPHAS, rate(row, RUNS), strict=True):
        assert share * RUNS <= most_by_chance(alpha, RUNS)


@pytest.mark.parametrize(
    ("row", "least"),
    [
        (Row("twice as often", times=2.0), 0.9),
        (Row("three times as often", (0.005, 0.005), 3.0), 0.99),
        (Row("always, and few come", (1e-5, 1e-5), 1e5, (0.05,), 400), 0.99),
        (Row("twice as slow", requests=8_000, slower=2.0), 0.99),
    ],
    ids=lambda value: value.name if isinstance(value, Row) else "",
)
def test_what_fails_more_is_turned_off(row: Row, least: float) -> None:
    (_, (share, users)) = rate(row, RUNS)
    assert share >= least
    assert users is not None


@pytest.mark.parametrize(("at", "requests"), [(0, 40_000), (1, 56_000)])
def test_a_doubling_of_a_base_of_one_in_two_hundred_is_turned_off_in_nine_of_ten(at: int, requests: int) -> None:
    """At an alpha of 0.05, and in rollouts that are longer by two fifths at the one in force."""
    share, _ = rate(Row("twice as often", (0.005, 0.005), 2.0, requests=requests), RUNS)[at]
    assert (1 - share) * RUNS <= most_by_chance(0.1, RUNS)
