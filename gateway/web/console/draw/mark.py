"""A version's mark: the shape and the class that its place among the versions gives it, never its name."""

from collections.abc import Sequence
from itertools import pairwise
from typing import Final

from gateway.web.console.draw.svg import Svg, element

COLOURS: Final = 3  # that the tokens have; a fourth version begins anew, with a shape of its own
SHAPES: Final = ("circle", "diamond", "square", "triangle", "bar")


def class_of(order: int) -> str:
    """`v-1` for the oldest version that is known, whose order is 0."""
    return f"v-{order % COLOURS + 1}"


def shape_of(order: int) -> str:
    return SHAPES[order % len(SHAPES)]


def stroke_of(order: int) -> float:
    """Newer versions' lines are thicker than the oldest's."""
    return 2.0 if order == 0 else 2.6


def mark(order: int, x: float, y: float, size: float = 4.0) -> Svg:
    """The shape around a place, `size` to each side."""
    class_ = f"mark {class_of(order)}"
    match shape_of(order):
        case "circle":
            return element("circle", class_=class_, cx=x, cy=y, r=size)
        case "square":
            return element("rect", class_=class_, x=x - size, y=y - size, width=2 * size, height=2 * size)
        case "bar":
            return element("rect", class_=class_, x=x - size / 2, y=y - size, width=size, height=2 * size)
        case "triangle":
            return element(
                "path", class_=class_, d=closed_path((x, y - size), (x + size, y + size), (x - size, y + size))
            )
        case _:
            points = (x, y - size), (x + size, y), (x, y + size), (x - size, y)
            return element("path", class_=class_, d=closed_path(*points))


def closed_path(*points: tuple[float, float]) -> str:
    """A closed path through the points."""
    return f"{open_path(points)}z"


def open_path(points: Sequence[tuple[float, float]]) -> str:
    """An open path through the points: each from the one before, which is half as long when compressed."""
    tenths = [(round(10 * x), round(10 * y)) for x, y in points]
    steps = " ".join(f"{(x - a) / 10:g},{(y - b) / 10:g}" for (a, b), (x, y) in pairwise(tenths))
    (x, y), *rest = tenths
    return f"M{x / 10:g},{y / 10:g}{f'l{steps}' if rest else ''}"
