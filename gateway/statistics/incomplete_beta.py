"""The incomplete beta function, in logarithms, where neither end is lost to rounding."""

import math

TINY = 1e-300
TERMS = 500
CLOSE = 1e-14


def log_beta(a: float, b: float) -> float:
    """log B(a, b)."""
    return math.lgamma(a) + math.lgamma(b) - math.lgamma(a + b)


def log_upper_beta(a: float, b: float, x: float) -> float:
    """log of the chance that a Beta(a, b) value is above `x` (above 0, below 1).

    Lentz's method on the continued fraction 26.5.8 of Abramowitz & Stegun (1964); on the side where it converges
    slowly, 1 minus the other side.
    """
    if x >= (a + 1) / (a + b + 2):
        return _log_tail(b, a, 1 - x, math.log1p(-x), math.log(x))
    return math.log1p(-math.exp(min(_log_tail(a, b, x, math.log(x), math.log1p(-x)), -TINY)))


def _log_tail(a: float, b: float, x: float, log_x: float, log_rest: float) -> float:
    """log of the chance that a Beta(a, b) value is below `x`, for an `x` below about its mean."""
    front = a * log_x + b * log_rest - log_beta(a, b) - math.log(a)
    return front + math.log(_fraction(a, b, x))


def _fraction(a: float, b: float, x: float) -> float:
    c, d = 1.0, 1 / _away(1 - (a + b) * x / (a + 1))
    found = d
    for m in range(1, TERMS):
        even = m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m))
        odd = -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1))
        for term in (even, odd):
            d, c = 1 / _away(1 + term * d), _away(1 + term / c)
            found *= d * c
        if abs(d * c - 1) < CLOSE:
            break
    return found


def _away(value: float) -> float:
    """Not zero."""
    return value if abs(value) > TINY else TINY
