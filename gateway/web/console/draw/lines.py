"""Lines over time, each with what it may be, the dial's steps as vertical lines and a limit dashed."""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

from gateway.web.console.draw.axis import (
    Scale,
    TimeScale,
    cut,
    full_moment,
    moment,
    round_ticks,
    spread,
    time_ticks,
    width_of,
)
from gateway.web.console.draw.mark import class_of, closed_path, mark, open_path, stroke_of
from gateway.web.console.draw.points import Line, fewer_points
from gateway.web.console.draw.svg import Canvas, Chart, Svg, Table, drawing, element, label

FAR: Final = 1.6  # an axis goes so far beyond what is known best at the end; what is less known than that is not drawn
ROWS: Final = 16  # of a table, about
WIDE, NARROW = 80, 24  # points of a line, at most: they are the weight of a page

SHARES: Final = (0.0, 1.0)  # what shares can be, and what lies between two of them
DIFFERENCES: Final = (-1.0, 1.0)


@dataclass(frozen=True, slots=True)
class DialStep:
    """When the dial was set, and what to."""

    at: datetime
    text: str


@dataclass(frozen=True, slots=True)
class Picture:
    """What is drawn. `shown`: how a value is said; `short`: the same where there is less room, as on the axis."""

    lines: Sequence[Line]
    begin: datetime
    end: datetime
    shown: Callable[[float], str]
    steps: Sequence[DialStep] = field(default=())
    limit: float | None = None
    limit_text: str = ""
    short: Callable[[float], str] | None = None
    within: tuple[float, float] = (-math.inf, math.inf)  # what a value can be

    @property
    def briefly(self) -> Callable[[float], str]:
        return self.short or self.shown


@dataclass(frozen=True, slots=True)
class Area:
    """Where in a drawing which value at which moment is."""

    canvas: Canvas
    x: TimeScale
    y: Scale
    ticks: Sequence[float]


def draw_lines(name: str, title: str, picture: Picture) -> Chart:
    """A wide drawing with every point, a narrow one with fewer, and a table."""
    wide, narrow = Canvas(name, 660, 236), Canvas(name, 360, 230, narrow=True)
    text = describe(picture)
    return Chart(
        name=name,
        title=title,
        wide=_draw(_area(wide, picture, left=60, right=96), picture, title, text),
        narrow=_draw(_area(narrow, picture, left=54, right=84), picture, title, text),
        table=as_table(title, picture),
    )


def describe(picture: Picture) -> str:
    """The drawing in words: where each line ends, and when the dial was set."""
    said = [f"{one.name}: {say_last(one, picture.shown)}." for one in picture.lines]
    if picture.limit is not None:
        said.append(f"Limit: {picture.limit_text}, {picture.shown(picture.limit)}.")
    said += [f"{step.text} at {full_moment(step.at)}." for step in picture.steps]
    return " ".join(said)


def say_last(one: Line, shown: Callable[[float], str]) -> str:
    if not one.points:
        return "nothing is known"
    last = one.points[-1]
    return f"{shown(last.value)}, between {shown(last.low)} and {shown(last.high)}"


