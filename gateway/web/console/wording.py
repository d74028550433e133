"""Numbers, times and ages as the console's pages print them."""

from datetime import UTC, datetime
from typing import Final

THIN: Final = "\u2009"  # between a number and its percent sign
MANY: Final = 1_000


def percent_text(value: float) -> str:
    """`25 %`, `12.4 %`."""
    return f"{value:.1f}".removesuffix(".0") + f"{THIN}%"


def count_text(value: int, most: int | None = None) -> str:
    """`2,903`; from `most` on, `1,000+`."""
    return f"{most:,}+" if most is not None and value >= most else f"{value:,}"


def clock_text(at: datetime) -> str:
    """`02:14:07 UTC`."""
    return f"{at.astimezone(UTC):%H:%M:%S} UTC"


def minute_text(at: datetime) -> str:
    """`20:40`."""
    return f"{at.astimezone(UTC):%H:%M}"


def day_text(at: datetime) -> str:
    """`2026-11-28 20:40 UTC`."""
    return f"{at.astimezone(UTC):%Y-%m-%d %H:%M} UTC"


def when_text(at: datetime, now: datetime) -> str:
    """The time of day; before today, the day too. UTC, with the zone written."""
    return clock_text(at) if at.astimezone(UTC).date() == now.astimezone(UTC).date() else day_text(at)


def span_text(seconds: float) -> str:
    """`0.04 s`, `38 s`, `12 min`, `9.8 h`, `3 days`."""
    if seconds < 0.01:
        return "under 0.01 s"
    if seconds < 1:
        return f"{seconds:.2f} s"
    for unit, size, most in (("s", 1, 120), ("min", 60, 7200), ("h", 3600, 172_800)):
        if seconds < most:
            value = seconds / size
            return f"{value:.1f} {unit}" if unit == "h" and value < 10 else f"{value:.0f} {unit}"
    return f"{seconds / 86_400:.0f} days"


def age_text(at: datetime, now: datetime) -> str:
    """`12 min ago`, `just now`."""
    if (now - at).total_seconds() < 1:
        return "just now"
    return f"{span_text(max((now - at).total_seconds(), 0.0))} ago"


REASONS: Final = {
    "flag": "by the dial",
    "forced": "the caller named the version",
    "v1_only": "no stored export",
    "capability": "the version takes no such import",
    "no_user": "no user id",
    "flags_unavailable": "the flags were not known",
    "override": "an override",
    "candidate_broken": "the version cannot be loaded",
    "rolled_back": "turned back by a rollback",
    "retired": "the version is retired",
}


def reason_text(reason: str) -> str:
    """Why a job had its version, in words."""
    return REASONS.get(reason, reason.replace("_", " "))


def number_word(value: int) -> str:
    """Up to twelve in words: `three questions`."""
    words = ["no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"]
    return words[value] if value < len(words) else f"{value:,}"
