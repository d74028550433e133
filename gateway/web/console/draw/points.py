"""One line's points: a value at a moment, and between what it may be."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Self


@dataclass(frozen=True, slots=True)
class Point:
    """What was known until then."""

    at: datetime
    value: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Line:
    """One version's points in the order of time. `few`: what is said where too little is known to draw anything."""

    name: str
    order: int  # the version's place among all, the oldest is 0
    points: Sequence[Point]
    few: str = ""

    def of(self, points: Sequence[Point]) -> Self:
        return replace(self, points=points)


def fewer_points(points: Sequence[Point], most: int) -> Sequence[Point]:
    """At most so many of the points, the first and the last among them: they are running sums, so none has to be
    averaged."""
    if len(points) <= most:
        return points
    step = (len(points) - 1) / (most - 1)
    return [points[round(index * step)] for index in range(most)]
