"""Is it slower? Medians of the first jobs of users who read an export, side by side, as a ratio."""

import math
from bisect import insort
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from statistics import median

from gateway.rollout.guard.sides import POINTS, Took, TwoSides
from gateway.rollout.ramp.gates import Gates
from gateway.statistics.confidence import ALPHA, Interval, median_interval
from gateway.web.console.draw.interval import Estimate, draw_interval
from gateway.web.console.draw.lines import Picture, draw_lines
from gateway.web.console.draw.points import Line, Point
from gateway.web.console.questions.failures import GuardSays
from gateway.web.console.questions.model import THIN, Answer, State, Versus, about, not_comparable, still_open

KEY = "time"
LIMIT = 1 + Gates().most_slower


@dataclass(frozen=True, slots=True)
class Slowness:
    """How many times as long the version's median is, and what it may be; `users`: of either side."""

    at: datetime
    mine: float
    other: float
    interval: Interval
    users: tuple[int, int]

    @property
    def ratio(self) -> float:
        return self.mine / self.other


def slowness(at: datetime, mine: Sequence[float], other: Sequence[float]) -> Slowness | None:
    """None where either side has too few runs for an interval (Bonferroni over the two)."""
    first, second = median_interval(mine, ALPHA / 2), median_interval(other, ALPHA / 2)
    if not (math.isfinite(first.high) and math.isfinite(second.high)) or second.low <= 0:
        return None
    interval = Interval(first.low / second.high, first.high / second.low)
    return Slowness(at, median(mine), median(other), interval, (len(mine), len(other)))


def course_of(took: Sequence[Took], sides: TwoSides) -> list[Slowness]:
    """At the end of each span in which something was added."""
    mine, other, reached = list[float](), list[float](), list[Slowness]()
    waiting = sorted(took, key=lambda one: one.at)
    done = 0
    for span in range(1, POINTS + 1):
        at, before = sides.end_of(span), done
        while done < len(waiting) and waiting[done].at <= at:
            insort(mine if waiting[done].pipeline == sides.pipeline else other, waiting[done].seconds)
            done += 1
        if done > before and (found := slowness(at, mine, other)) is not None:
            reached.append(found)
    return reached


def ask_slower(versus: Versus, took: Sequence[Took], sides: TwoSides, guard: GuardSays) -> Answer:
    """The whole question."""
    title = f"Is {versus.mine.pipeline} slower?"
    course = course_of(took, sides)
    users = [sum(one.pipeline == side for one in took) for side in (sides.pipeline, sides.against)]
    sizes = f"{users[0]:,}", f"{users[1]:,}"
    if not course:
        few = f"{users[0]:,} timed runs of {versus.mine.pipeline}, {users[1]:,} of {versus.other.pipeline}"
        need = not_comparable(versus) or "Open: a few more users on either side"
        return Answer(KEY, title, "Not known yet", f"{few}: too few to compare.", "unknown", need, sizes)
    last = course[-1]
    state, need = verdict(versus, guard, last)
    limit = f"+{(LIMIT - 1) * 100:g}{THIN}%"
    return Answer(
        KEY, title, headline(guard, last), says(versus, last), state, need, sizes,
        interval=draw_interval(
            f"{KEY}-now", "Ratio of medians", versus.mine.order,
            Estimate(last.ratio, last.interval.low, last.interval.high, 1.0, "same", LIMIT, limit), more_text,
        ),
        course=draw_lines(
            f"{KEY}-course", "Ratio of medians over time",
            Picture(
                [Line(versus.mine.pipeline, versus.mine.order, [point_of(one) for one in course])],
                versus.since, versus.until, lambda above: more_text(above + 1), versus.steps, LIMIT - 1, limit,
            ),
        ),
        since=versus.since,
    )  # fmt: skip


def point_of(one: Slowness) -> Point:
    """Above the same."""
    return Point(one.at, one.ratio - 1, one.interval.low - 1, one.interval.high - 1)


def more_text(ratio: float) -> str:
    """`+7 %`, `-3 %`, `same`."""
    percent = round((ratio - 1) * 100)
    return f"{percent:+d}{THIN}%" if percent else "same"


def headline(guard: GuardSays, last: Slowness) -> str:
    if guard.phase == "breach":
        return "Yes, beyond chance"
    if last.interval.low > 1:
        return f"{'By' if last.interval.low > LIMIT else 'So far by'} {more_text(last.ratio).removeprefix('+')}"
    return "No, faster" if last.interval.high < 1 else "Not seen so far"


def says(versus: Versus, last: Slowness) -> str:
    low, high = more_text(last.interval.low), more_text(last.interval.high)
    mine = f"Half of {versus.mine.pipeline}'s runs take {last.mine:.3g} s or more"
    return f"{mine}, {versus.other.pipeline}'s {last.other:.3g} s: between {low} and {high}."


def verdict(versus: Versus, guard: GuardSays, last: Slowness) -> tuple[State, str]:
    if guard.phase == "breach" or last.interval.low > LIMIT:
        return "harm", "Answered: slower than allowed"
    if last.interval.high <= LIMIT:
        return "answered", "Answered: below the limit"
    if (why := not_comparable(versus)) is not None:
        return "unknown", why
    return "open", still_open(*needed(versus, last), versus)


def needed(versus: Versus, last: Slowness) -> tuple[str, float | None]:
    """An interval becomes half as wide with four times as many users: until it ends below the limit."""
    room, half = math.log(LIMIT / last.ratio), math.log(last.interval.high / last.ratio)
    if room <= 0:
        return "as many users again", None
    more = last.users[0] * max((half / room) ** 2 - 1, 0.05)
    hours = (versus.until - versus.since).total_seconds() / 3600
    return f"{about(more)} more users on {versus.mine.pipeline}", more * hours / last.users[0]
