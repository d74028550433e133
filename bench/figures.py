"""Figures and the goal that each is held to: what a measurement prints, and what `make bench` gathers."""

import json
import os
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Final, Literal

GATHER: Final = "BENCH_FIGURES"  # names the file to which a measurement adds its figures, one a line


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure of one run. `goal`: what it is to be `at_most` or `at_least`; None where nothing was promised."""

    name: str
    value: float
    goal: float | None = None
    bound: Literal["at most", "at least"] = "at most"

    @property
    def held(self) -> bool | None:
        """None without a goal."""
        if self.goal is None:
            return None
        return self.value <= self.goal if self.bound == "at most" else self.value >= self.goal


def tell(figures: Iterable[Figure]) -> None:
    """Print them, and hand them to whoever gathers."""
    told = list(figures)
    print(table(told), flush=True)
    if name := os.environ.get(GATHER):
        with Path(name).open("a") as lines:
            lines.writelines(f"{json.dumps(asdict(one))}\n" for one in told)


def gathered(lines: Path) -> list[Figure]:
    """What was handed over, in that order."""
    return [Figure(**json.loads(line)) for line in lines.read_text().splitlines()]


def table(figures: Iterable[Figure]) -> str:
    """One line a figure: its value, its goal, and whether it is held."""
    return "\n".join(row(one) for one in figures)


def row(one: Figure) -> str:
    """A figure as the table has it."""
    goal = "" if one.goal is None else f"{one.bound} {one.goal:g}"
    held = {None: "", True: "held", False: "NOT HELD"}[one.held]
    return f"{one.name:<78}{one.value:>10.3g}  {goal:<14}{held}".rstrip()
