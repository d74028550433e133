"""The strip on every page while everything is off: sentences, and what can be done now."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from flags.model import FlagState, Rollout
from gateway.rollout.all_off.switch import AllOff
from gateway.rollout.history import Entry
from gateway.rollout.processes.live import LiveProcess
from gateway.web.console.off.read import OffFacts
from gateway.web.console.wording import clock_text, percent_text, span_text

SHOWN: Final = timedelta(minutes=10)  # after it stands still, and why it was done is known


@dataclass(frozen=True, slots=True)
class OffStrip:
    """Ready to print."""

    sentences: tuple[str, ...]
    moving: bool
    row: int | None  # of the history: what a reason and an undo are about
    why: str
    undo: str | None  # what the button says
    lift: str | None  # what the flags say while the override holds

    @property
    def wants_why(self) -> bool:
        """Nobody has said yet why."""
        return self.row is not None and not self.why


@dataclass(frozen=True, slots=True)
class JustOff:
    """What this process remembers of the last press of the button, for when no database answers."""

    off: AllOff
    actor: str
    at: datetime


def strip_of(state: FlagState, facts: OffFacts | None, just: JustOff | None, now: datetime) -> OffStrip | None:
    """The strip; None where there is nothing to say. `facts`: None where the database does not answer."""
    if not is_all_off(state):
        return None
    if facts is None or not facts.rows:
        return _from_memory(state, facts, just, now)
    return _from_rows(state, facts, now)


def is_all_off(state: FlagState) -> bool:
    """Does everybody get the base?"""
    return state.override is not None or state.rollout is None or not any(one.dial for one in state.rollout.ladder)


def _from_memory(state: FlagState, facts: OffFacts | None, just: JustOff | None, now: datetime) -> OffStrip | None:
    if state.override is not None:
        since = f"Off since {clock_text(state.override.since)}, by the override ({state.override.actor})."
        return OffStrip((since,), moving=False, row=None, why="", undo=None, lift=lift_of(state))
    if just is None or now - just.at > SHOWN:
        return None
    if facts is None:
        ways = _ways(just.off.ways, state.source)
        said = f"Off since {clock_text(just.at)}, by {ways} ({just.actor})."
        away = "The database does not answer: who follows is not known, and it is written down once it does."
        return OffStrip((said, away), moving=True, row=None, why="", undo=None, lift=None)
    said = f"It was off already at {clock_text(just.at)}: everybody gets {state.versions.base}."
    return OffStrip((said,), moving=False, row=None, why="", undo=None, lift=None)


def _from_rows(state: FlagState, facts: OffFacts, now: datetime) -> OffStrip | None:
    first, newest = facts.rows[-1], facts.rows[0]
    following = [one for one in facts.processes if follows(one)]
    moving = facts.moving > 0 or len(following) < len(facts.processes)
    why = why_of(facts.rows)
    if not moving and why and state.override is None and now - newest.at > SHOWN:
        return None
    kinds = tuple(dict.fromkeys("override" if row.what == "override" else "flags" for row in reversed(facts.rows)))
    sentences = (
        f"Off since {clock_text(first.at)}, by {_ways(kinds, state.source)} ({first.actor}).",
        f"{len(following)} of {len(facts.processes)} processes follow.",
        *_last_start(following),
        _jobs(facts.moving),
    )
    return OffStrip(sentences, moving, newest.id, why, undo_of(facts.rows, state.rollout), lift_of(state))


def follows(process: LiveProcess) -> bool:
    """Does everybody get the base there?"""
    return process.override or not any(dial.get("dial") for dial in process.dials.values())


def why_of(rows: Sequence[Entry]) -> str:
    """What was said, then or later."""
    said = [row.why for row in rows if row.why] + [str(note["why"]) for row in rows for note in row.notes]
    return said[-1] if said else ""


def undo_of(rows: Sequence[Entry], rollout: Rollout | None) -> str:
    """What undoing leads back to: `Undo: back to 25 % on v2`."""
    dials = {str(row.pipeline): (row.before or {}).get("dial") for row in rows if row.what == "rollout"}
    if not dials and rollout is not None:
        dials = {one.pipeline: one.dial for one in rollout.ladder}
    back = [f"{percent_text(dial)} on {version}" for version, dial in dials.items() if dial]
    return f"Undo: back to {', '.join(back)}" if back else "Undo"


def lift_of(state: FlagState) -> str | None:
    """What the flags say that the override holds back, once they answer again."""
    if state.override is None or state.rollout is None or not state.usable:
        return None
    on = [f"{percent_text(one.dial)} on {one.pipeline}" for one in state.rollout.ladder if one.dial]
    home = home_of(state.source)
    said = f"{home} say {', '.join(on)}" if on else f"{home} say that all is off, too"
    return f"{said}; the override holds {state.versions.base}."


def home_of(source: str) -> str:
    """Where the flags are kept, as pages call it."""
    return "The flags in Unleash" if source == "unleash" else "The flags"


def _ways(ways: Sequence[str], source: str) -> str:
    names = {"flags": "Unleash" if source == "unleash" else "the flags", "override": "the override"}
    return " and ".join(names[way] for way in ways)


def _last_start(processes: Sequence[LiveProcess]) -> tuple[str, ...]:
    found = [one.last_start_seconds for one in processes if one.last_start_seconds is not None]
    if not found:
        return ()
    worst = max(found)
    if not worst:
        return ("No job of a newer version was started after that.",)
    return (f"The last job of a newer version was started {span_text(worst)} after that.",)


def _jobs(moving: int) -> str:
    if not moving:
        return "No job of a newer version runs any more."
    return "One job of a newer version still runs." if moving == 1 else f"{moving} jobs of newer versions still run."
