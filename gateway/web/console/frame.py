"""What stands on every page around its content: the bar, the state in the tab's title, the way to turn all off."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

from flags.model import FlagState, Pipeline
from gateway.web.console.wording import clock_text, percent_text

PAGES: Final = (
    ("now", "Now"),
    ("safe", "Is it safe?"),
    ("compare", "Compare"),
    ("who", "Who"),
    ("history", "History"),
    ("jobs", "Jobs"),
)


@dataclass(frozen=True, slots=True)
class Link:
    """One of the six pages."""

    path: str
    text: str
    current: bool


@dataclass(frozen=True, slots=True)
class Frame:
    """Ready to print."""

    environment: str
    links: tuple[Link, ...]
    clock: str
    at: datetime
    number: str  # of this print: the clock by which a page goes stale begins anew with each
    operator: str
    base: Pipeline
    title: str
    is_off: bool  # nobody gets another version than the base: the icon is red
    path: str  # of the page, with its query: where its parts are asked for


def links_to(path: str) -> tuple[Link, ...]:
    """The six links, that of the page and what is below it marked."""
    return tuple(Link(f"/console/{name}", text, f"{path}/".startswith(f"/console/{name}/")) for name, text in PAGES)


def title_of(state: FlagState) -> tuple[str, bool]:
    """The state in a few words, and whether everybody has the base."""
    base = state.versions.base
    if state.override is not None:
        return f"OFF, everybody on {base} (override)", True
    if not state.known or state.rollout is None:
        return f"unknown, everybody on {base}", True
    shares = [(version.pipeline, version.dial) for version in state.rollout.ladder if version.dial]
    if not shares:
        return f"OFF, everybody on {base}", True
    return ", ".join(f"{percent_text(dial)} on {version}" for version, dial in shares), False


def frame_of(state: FlagState, *, environment: str, operator: str, path: str, now: float) -> Frame:
    """The frame of one page."""
    at = datetime.fromtimestamp(now, UTC)
    title, is_off = title_of(state)
    return Frame(
        environment=environment,
        links=links_to(path.partition("?")[0]),
        clock=clock_text(at),
        at=at,
        number=f"{now * 1000:.0f}",
        operator=operator,
        base=state.versions.base,
        title=title,
        is_off=is_off,
        path=path,
    )
