"""How far a count may be from its share by chance alone, at one look."""

import math
from statistics import NormalDist

from gateway.statistics.incomplete_beta import log_upper_beta


def chance_range(users: int, share: float, alpha: float) -> tuple[int, int]:
    """Between which counts of `users` a share (0 to 1) falls, but for a chance of at most `alpha` in all.

    The quantiles of the binomial distribution, by its tail as an incomplete beta function (Abramowitz & Stegun 1964,
    26.5.24). For one look: who looks again and again finds a count outside sooner or later.
    """
    if not users or not 0 < share < 1:
        return (users, users) if users and share >= 1 else (0, 0)
    return _quantile(users, share, alpha / 2), _quantile(users, share, 1 - alpha / 2)


def _quantile(users: int, share: float, chance: float) -> int:
    """The least count such that so many or fewer come with at least this chance.

    Looked for around the normal distribution's quantile, which is nearly it: of many users few tails are worked out.
    """
    near = users * share + NormalDist().inv_cdf(chance) * math.sqrt(users * share * (1 - share))
    low = high = min(max(round(near), 0), users)
    step = 1
    while low > 0 and _at_most(low - 1, users, share) >= chance:
        high, low, step = low - 1, max(low - step, 0), 2 * step
    step = 1
    while _at_most(high, users, share) < chance:
        low, high, step = high + 1, min(high + step, users), 2 * step
    while low < high:
        middle = (low + high) // 2
        if _at_most(middle, users, share) >= chance:
            high = middle
        else:
            low = middle + 1
    return low


def _at_most(count: int, users: int, share: float) -> float:
    return 1.0 if count >= users else math.exp(log_upper_beta(count + 1, users - count, share))
