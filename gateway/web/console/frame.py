"""What stands on every page around its content: the bar, the state in the tab's title, the way to turn all off."""

from dataclasses import dataclass
from datetime import UTC, datetime

from flags.model import FlagState, Pipeline
from gateway.web.console.access.session import Session
from gateway.web.console.links import Link, links_to
from gateway.web.console.off.strip import OffStrip
from gateway.web.console.wording import clock_text, percent_text


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
    strip: OffStrip | None
    ends: str | None  # when the session ends, if that is soon


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


def frame_of(  # noqa: PLR0913 (one keyword a fact)
    state: FlagState, *, environment: str, session: Session, path: str, now: float, strip: OffStrip | None
) -> Frame:
    """The frame of one page."""
    at = datetime.fromtimestamp(now, UTC)
    title, is_off = title_of(state)
    return Frame(
        environment=environment,
        links=links_to(path.partition("?")[0]),
        clock=clock_text(at),
        at=at,
        number=f"{now * 1000:.0f}",
        operator=session.name,
        base=state.versions.base,
        title=title,
        is_off=is_off,
        path=path,
        strip=strip,
        ends=clock_text(datetime.fromtimestamp(session.ends, UTC)) if session.ends_soon(now) else None,
    )
