"""The strip of shares: who has which version of a hundred users, and the steps of a ramp below it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Literal

from gateway.web.console.draw.axis import Scale, cut, spread, width_of
from gateway.web.console.draw.mark import class_of, mark
from gateway.web.console.draw.svg import Canvas, Chart, Svg, Table, drawing, element, label

TOP: Final = 24.0
DEEP: Final = 28.0
EDGE: Final = 2.0


@dataclass(frozen=True, slots=True)
class Part:
    """One version's share of users, 0 to 100. `order`: its place among all versions, the oldest is 0."""

    version: str
    order: int
    percent: float


@dataclass(frozen=True, slots=True)
class Tick:
    """A step of a ramp: where it stands, in which state, and what is said below it."""

    percent: float
    state: Literal["done", "now", "next"]
    note: str = ""


def draw_lane(name: str, title: str, parts: Sequence[Part], ticks: Sequence[Tick] = ()) -> Chart:
    """Parts from the left to the right; together they are about 100."""
    said = ", ".join(f"{part.version} {percent(part.percent)}" for part in parts) or "nothing is known"
    steps = ", ".join(f"{tick.percent:g} {tick.state}" for tick in ticks)
    text = f"{said}.{f' Steps of the ramp: {steps}.' if steps else ''}"
    high = TOP + DEEP + (40 if ticks else 2)
    wide, narrow = Canvas(name, 1174, high), Canvas(name, 360, high, narrow=True)
    return Chart(
        name=name,
        title=title,
        wide=_draw(wide, title, text, parts, ticks),
        narrow=_draw(narrow, title, text, parts, ticks),
        table=Table(
            title,
            ("Of users", "Share"),
            (
                *((part.version, percent(part.percent)) for part in parts),
                *((f"Step {percent(tick.percent)}", f"{tick.state} {tick.note}".strip()) for tick in ticks),
            ),
        ),
    )


def percent(value: float) -> str:
    """`25 %`, with a thin space before the sign."""
    return f"{round(value, 2):g}\N{THIN SPACE}%"


def _draw(canvas: Canvas, title: str, text: str, parts: Sequence[Part], ticks: Sequence[Tick]) -> Svg:
    scale = Scale(0, 100, EDGE, canvas.width - EDGE)
    return drawing(
        canvas, "lane", title, text,
        element("rect", class_="nobody", x=EDGE, y=TOP, width=canvas.width - 2 * EDGE, height=DEEP, rx=6),
        *_parts(canvas, scale, parts),
        *_ticks(canvas, scale, ticks),
    )  # fmt: skip


def _parts(canvas: Canvas, scale: Scale, parts: Sequence[Part]) -> list[Svg]:
    """The strip, and above it each version's mark and share, at its beginning or as near as there is room."""
    sizes = [width_of(f"{part.version} {percent(part.percent)}") + 26 for part in parts]
    starts, drawn, before = list[float](), list[Svg](), 0.0
    for part in parts:
        left, right = scale(before), scale(before + max(part.percent, 0.0))
        before += max(part.percent, 0.0)
        starts.append(left)
        if right > left:
            fill = f"part fill {class_of(part.order)}"
            drawn.append(element("rect", class_=fill, x=left, y=TOP, width=right - left, height=DEEP))
        if left > EDGE and left < canvas.width - EDGE:
            drawn.append(element("line", class_="between", x1=left, x2=left, y1=TOP, y2=TOP + DEEP))
    places = spread(starts, sizes, EDGE, canvas.width - EDGE)
    for part, place, size in zip(parts, places, sizes, strict=True):
        room = min(size, canvas.width - EDGE - place) - 16
        said = cut(f"{part.version} {percent(part.percent)}", room)
        drawn += [
            mark(part.order, min(place + 6, canvas.width - 8), 10),
            label(said, min(place + 15, canvas.width - EDGE), 14.5, f"name {class_of(part.order)}"),
        ]
    return drawn


def _ticks(canvas: Canvas, scale: Scale, ticks: Sequence[Tick]) -> list[Svg]:
    """A stroke for each step; its words where there is room: first of the step in force, then from the last on."""
    bottom, drawn, taken = TOP + DEEP, list[Svg](), list[tuple[float, float]]()
    for tick in sorted(ticks, key=lambda tick: (tick.state != "now", -tick.percent)):
        x = scale(tick.percent)
        drawn.append(element("line", class_=f"tick {tick.state}", x1=x, x2=x, y1=bottom + 1, y2=bottom + 7))
        number, note = f"{tick.percent:g}", cut(tick.note, canvas.width / 3)
        half = max(width_of(number), width_of(note)) / 2
        middle = min(max(x, EDGE + half), canvas.width - EDGE - half)
        if any(middle - half < end and start < middle + half for start, end in taken):
            continue
        taken.append((middle - half - 6, middle + half + 6))
        drawn.append(
            label(
                number,
                min(max(x, EDGE + width_of(number) / 2), canvas.width - EDGE - width_of(number) / 2),
                bottom + 20,
                f"step {tick.state}",
                "middle",
            )
        )
        if note:
            drawn.append(label(note, middle, bottom + 35, f"step {tick.state}", "middle"))
    return drawn
