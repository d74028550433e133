"""When to stop sampling pairs: once the question is answered to the precision that was asked for."""

import math

import msgspec

from gateway.statistics.confidence import ALPHA, Interval, Rate, difference_interval, rate_interval


class Precision(msgspec.Struct, frozen=True):
    """Whether the question "does it differ beyond noise, and by how much?" is answered to the asked precision."""

    reached: bool
    interval: Interval  # of mismatch rate minus noise rate
    pairs_to_go: int  # a rough guess; 0 when reached
    message: str


def until_precision(mismatch: Rate, noise: Rate, precision: float, alpha: float = ALPHA) -> Precision:
    """Stop when the interval of the difference is at most `precision` to either side (0.02: two points).

    Stopping by looking is allowed: the interval stays valid.
    """
    interval = difference_interval(mismatch, noise, alpha)
    half = interval.half_width
    pairs = mismatch.pairs + noise.pairs
    found = f"{in_points(mismatch, alpha)} differ, noise {in_points(noise, alpha)}"
    if half <= precision:
        return Precision(
            reached=True,
            interval=interval,
            pairs_to_go=0,
            message=f"answered to {precision:.1%}: {found}; sampling can stop",
        )
    to_go = max(1, math.ceil(pairs * ((half / precision) ** 2 - 1))) if pairs else 1
    message = f"{found}; difference known to {half:.1%}, asked for {precision:.1%}"
    return Precision(reached=False, interval=interval, pairs_to_go=to_go, message=message)


def in_points(rate: Rate, alpha: float = ALPHA) -> str:
    """A rate as people read it: "12.0 % (10.1 to 14.3, 1,200 pairs)"."""
    interval = rate_interval(rate, alpha)
    return f"{rate.mean:.1%} ({interval.low * 100:.1f} to {interval.high * 100:.1f}, {rate.pairs:,} pairs)"
