"""Where values stand: scales, round numbers and moments for their ticks, and labels that do not lie over each other."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final

LETTER: Final = 0.6  # of the size of a type: how wide a letter is taken for
SPANS: Final = tuple(
    timedelta(seconds=seconds)
    for seconds in (
        1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 10_800, 21_600, 43_200, 86_400, 172_800, 604_800,
        1_209_600, 2_419_200, 7_257_600, 31_536_000,
    )
)  # fmt: skip
BY_DAY: Final = timedelta(hours=36)  # from then on a time of day alone does not say when


@dataclass(frozen=True, slots=True)
class Scale:
    """Values from `low` to `high`, drawn between `start` and `end`. What lies beyond is drawn at the edge."""

    low: float
    high: float
    start: float
    end: float

    def __call__(self, value: float) -> float:
        if self.high <= self.low or math.isnan(value):
            return self.start
        share = (min(max(value, self.low), self.high) - self.low) / (self.high - self.low)
        return self.start + share * (self.end - self.start)


@dataclass(frozen=True, slots=True)
class TimeScale:
    """Moments from `begin` to `end`, drawn between `left` and `right`."""

    begin: datetime
    end: datetime
    left: float
    right: float

    def __call__(self, at: datetime) -> float:
        return Scale(0, (self.end - self.begin).total_seconds(), self.left, self.right)(
            (at - self.begin).total_seconds()
        )


def round_ticks(low: float, high: float, most: int = 4) -> list[float]:
    """At most so many steps between round numbers, of which the first is not above `low`, the last not below `high`."""
    span = max(high - low, 1e-9, abs(low) * 1e-9)
    raw = span / most
    power = 10.0 ** math.floor(math.log10(raw))
    for step in (power, 2 * power, 5 * power, 10 * power, 20 * power, 50 * power):
        first, last = math.floor(low / step), math.ceil(high / step)
        if last - first <= most:
            break
    return [step * number for number in range(first, last + 1)]


def time_ticks(begin: datetime, end: datetime, most: int) -> list[datetime]:
    """Round moments in UTC between the two, at most so many and one."""
    span = next((span for span in SPANS if (end - begin) / span <= most), (end - begin) / most)
    seconds = max(span.total_seconds(), 1.0)
    first = math.ceil(begin.timestamp() / seconds)
    ticks = [datetime.fromtimestamp(number * seconds, UTC) for number in range(first, first + most + 1)]
    return [tick for tick in ticks if tick <= end]


def moment(at: datetime, span: timedelta) -> str:
    """When, as an axis over so long says it: `14:10`, `12 Nov`; with seconds where that is short."""
    utc = at.astimezone(UTC)
    if span <= timedelta(minutes=4):
        return f"{utc:%H:%M:%S}"
    if span <= BY_DAY:
        return f"{utc:%H:%M}"
    return f"{utc.day} {utc:%b}" if utc.hour == utc.minute == 0 else f"{utc.day} {utc:%b %H:%M}"


def full_moment(at: datetime) -> str:
    """When, in a table."""
    return f"{at.astimezone(UTC):%Y-%m-%d %H:%M:%S} UTC"


def width_of(text: str, size: float = 12.5) -> float:
    """About how wide a text is; rather too much than too little."""
    return len(text) * size * LETTER


def cut(text: str, width: float, size: float = 12.5) -> str:
    """The text, or as much of its beginning as fits, and that there is more."""
    most = max(1, int(width / (size * LETTER)))
    return text if len(text) <= most else f"{text[: most - 1]}…"


def spread(wanted: Sequence[float], sizes: Sequence[float], low: float, high: float) -> list[float]:
    """Where to put things of these sizes, each as near as may be to the start that it wants, in their order and none
    over another; all between `low` and `high`, as long as there is room for them."""
    room, placed = max(high - low, 0.0), list[float]()
    scale = min(1.0, room / (sum(sizes) or 1.0))
    free = low
    for start, size in zip(wanted, sizes, strict=True):
        placed.append(max(start, free))
        free = placed[-1] + size * scale
    ends = high
    for index in reversed(range(len(placed))):
        placed[index] = max(low, min(placed[index], ends - sizes[index] * scale))
        ends = placed[index]
    return placed
