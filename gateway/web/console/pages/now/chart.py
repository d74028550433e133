"""Users whose import failed, of each version, over time; the dial's steps as vertical lines."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from flags.model import Pipeline
from gateway.jobs.outcomes import Outcomes
from gateway.web.console.draw.lines import SHARES, DialStep, Picture, draw_lines
from gateway.web.console.draw.points import Line, Point
from gateway.web.console.draw.svg import Chart
from gateway.web.console.pages.now.seen import DialRow
from gateway.web.console.pages.now.three import order_of
from gateway.web.console.wording import count_text, percent_text


@dataclass(frozen=True, slots=True)
class Around:
    """What stands around the lines: all versions, the oldest first; what most users have; when the dial was turned."""

    versions: Sequence[Pipeline]
    against: Pipeline
    dials: Sequence[DialRow]
    now: datetime


def failures_chart(outcomes: Sequence[Outcomes], around: Around) -> Chart | None:
    """None while no user's job has ended."""
    series, against = [one for one in outcomes if one.points], around.against
    if not series:
        return None
    begin = min(one.points[0].at for one in series)
    base = next((one for one in series if one.pipeline == against), None)
    rate = base.points[-1].failed / base.points[-1].users if base is not None else 0.0
    picture = Picture(
        lines=[line_of(one, around.versions) for one in series],
        begin=begin,
        end=around.now,
        shown=lambda value: percent_text(value * 100),
        steps=steps_since(around.dials, begin),
        within=SHARES,
        limit=2 * rate if rate else None,
        limit_text=f"twice {against}" if rate else "",
    )
    return draw_lines("failures", "Share of users whose import failed", picture)


def line_of(outcomes: Outcomes, versions: Sequence[Pipeline]) -> Line:
    """One version's share of users with a failed first job."""
    points = [Point(one.at, one.failed / one.users, one.low, one.high) for one in outcomes.points]
    few = f"{outcomes.pipeline}: {count_text(outcomes.points[-1].users)} users, too few to say"
    return Line(outcomes.pipeline, order_of(outcomes.pipeline, versions), points, few)


def steps_since(dials: Sequence[DialRow], begin: datetime) -> list[DialStep]:
    """The changes of dials since then, oldest first."""
    return [DialStep(row.at, step_text(row)) for row in reversed(dials) if row.at >= begin]


def step_text(row: DialRow) -> str:
    if row.what == "override":
        return "override" if row.is_on else "override lifted"
    return row.what if row.dial is None else f"{row.pipeline or 'dial'} {percent_text(row.dial)}"
