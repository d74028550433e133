"""What happened one after another as bars on one time axis; where nothing happened for long, the axis is broken."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from statistics import median
from typing import Final

from gateway.web.console.draw.axis import cut, full_moment, width_of
from gateway.web.console.draw.mark import class_of, open_path
from gateway.web.console.draw.svg import Canvas, Chart, Svg, Table, drawing, element, label

LONG: Final = 20  # times the median bar: a gap above that is broken
BREAK: Final = 34.0  # how wide a broken gap is drawn
ROW: Final = 26.0


@dataclass(frozen=True, slots=True)
class Bar:
    """One span of time. `end` None: it is under way."""

    name: str
    begin: datetime
    end: datetime | None
    note: str = ""  # "2 tries, worker-1"
    state: str = "done"  # a class: done, running, failed
    order: int = 0  # the version's place among all


@dataclass(frozen=True, slots=True)
class Stretch:
    """A part of the axis, in time and on paper."""

    begin: datetime
    end: datetime
    left: float
    right: float
    broken: bool = False

    def place(self, at: datetime) -> float:
        span = (self.end - self.begin).total_seconds()
        share = (at - self.begin).total_seconds() / span if span > 0 else 0.0
        return self.left + (self.right - self.left) * min(max(share, 0.0), 1.0)


def draw_bars(name: str, title: str, bars: Sequence[Bar], now: datetime) -> Chart:
    """Bars in the order given, each in a row of its own."""
    height = ROW * max(len(bars), 1) + 34
    wide, narrow = Canvas(name, 760, height), Canvas(name, 360, height + 14 * len(bars), narrow=True)
    text = "; ".join(f"{bar.name}: {seconds(until(bar, now) - bar.begin)}" for bar in bars) or "Nothing ran yet."
    return Chart(
        name=name,
        title=title,
        wide=_draw(wide, title, text, bars, now),
        narrow=_draw(narrow, title, text, bars, now),
        table=Table(
            title,
            ("Step", "From", "Took", "Note"),
            tuple((bar.name, full_moment(bar.begin), seconds(until(bar, now) - bar.begin), bar.note) for bar in bars),
        ),
    )


def until(bar: Bar, now: datetime) -> datetime:
    return max(bar.begin, now if bar.end is None else bar.end)


def seconds(span: timedelta) -> str:
    """How long, as people say it: `0.04 s`, `38 s`, `5 min`, `2.5 h`."""
    value = span.total_seconds()
    if value < 120:
        return f"{value:.2g} s" if value < 10 else f"{value:.0f} s"
    return f"{value / 60:.0f} min" if value < 7200 else f"{value / 3600:.3g} h"


def stretches(bars: Sequence[Bar], now: datetime, left: float, right: float) -> list[Stretch]:
    """The axis: what is covered by bars and short gaps in proportion, and long gaps all alike."""
    spans = sorted((bar.begin, until(bar, now)) for bar in bars)
    if not spans:
        return []
    usual = max(median((end - begin).total_seconds() for begin, end in spans), 0.001)
    covered = [spans[0]]
    for begin, end in spans[1:]:
        if (begin - covered[-1][1]).total_seconds() > LONG * usual:
            covered.append((begin, end))
        else:
            covered[-1] = (covered[-1][0], max(covered[-1][1], end))
    width = min(BREAK, (right - left) / (2 * len(covered)))  # many gaps never take more than half of the axis
    total = sum(((end - begin).total_seconds() for begin, end in covered), 0.0) or 1.0
    scale = (right - left - width * (len(covered) - 1)) / total
    placed, at = list[Stretch](), left
    for index, (begin, end) in enumerate(covered):
        if index:
            placed.append(Stretch(covered[index - 1][1], begin, at, at + width, broken=True))
            at += width
        placed.append(Stretch(begin, end, at, at := min(right, at + (end - begin).total_seconds() * scale)))
    return placed


def place_of(axis: Sequence[Stretch], at: datetime) -> float:
    return next((part.place(at) for part in axis if at <= part.end), axis[-1].right)


def _draw(canvas: Canvas, title: str, text: str, bars: Sequence[Bar], now: datetime) -> Svg:
    left, right = (8.0, canvas.width - 8) if canvas.narrow else (132.0, canvas.width - 150)
    axis = stretches(bars, now, left, right)
    row = ROW + 14 if canvas.narrow else ROW
    parts = list[Svg]()
    for index, bar in enumerate(bars):
        top = row * index + (14 if canvas.narrow else 0)
        begin, end = place_of(axis, bar.begin), place_of(axis, until(bar, now))
        end = min(max(end, begin + 2), right)
        begin = min(begin, end - 2)
        took = f"{seconds(until(bar, now) - bar.begin)}{f', {bar.note}' if bar.note else ''}"
        class_ = f"bar fill {bar.state} {class_of(bar.order)}"
        parts.append(element("rect", class_=class_, x=begin, y=top + 5, width=end - begin, height=14, rx=3))
        if canvas.narrow:
            parts.append(label(cut(f"{bar.name}  {took}", canvas.width - 16), 8, top + 1, "row"))
        else:
            parts += [
                label(cut(bar.name, left - 12), 0, top + 17, "row"),
                label(cut(took, canvas.width - right - 12), right + 12, top + 17, "took"),
            ]
    return drawing(canvas, "bars", title, text, *parts, *_axis(canvas, axis))


def _axis(canvas: Canvas, axis: Sequence[Stretch]) -> list[Svg]:
    """The line below, its ends in UTC, and a mark for each gap that is not in proportion, with how long it was."""
    y, parts, free = canvas.height - 24, list[Svg](), 0.0
    for part in axis:
        if not part.broken:
            parts.append(element("line", class_="axis", x1=part.left, x2=part.right, y1=y, y2=y))
            continue
        middle = (part.left + part.right) / 2
        points = [(part.left, y), (middle - 3, y - 5), (middle + 3, y + 5), (part.right, y)]
        parts.append(element("path", class_="break", d=open_path(points)))
        said = seconds(part.end - part.begin)
        half = width_of(said, 11.5) / 2
        if middle - half >= free and middle + half <= canvas.width:
            free = middle + half + 6
            parts.append(label(said, middle, y - 8, "tick", "middle"))
    if axis:
        first, last = axis[0], axis[-1]
        parts.append(label(clock(first.begin), first.left, canvas.height - 6, "tick"))
        if last.right - first.left > 150:
            parts.append(label(f"{clock(last.end)} UTC", last.right, canvas.height - 6, "tick", "end"))
    return parts


def clock(at: datetime) -> str:
    return full_moment(at)[11:19]
