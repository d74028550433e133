"""One estimate on a line: what it may be, where nothing differs, and from where on it is too much."""

from collections.abc import Callable
from dataclasses import dataclass

from gateway.web.console.draw.axis import Scale, cut, width_of
from gateway.web.console.draw.mark import class_of, mark
from gateway.web.console.draw.svg import Canvas, Chart, Svg, Table, drawing, element, label


@dataclass(frozen=True, slots=True)
class Estimate:
    """What is known of one number. `value` None: too little to say; `limit` None: there is none."""

    value: float | None
    low: float
    high: float
    zero: float = 0.0  # where nothing differs
    zero_text: str = "same"
    limit: float | None = None
    limit_text: str = ""


def draw_interval(name: str, title: str, order: int, estimate: Estimate, shown: Callable[[float], str]) -> Chart:
    """The version's mark within its interval. `shown`: how a number is said."""
    rows = [("May be", f"{shown(estimate.low)} to {shown(estimate.high)}"), (estimate.zero_text, shown(estimate.zero))]
    if estimate.value is not None:
        rows.insert(0, ("Estimate", shown(estimate.value)))
    if estimate.limit is not None:
        rows.append((f"Limit: {estimate.limit_text}", shown(estimate.limit)))
    text = "; ".join(f"{what}: {value}" for what, value in rows)
    wide, narrow = Canvas(name, 340, 46), Canvas(name, 260, 46, narrow=True)
    return Chart(
        name=name,
        title=title,
        wide=_draw(wide, title, text, order, estimate),
        narrow=_draw(narrow, title, text, order, estimate),
        table=Table(title, ("What", "Value"), tuple(rows)),
    )


def _draw(canvas: Canvas, title: str, text: str, order: int, estimate: Estimate) -> Svg:
    scale, right = _scale(canvas, estimate), canvas.width - 6
    parts = [element("line", class_="axis", x1=6, x2=right, y1=18, y2=18)]
    zero = scale(estimate.zero)
    if estimate.limit is not None:
        limit, size = scale(estimate.limit), width_of(estimate.limit_text, 11.5)
        place = min(limit, right - size)
        parts.insert(0, element("rect", class_="over", x=limit, y=8, width=max(right - limit, 0), height=20))
        said = cut(estimate.limit_text, right - 6, 11.5)
        below = 43 if place > zero + width_of(estimate.zero_text, 11.5) / 2 + 4 else 7
        parts.append(label(said, max(place, 6), below, "limit"))
    parts += [
        element("line", class_="zero", x1=zero, x2=zero, y1=6, y2=30),
        element(
            "rect", class_=f"may fill {class_of(order)}",
            x=scale(estimate.low), y=13, width=max(scale(estimate.high) - scale(estimate.low), 0), height=10, rx=5,
        ),
    ]  # fmt: skip
    if estimate.value is not None:
        parts.append(mark(order, scale(estimate.value), 18, 6))
    half = width_of(estimate.zero_text, 11.5) / 2
    middle = min(max(zero, 6 + half), right - half)
    return drawing(
        canvas,
        "interval",
        title,
        text,
        *parts,
        label(cut(estimate.zero_text, right - 6, 11.5), max(middle, 6), 43, "at", "middle"),
    )


def _scale(canvas: Canvas, estimate: Estimate) -> Scale:
    """From a little before the lowest to a little behind the highest of all that is shown."""
    shown = [estimate.low, estimate.high, estimate.zero, *([] if estimate.limit is None else [estimate.limit])]
    low, high = min(shown), max(shown)
    margin = (high - low) * 0.12 or 1.0
    return Scale(low - margin, high + margin, 14, canvas.width - 14)
