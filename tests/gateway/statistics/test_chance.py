"""How far a count may be from its share by chance alone."""

import math

from hypothesis import example, given
from hypothesis import strategies as st

from gateway.statistics.chance import chance_range


def at_most(count: int, users: int, share: float) -> float:
    return sum(math.comb(users, k) * share**k * (1 - share) ** (users - k) for k in range(count + 1))


@given(st.integers(1, 300), st.floats(0.001, 0.999), st.sampled_from((0.05, 0.01, 0.001)))
@example(1, 0.984375, 0.05)  # nobody of one: 1.6 % by chance, so one alone is inside, above what is expected
@example(1, 0.015625, 0.05)
def test_outside_of_it_is_at_most_so_much_chance_and_no_count_more_would_do(
    users: int, share: float, alpha: float
) -> None:
    low, high = chance_range(users, share, alpha)
    assert 0 <= low <= high <= users
    assert low - 1 <= users * share <= high + 1, "what is expected lies within, but for what is no whole user"
    below, above = at_most(low - 1, users, share), 1 - at_most(high, users, share)
    assert below < alpha / 2 + 1e-9
    assert above <= alpha / 2 + 1e-9
    assert at_most(low, users, share) >= alpha / 2 - 1e-9, "a higher end would leave out more"


def test_a_share_of_nothing_and_of_all_leaves_nothing_to_chance() -> None:
    assert [chance_range(10, share, 0.01) for share in (0.0, 1.0)] == [(0, 0), (10, 10)]
    assert chance_range(0, 0.5, 0.01) == (0, 0)


def test_it_is_found_for_as_many_users_as_are_ever_counted() -> None:
    low, high = chance_range(50_000, 0.25, 0.001)
    spread = 3.2905 * math.sqrt(50_000 * 0.25 * 0.75)
    assert abs(low - (12_500 - spread)) < 3
    assert abs(high - (12_500 + spread)) < 3
