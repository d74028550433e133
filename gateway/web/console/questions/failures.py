"""Does it fail more? Users whose first job failed by the pipeline's own fault, side by side."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC
from typing import Any

from flags.model import Pipeline
from gateway.rollout.guard.price import StepPrice
from gateway.rollout.guard.sides import Added, TwoSides
from gateway.statistics.confidence import Interval, Rate, bounded_difference
from gateway.web.console.draw.interval import Estimate, draw_interval
from gateway.web.console.draw.lines import DIFFERENCES, Picture, draw_lines
from gateway.web.console.draw.points import Line, Point
from gateway.web.console.draw.svg import Chart
from gateway.web.console.questions.model import (
    Answer,
    Reached,
    State,
    Versus,
    about,
    not_comparable,
    points_short,
    points_text,
    still_open,
)

KEY = "failures"


@dataclass(frozen=True, slots=True)
class GuardSays:
    """What the guard found last of one question, and how many users it has counted; None: it has not looked."""

    phase: str | None = None
    message: str = ""
    users: int = 0  # of either side


def guard_says(verdict: Mapping[str, Any] | None, check: str) -> GuardSays:
    """One finding of a kept verdict."""
    if not verdict:
        return GuardSays()
    users = sum(on + off for on, off in verdict.get("split", {}).values())
    for one in verdict.get("findings", ()):
        if one["check"] == check:
            return GuardSays(one["phase"], one["message"], users)
    return GuardSays(users=users)


def add_up(added: Sequence[Added], sides: TwoSides) -> list[Reached]:
    """Running sums at the end of each span that added something."""
    sums: dict[Pipeline, tuple[int, int]] = {sides.pipeline: (0, 0), sides.against: (0, 0)}
    reached = list[Reached]()
    for one in added:
        users, hits = sums[one.pipeline]
        sums[one.pipeline] = users + one.users, hits + one.hits
        at, rates = sides.end_of(one.span), {name: Rate(hits, users) for name, (users, hits) in sums.items()}
        if reached and reached[-1].at == at:
            reached.pop()
        reached.append(Reached(at, rates[sides.pipeline], rates[sides.against]))
    return reached


def ask_failures(versus: Versus, added: Sequence[Added], sides: TwoSides, guard: GuardSays, price: StepPrice) -> Answer:
    """The whole question."""
    title = f"Does {versus.mine.pipeline} fail more?"
    course = add_up(added, sides)
    last = course[-1] if course else None
    if last is None or not last.mine.pairs:
        need = not_comparable(versus) or still_needed(versus, guard, price, 0)[1]
        said = f"No user's job has ended on {versus.mine.pipeline} since {versus.since:%Y-%m-%d %H:%M} UTC."
        return Answer(KEY, title, "Not known yet", said, "unknown", need)
    interval, sizes = bounded_difference(last.mine, last.other), (f"{last.mine.pairs:,}", f"{last.other.pairs:,}")
    state, need = verdict(versus, guard, price, last)
    return Answer(
        KEY, title, headline(guard, interval, state), f"{says(last, interval)}{only_text(added)}", state, need, sizes,
        interval=draw_interval(
            f"{KEY}-now", "Difference of the shares of users whose job failed", versus.mine.order,
            Estimate(last.mine.mean - last.other.mean, interval.low, interval.high,
                     limit=last.other.mean or None, limit_text=f"twice {versus.other.pipeline}"), points_text,
        ),
        course=draw_course(versus, course), since=max(versus.since, added[0].only_since or versus.since),
    )  # fmt: skip


def headline(guard: GuardSays, interval: Interval, state: State) -> str:
    if guard.phase == "breach":
        return "Yes, beyond chance"
    if interval.low > 0:
        return "It seems so"
    return "No, not twice as often" if state == "answered" else "Not seen so far"


def says(last: Reached, interval: Interval) -> str:
    return (
        f"{last.mine.hits:,} of {last.mine.pairs:,} users' jobs failed, against {last.other.hits:,} of "
        f"{last.other.pairs:,}: between {points_text(interval.low)} and {points_text(interval.high)}."
    )


def only_text(added: Sequence[Added]) -> str:
    """Where not all jobs were looked at."""
    since = added[0].only_since if added else None
    return f" Of the newest jobs, since {since.astimezone(UTC):%Y-%m-%d %H:%M} UTC." if since else ""


def verdict(versus: Versus, guard: GuardSays, price: StepPrice, last: Reached) -> tuple[State, str]:
    if guard.phase == "breach":
        return "harm", "Answered: fails more"
    if (why := not_comparable(versus)) is not None:
        return "unknown", why
    return still_needed(versus, guard, price, last.mine.pairs)


def still_needed(versus: Versus, guard: GuardSays, price: StepPrice, seen: int) -> tuple[State, str]:
    """By the price of knowing at this dial, less the users who have come."""
    if price.users is None or price.hours is None:
        return "open", f"Open: {price.message}"
    left = price.users - max(guard.users, seen)
    if left <= 0:
        return "answered", "Answered: a doubling would have been seen"
    users = f"{about(left * versus.dial / 100)} more users on {versus.mine.pipeline}"
    return "open", still_open(users, price.hours * left / price.users, versus)


def draw_course(versus: Versus, course: Sequence[Reached]) -> Chart:
    """The difference as it became known."""
    points = [difference_at(one) for one in course if one.mine.pairs and one.other.pairs]
    name = versus.mine.pipeline
    limit = course[-1].other.mean or None
    return draw_lines(
        f"{KEY}-course", "Difference over time, in points",
        Picture(
            [Line(name, versus.mine.order, points, f"{name}: too few users to say")], versus.since, versus.until,
            points_text, versus.steps, limit, f"twice {versus.other.pipeline}",
            points_short, DIFFERENCES,
        ),
    )  # fmt: skip


def difference_at(one: Reached) -> Point:
    interval = bounded_difference(one.mine, one.other)
    return Point(one.at, one.mine.mean - one.other.mean, interval.low, interval.high)