def as_table(title: str, picture: Picture) -> Table:
    """The same numbers: of many points every so many, and always the last."""
    rows, shown = list[tuple[str, ...]](), picture.shown
    for one in picture.lines:
        every = max(1, len(one.points) // max(1, ROWS // max(1, len(picture.lines))))
        told = [*one.points[:-1][::every], *one.points[-1:]]
        rows += [(one.name, full_moment(at.at), shown(at.value), f"{shown(at.low)} to {shown(at.high)}") for at in told]
    rows += [(step.text, full_moment(step.at), "", "") for step in picture.steps]
    if picture.limit is not None:
        rows.append((f"Limit: {picture.limit_text}", "", picture.shown(picture.limit), ""))
    return Table(title, ("Of", "Until", "Estimate", "May be"), tuple(rows))


def _area(canvas: Canvas, picture: Picture, left: float, right: float) -> Area:
    ticks = _ticks_for(picture)
    end = max(picture.end, picture.begin + timedelta(seconds=1))
    x = TimeScale(picture.begin, end, left, canvas.width - right)
    return Area(canvas, x, Scale(ticks[0], ticks[-1], canvas.height - 28, 26), ticks)


def _ticks_for(picture: Picture) -> list[float]:
    """So high and so low that what is known best fits well, and each line's last value and the limit at all."""
    ends = [one.points[-1] for one in picture.lines if one.points]
    known = [0.0, *(point.value for point in ends), *([] if picture.limit is None else [picture.limit])]
    high = max(*known, min((point.high for point in ends), default=0.0))
    low = min(*known, max((point.low for point in ends), default=0.0))
    least, most = picture.within
    return round_ticks(max(least, low * FAR), min(most, high * FAR) if high > low else 1.0)


def _draw(area: Area, picture: Picture, title: str, text: str) -> Svg:
    oldest_last = sorted(picture.lines, key=lambda one: -one.order)
    return drawing(
        area.canvas, "lines", title, text,
        *_grid(area, picture), *_steps(area, picture), *_limit(area, picture),
        *(part for one in oldest_last for part in _band(area, one)),
        *(part for one in reversed(oldest_last) for part in _line(area, one)),
        *_ends(area, picture),
    )  # fmt: skip


def _grid(area: Area, picture: Picture) -> list[Svg]:
    x, bottom = area.x, area.y.start
    parts = list[Svg]()
    for tick in area.ticks:
        y = area.y(tick)
        parts.append(element("line", class_="grid", x1=x.left, x2=x.right, y1=y, y2=y))
        parts.append(label(cut(picture.briefly(tick), x.left - 8, 11.5), x.left - 7, y + 4, "tick", "end"))
    span, free = x.end - x.begin, 0.0
    for at in time_ticks(x.begin, x.end, 3 if area.canvas.narrow else 6):
        said = moment(at, span)
        half = width_of(said, 11.5) / 2
        if x(at) - half >= free and x(at) + half <= x.right:
            free = x(at) + half + 8
            parts.append(label(said, x(at), bottom + 20, "tick", "middle"))
    return [*parts, label("UTC", x.right + 7, bottom + 20, "tick")]


def _steps(area: Area, picture: Picture) -> list[Svg]:
    """All lines; words only where those before leave room."""
    parts, free = list[Svg](), 0.0
    for step in sorted(picture.steps, key=lambda step: step.at):
        if not area.x.begin <= step.at <= area.x.end:
            continue
        x = area.x(step.at)
        parts.append(element("line", class_="dial", x1=x, x2=x, y1=18, y2=area.y.start))
        if x >= free and x + width_of(step.text, 11.5) <= area.canvas.width - 2:
            free = x + width_of(step.text, 11.5) + 12
            parts.append(label(step.text, x + 1, 14, "dial-text"))
    return parts


def _limit(area: Area, picture: Picture) -> list[Svg]:
    if picture.limit is None:
        return []
    y = area.y(picture.limit)
    return [element("line", class_="limit", x1=area.x.left, x2=area.x.right, y1=y, y2=y)]


def _told(area: Area, one: Line) -> Line:
    """From where on what a line may be fits the axis; of a narrow drawing, fewer points."""
    fits = (index for index, at in enumerate(one.points) if at.high <= area.y.high and at.low >= area.y.low)
    first = next(fits, len(one.points))
    return one.of(fewer_points(one.points[first:], NARROW if area.canvas.narrow else WIDE))


def _band(area: Area, one: Line) -> list[Svg]:
    points = _told(area, one).points
    if not points:
        return []
    above = [(area.x(point.at), area.y(point.high)) for point in points]
    below = [(area.x(point.at), area.y(point.low)) for point in reversed(points)]
    return [element("path", class_=f"band fill {class_of(one.order)}", d=closed_path(*above, *below))]


def _line(area: Area, one: Line) -> list[Svg]:
    points = [(area.x(point.at), area.y(point.value)) for point in _told(area, one).points]
    parts = list[Svg]()
    if len(points) < len(one.points) and one.few and not points:
        said = cut(one.few, area.x.right - area.x.left, 12.5)
        parts.append(label(said, area.x.left + 4, 44 + 16 * one.order, "few"))
    if points:
        width = stroke_of(one.order)
        parts.append(element("path", class_=f"line {class_of(one.order)}", d=open_path(points), stroke_width=width))
        parts += [mark(one.order, *point, 3.2) for point in points[len(points) // 3 :: max(1, len(points) // 3)][:2]]
        parts.append(mark(one.order, *points[-1], 4.8))
    return parts


def _ends(area: Area, picture: Picture) -> list[Svg]:
    """Each line's name and last value beside its end, and the limit's, none over another."""
    shown = picture.briefly
    ends = [
        (area.y(one.points[-1].value), one.name, f"end {class_of(one.order)}", shown(one.points[-1].value))
        for one in picture.lines
        if _told(area, one).points
    ]
    if picture.limit is not None:
        ends.append((area.y(picture.limit), picture.limit_text, "limit-text", ""))
    ends.sort(key=lambda end: end[0])
    places = spread([y - 8 for y, *_ in ends], [16.0] * len(ends), 20, area.y.start + 8)
    room = area.canvas.width - area.x.right - 12
    return [
        label(cut(f"{name} {value}".strip(), room), area.x.right + 10, place + 12, class_)
        for (_, name, class_, value), place in zip(ends, places, strict=True)
    ]
