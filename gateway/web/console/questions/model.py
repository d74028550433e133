"""A question's answer, ready to print."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final, Literal

from flags.model import Pipeline
from gateway.statistics.confidence import Rate
from gateway.web.console.draw.lines import DialStep
from gateway.web.console.draw.svg import Chart
from gateway.web.console.unread import Unread

State = Literal["answered", "open", "harm", "unknown"]
THIN: Final = "\N{THIN SPACE}"
MONTH_HOURS: Final = 720.0


@dataclass(frozen=True, slots=True)
class Side:
    """One of the two versions. `order`: its place among all, the oldest is 0."""

    pipeline: Pipeline
    order: int


@dataclass(frozen=True, slots=True)
class Versus:
    """Which version is held against which, since when, and how the dial stood."""

    mine: Side
    other: Side
    dial: float
    since: datetime
    until: datetime
    dial_since: datetime
    steps: Sequence[DialStep] = ()

    @property
    def compares(self) -> bool:
        """Does chance give the version to some users and not to others?"""
        return 0 < self.dial < 100


@dataclass(frozen=True, slots=True)
class Reached:
    """Both sides as they stood at a moment; `other` may be what stands beside: the base, or equal runs."""

    at: datetime
    mine: Rate
    other: Rate


@dataclass(frozen=True, slots=True)
class Answer:
    """One question. Without charts, nothing is known that could be drawn."""

    key: str
    title: str
    answer: str
    says: str
    state: State
    need: str  # what is missing, or that nothing is
    sizes: tuple[str, str] = ("", "")  # users on the version, and beside it
    since: datetime | None = None  # what is counted began
    interval: Chart | None = None
    course: Chart | None = None
    unread: Unread | None = None


def points_text(share: float) -> str:
    """A difference of shares: `+0.4 points`."""
    return f"{share * 100:+.1f} points".replace("+0.0", "0.0").replace("-0.0", "0.0")


def points_short(share: float) -> str:
    """The same without its unit, which the drawing's name says."""
    return points_text(share).removesuffix(" points").removesuffix(".0")


def share_words(share: float) -> str:
    """`1.2 %`, `0.35 %`, `24.6 %`."""
    value = share * 100
    return f"{value:.1f}".removesuffix(".0") + f"{THIN}%" if value >= 1 or not value else f"{value:.2g}{THIN}%"


def about(value: float) -> str:
    """Two digits of it: the rest would be pretended."""
    digits = len(str(round(value))) - 2
    return f"{max(round(value, -digits) if digits > 0 else round(value), 1):,.0f}"


def hours_text(hours: float) -> str:
    """`40 min`, `9.8 h`, `4 days`."""
    if hours < 1:
        return f"{max(hours * 60, 1):.0f} min"
    return f"{hours:.2g} h" if hours < 10 else f"{hours:.0f} h" if hours < 72 else f"{hours / 24:.0f} days"


def still_open(what: str, hours: float | None, versus: Versus) -> str:
    """What is missing until a question is answered, and how long that takes."""
    if hours is None:
        return f"Open: about {what}"
    if hours > MONTH_HOURS:
        return f"Open: will not be known at {versus.dial:g}{THIN}%; comparisons answer sooner"
    return f"Open: about {what}, {hours_text(hours)}"


def not_comparable(versus: Versus) -> str | None:
    """Why nothing more can be known now, where that is so."""
    if versus.dial == 0:
        return f"Cannot be known at 0{THIN}%"
    if versus.dial == 100:
        return f"Cannot be known at 100{THIN}%: nobody is beside it"
    return None


def unknown(key: str, title: str, why: Unread) -> Answer:
    """A question of which nothing could be read."""
    return Answer(key, title, "Not known", why.says, "unknown", "Asked again at once" if why.again else "", unread=why)
