"""Intervals that stay valid while people watch: rates, their difference, medians.

A rate is looked at after every user or pair, so an ordinary confidence interval would be wrong sooner or later with
near certainty. These are *confidence sequences*: with probability at least 1 - alpha the truth is inside at every
moment at once, however often one looks and whenever one stops.

Method, for Bernoulli outcomes: the beta-binomial mixture martingale of Robbins (1970, "Statistical methods related to
the law of the iterated logarithm", Ann. Math. Statist. 41), in the form of Howard, Ramdas, McAuliffe & Sekhon (2021,
"Time-uniform, nonparametric, nonasymptotic confidence sequences", Ann. Statist. 49). For a rate p, s mismatches in n
pairs and a Beta(a, b) mixture,

    M_n(p) = B(a + s, b + n - s) / B(a, b) / (p^s (1 - p)^(n - s))

is a nonnegative martingale with mean 1 at the true p, so by Ville's inequality it ever exceeds 1/alpha with
probability at most alpha. The interval holds every p with M_n(p) < 1/alpha.

Two independent rates: the product of their martingales is one at the true pair of rates, in whatever order the pairs
came in. The interval of the difference is the projection of that joint region, which is tighter than a union bound.
Medians: the number of values at or below the true median is Binomial(n, 1/2), so the ranks that the martingale at 1/2
does not exclude bound it (Howard & Ramdas 2022, "Sequential estimation of quantiles").
"""

import math
from bisect import bisect_left
from collections.abc import Callable, Sequence

import msgspec

ALPHA = 0.05
PRIOR = 0.5  # Beta(1/2, 1/2): sharp for rates near 0 and 1, where mismatch rates are. Any choice is valid
STEPS = 40  # of bisection and of golden section: far below what is shown
EDGE = 1e-12
GOLDEN = (math.sqrt(5) - 1) / 2


class Rate(msgspec.Struct, frozen=True):
    """`hits` of `pairs`."""

    hits: int
    pairs: int

    @property
    def mean(self) -> float:
        """The observed rate; 0 while nothing was observed."""
        return self.hits / self.pairs if self.pairs else 0.0


class Interval(msgspec.Struct, frozen=True):
    """What is not excluded, ends included."""

    low: float
    high: float

    def __contains__(self, value: float) -> bool:
        return self.low <= value <= self.high


def log_martingale(rate: Rate, p: float) -> float:
    """log M_n(p): how much the data speak against the rate p; convex in p, lowest at the observed rate.

    At the true p a martingale (Robbins 1970), so Ville's inequality bounds how often it is ever large there.
    """
    p = min(max(p, EDGE), 1 - EDGE)
    misses = rate.pairs - rate.hits
    mixture = _log_beta(PRIOR + rate.hits, PRIOR + misses) - _log_beta(PRIOR, PRIOR)
    return mixture - rate.hits * math.log(p) - misses * math.log1p(-p)


def _log_beta(a: float, b: float) -> float:
    return math.lgamma(a) + math.lgamma(b) - math.lgamma(a + b)


def rate_interval(rate: Rate, alpha: float = ALPHA) -> Interval:
    """The confidence sequence of one rate, at this moment: Howard et al. (2021), Robbins' mixture."""
    limit = -math.log(alpha)

    def outside(p: float) -> bool:
        return log_martingale(rate, p) >= limit

    return Interval(_edge(outside, rate.mean, 0.0), _edge(outside, rate.mean, 1.0))


def differ(one: Rate, other: Rate, alpha: float = ALPHA) -> bool:
    """Whether the two rates are known to differ: no common rate is inside their joint region.

    The best common rate is the pooled one, so this is a closed form, cheap enough to ask after every pair. Theorem as
    for `difference_interval`.
    """
    pooled = Rate(one.hits + other.hits, one.pairs + other.pairs).mean
    return log_martingale(one, pooled) + log_martingale(other, pooled) >= -math.log(alpha)


def difference_interval(one: Rate, other: Rate, alpha: float = ALPHA) -> Interval:
    """The confidence sequence of `one - other`, at this moment; holds 0 exactly when not `differ`.

    The product of two martingales is one (Ville's inequality on it); the interval projects its joint region.
    """
    limit = -math.log(alpha)

    def outside(difference: float) -> bool:
        return _least_against(one, other, difference) >= limit

    observed = one.mean - other.mean
    return Interval(_edge(outside, observed, -1.0), _edge(outside, observed, 1.0))


def bounded_difference(one: Rate, other: Rate, alpha: float = ALPHA) -> Interval:
    """A confidence sequence of `one - other` from that of each, at half of `alpha` (Bonferroni); theorem as there.

    Much tighter than `difference_interval` where one sample is small and the other large, as at a low dial.
    """
    mine, others = rate_interval(one, alpha / 2), rate_interval(other, alpha / 2)
    return Interval(mine.low - others.high, mine.high - others.low)


def _least_against(one: Rate, other: Rate, difference: float) -> float:
    """The least that the data speak against any two rates with this difference (golden section on a convex sum)."""
    low, high = max(0.0, -difference), min(1.0, 1.0 - difference)

    def against(p: float) -> float:
        return log_martingale(one, p + difference) + log_martingale(other, p)

    for _ in range(STEPS):
        left, right = high - (high - low) * GOLDEN, low + (high - low) * GOLDEN
        low, high = (low, right) if against(left) <= against(right) else (left, high)
    return against((low + high) / 2)


def _edge(outside: Callable[[float], bool], inside: float, end: float) -> float:
    """The last value that is not outside on the way from `inside` to `end`."""
    if not outside(end):
        return end
    for _ in range(STEPS):
        middle = (inside + end) / 2
        if outside(middle):
            end = middle
        else:
            inside = middle
    return end


def median_interval(values: Sequence[float], alpha: float = ALPHA) -> Interval:
    """The confidence sequence of the median, at this moment; without bounds while there are too few values.

    Howard & Ramdas (2022, "Sequential estimation of quantiles with applications to A/B testing", Bernoulli 28).
    """
    ordered, n, limit = sorted(values), len(values), -math.log(alpha)
    ranks = range(n // 2 + 1)  # the nearer a rank is to the middle, the less is against it
    lowest = bisect_left(ranks, True, key=lambda k: log_martingale(Rate(k, n), 0.5) < limit)  # noqa: FBT003 - looked for
    if lowest in {0, len(ranks)}:
        return Interval(-math.inf, math.inf)
    return Interval(ordered[lowest - 1], ordered[n - lowest])
