"""Shares of users as people read them, with what is missing taken for the best and for the worst."""

import msgspec

from gateway.statistics.confidence import ALPHA, Interval, Rate, difference_interval, rate_interval


class Share(msgspec.Struct, frozen=True):
    """`known.hits` of `known.pairs` users, and so many whose outcome is missing."""

    known: Rate
    missing: int = 0

    @property
    def best(self) -> Rate:
        """If no missing one is a hit."""
        return Rate(self.known.hits, self.known.pairs + self.missing)

    @property
    def worst(self) -> Rate:
        """If all missing ones are."""
        return Rate(self.known.hits + self.missing, self.known.pairs + self.missing)


def share_interval(share: Share, alpha: float = ALPHA) -> Interval:
    """What is not excluded, whatever the missing ones are."""
    return Interval(rate_interval(share.best, alpha).low, rate_interval(share.worst, alpha).high)


def excess_interval(one: Share, other: Share, alpha: float = ALPHA) -> Interval:
    """The same for the difference `one - other`."""
    low = difference_interval(one.best, other.worst, alpha).low
    return Interval(low, difference_interval(one.worst, other.best, alpha).high)


def in_points(rate: Rate, alpha: float = ALPHA) -> str:
    """A rate as people read it: "12.0% (10.1 to 14.3, 1,200 users)"."""
    return share_text(Share(rate), rate_interval(rate, alpha))


def share_text(share: Share, interval: Interval) -> str:
    """The same with what is missing: "0.0% (0.0 to 8.1, 200 users, 3 missing)"."""
    missing = f", {share.missing:,} missing" if share.missing else ""
    bounds = f"{interval.low * 100:.1f} to {interval.high * 100:.1f}"
    return f"{share.known.mean:.1%} ({bounds}, {share.known.pairs:,} users{missing})"
