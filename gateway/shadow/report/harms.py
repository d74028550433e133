"""How many users the version in question harms, beside how many a version harms when it is compared with itself."""

from collections.abc import Callable, Iterable, Sequence
from functools import partial

import msgspec

from gateway.shadow.compare.model import HARMS
from gateway.shadow.report.statistics import Share, excess_interval, share_interval, share_text
from gateway.statistics.confidence import Interval, Rate, rate_interval

SIZES = (21, 101, 1001)  # conversations of an export: where the next size begins
SIZE_NAMES = ("up to 20 conversations", "21 to 100", "101 to 1,000", "over 1,000", "of unknown size")


class EffectCount(msgspec.Struct, frozen=True):
    """So many users whose first pair ended alike. `pairs`, `harmed_pairs`: of all users together, for the detail."""

    arm: str | None  # the version that was compared with itself; None: the two versions
    size: int | None  # index in `SIZE_NAMES`
    missing: bool
    harms: list[str]
    differs: bool
    users: int
    harmed_pairs: int = 0
    pairs: int = 0


class Harmed(msgspec.Struct, frozen=True):
    """A share of users, between the best and the worst that the missing ones can make of it."""

    users: Share
    interval: Interval


class HarmBySize(msgspec.Struct, frozen=True):
    """Users with exports of one size."""

    size: str
    harmed: Harmed
    differ: Rate
    differ_interval: Interval
    says: str  # in words, where the two versions say the same


class HarmReport(msgspec.Struct, frozen=True):
    """Harm first. Users count once, with their first pair; `pairs` are all pairs, also the later ones of a user."""

    headline: str
    harmed: Harmed
    itself: dict[str, Harmed]  # version -> when it is compared with itself
    excess: dict[str, Interval]  # version -> of the share harmed, above that without its failures
    by_harm: dict[str, Harmed]
    by_size: tuple[HarmBySize, ...]
    pairs: Rate


class Bound(msgspec.Struct, frozen=True):
    """Whether harm is known to be small enough to stop sampling."""

    reached: bool
    at_most: float  # share of users harmed, above what equal runs show
    message: str


def harm_report(counts: Sequence[EffectCount], one: str | None, other: str | None) -> HarmReport:
    """The report on two versions, the known one first."""
    own = of_arm(counts, None)
    harmed = harmed_of(own)
    itself = {
        version: harmed_of(of_arm(counts, version))
        for version in sorted({version for version in (one, other) if version})
    }
    return HarmReport(
        headline=headline(one, other, harmed, itself),
        harmed=harmed,
        itself=itself,
        excess={
            version: excess_interval(harmed.users, harmed_of(of_arm(counts, version), answered_and_harmed).users)
            for version in itself
        },
        by_harm={harm: harmed_of(own, partial(has_harm, harm)) for harm in HARMS},
        by_size=tuple(by_size(own, one, other)),
        pairs=next((Rate(count.harmed_pairs, count.pairs) for count in counts), Rate(0, 0)),
    )


def of_arm(counts: Iterable[EffectCount], arm: str | None) -> list[EffectCount]:
    return [count for count in counts if count.arm == arm]


def is_harmed(count: EffectCount) -> bool:
    return bool(count.harms)


def has_harm(harm: str, count: EffectCount) -> bool:
    return harm in count.harms


def answered_and_harmed(count: EffectCount) -> bool:
    """A repetition that fails excuses no failure: what it would have answered is not known."""
    return bool(count.harms) and "failed" not in count.harms


def harmed_of(seen: Sequence[EffectCount], harmed: Callable[[EffectCount], bool] = is_harmed) -> Harmed:
    """The share of users that are harmed so."""
    known = [count for count in seen if not count.missing]
    hits = sum(count.users for count in known if harmed(count))
    missing = sum(count.users for count in seen if count.missing)
    share = Share(Rate(hits, sum(count.users for count in known)), missing)
    return Harmed(share, share_interval(share))


def headline(one: str | None, other: str | None, harmed: Harmed, itself: dict[str, Harmed]) -> str:
    """The first sentence of a report."""
    if not (harmed.users.known.pairs or harmed.users.missing):
        return "Harmed users: nobody's results were compared yet."
    beside = [
        f"{share_text(noise.users, noise.interval)} when {version} is compared with itself"
        if noise.users.known.pairs
        else f"{version} was not compared with itself"
        for version, noise in itself.items()
    ]
    said = share_text(harmed.users, harmed.interval)
    return f"Harmed users, {other} against {one}: {said}, against {', and '.join(beside)}."


def by_size(counts: Sequence[EffectCount], one: str | None, other: str | None) -> Iterable[HarmBySize]:
    """Each size of which there are users; a missing pair's size is not known."""
    for index, name in enumerate(SIZE_NAMES):
        seen = [count for count in counts if (len(SIZE_NAMES) - 1 if count.size is None else count.size) == index]
        if not seen:
            continue
        known = [count for count in seen if not count.missing]
        users = sum(count.users for count in known)
        differ = Rate(sum(count.users for count in known if count.differs), users)
        same = users > 0 and not differ.hits
        says = f"{other} and {one} say the same on exports of this size" if same else ""
        yield HarmBySize(name, harmed_of(seen), differ, rate_interval(differ), says)


def until_bounded(report: HarmReport, precision: float) -> Bound:
    """Stop when at most `precision` of users (0.02: two of a hundred) can be harmed above what either version does to
    itself, the missing ones taken for the worst. Stopping by looking is allowed: the intervals stay valid."""
    above = report.excess.values() or [report.harmed.interval]
    at_most, at_least = max(one.high for one in above), max(one.low for one in above)
    asked = f"asked for at most {precision:.1%}"
    if report.harmed.users.known.pairs and at_most <= precision:
        known = f"harm is bounded, at most {at_most:.1%} of users above equal runs ({asked})"
        return Bound(reached=True, at_most=at_most, message=f"{known}: {report.headline} Sampling can stop")
    worse = f"at least {at_least:.1%}" if at_least > precision else f"known to be at most {at_most:.1%}"
    return Bound(reached=False, at_most=at_most, message=f"{report.headline} Harm above equal runs: {worse}, {asked}")
