"""Does it lose facts? Users whose facts are lost or contradicted in comparisons, above what equal runs show."""

from collections.abc import Sequence
from datetime import datetime

from gateway.rollout.guard.sides import end_of_span
from gateway.shadow.report.course import Compared
from gateway.statistics.confidence import Interval, Rate, bounded_difference
from gateway.web.console.draw.interval import Estimate, draw_interval
from gateway.web.console.draw.lines import DIFFERENCES, Picture, draw_lines
from gateway.web.console.draw.points import Line, Point
from gateway.web.console.questions.model import (
    Answer,
    Reached,
    State,
    Versus,
    about,
    points_short,
    points_text,
    share_words,
    still_open,
)

KEY = "facts"
LIMIT = 0.02  # of users, where no goal says how exactly it is asked


def add_up(compared: Sequence[Compared], since: datetime, until: datetime) -> list[Reached]:
    """Running sums; beside the pairs of two versions those of one with itself."""
    sums = {"shadow": (0, 0), "noise": (0, 0)}
    reached = list[Reached]()
    for one in compared:
        users, hits = sums[one.mode]
        sums[one.mode] = users + one.users, hits + one.hits
        at = end_of_span(since, until, one.span)
        if reached and reached[-1].at == at:
            reached.pop()
        (users, hits), (equal, noisy) = sums["shadow"], sums["noise"]
        reached.append(Reached(at, Rate(hits, users), Rate(noisy, equal)))
    return reached


def ask_facts(versus: Versus, compared: Sequence[Compared], limit: float = LIMIT) -> Answer:
    """The whole question. It does not depend on the dial: comparisons change nothing for anybody."""
    title = f"Does {versus.mine.pipeline} lose facts?"
    course = add_up(compared, versus.since, versus.until)
    if not course or not course[-1].mine.pairs:
        names = f"{versus.mine.pipeline} and {versus.other.pipeline}"
        said = f"No results of {names} were compared since {versus.since:%Y-%m-%d %H:%M} UTC."
        return Answer(KEY, title, "Not known yet", said, "unknown", "Open: comparisons have to be on")
    last = course[-1]
    interval = bounded_difference(last.mine, last.other)
    state, need = verdict(versus, last, interval, limit)
    shown = f"+{limit * 100:g} points"
    return Answer(
        KEY, title, headline(interval, last, state), says(last, interval), state, need,
        (f"{last.mine.pairs:,} pairs", f"{last.other.pairs:,} equal"),
        interval=draw_interval(
            f"{KEY}-now", "Share of users above that of equal runs", versus.mine.order,
            Estimate(last.mine.mean - last.other.mean, interval.low, interval.high, limit=limit, limit_text=shown),
            points_text,
        ),
        course=draw_lines(
            f"{KEY}-course", "Above equal runs over time, in points",
            Picture(
                [Line(versus.mine.pipeline, versus.mine.order, [point_of(one) for one in course if one.mine.pairs],
                      f"{last.mine.pairs:,} pairs, too few to say")],
                versus.since, versus.until, points_text, versus.steps, limit, shown, points_short, DIFFERENCES,
            ),
        ),
        since=versus.since,
    )  # fmt: skip


def point_of(one: Reached) -> Point:
    interval = bounded_difference(one.mine, one.other)
    return Point(one.at, one.mine.mean - one.other.mean, interval.low, interval.high)


def headline(interval: Interval, last: Reached, state: State) -> str:
    if interval.low > 0:
        return f"Yes: {points_text(last.mine.mean - last.other.mean)}"
    return "No more than chance" if state == "answered" else "Not seen so far"


def says(last: Reached, interval: Interval) -> str:
    equal = f"{share_words(last.other.mean)} between two equal runs" if last.other.pairs else "no equal runs yet"
    return (
        f"{share_words(last.mine.mean)} of {last.mine.pairs:,} users, {equal}: "
        f"{points_text(interval.low)} to {points_text(interval.high)}."
    )


def verdict(versus: Versus, last: Reached, interval: Interval, limit: float) -> tuple[State, str]:
    if interval.low > limit:
        return "harm", "Answered: loses more than allowed"
    if interval.high <= limit:
        return "answered", f"Answered to {limit * 100:g} points"
    if not last.other.pairs:
        return "open", "Open: equal runs have to be compared too"
    room, half = limit - (last.mine.mean - last.other.mean), interval.high - (last.mine.mean - last.other.mean)
    if room <= 0:
        return "open", "Open: above the limit so far, and it may be chance"
    more = last.mine.pairs * max((half / room) ** 2 - 1, 0.05)
    hours = (versus.until - versus.since).total_seconds() / 3600
    return "open", still_open(f"{about(more)} more pairs", more * hours / last.mine.pairs, versus)
