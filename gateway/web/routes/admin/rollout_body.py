"""What `/admin/rollout` is sent and what it answers."""

from dataclasses import asdict
from datetime import datetime
from typing import Any, Literal

from pydantic import BaseModel, Field

from flags.change.preview import Preview
from flags.model import FlagState, Rollout
from gateway.rollout.history import Entry

SHOWN_USERS = 100


class OverrideShown(BaseModel):
    """The local override in force: everybody gets v1, whatever the flags say."""

    actor: str
    why: str
    since: datetime


class RolloutShown(BaseModel):
    """The rollout. `dial` is the percentage in force in this process: 0 while the flag is off, or overridden."""

    candidate: str
    percent: float
    enabled: bool
    dial: float
    shadow_percent: float
    forced_in: list[str]
    forced_out: list[str]
    version: str
    fresh: bool = Field(description="read from where the flags are kept; false: the last that this process knows")
    override: OverrideShown | None
    written: bool = Field(default=True, description="false: the change is made, but the database was away")


class Reasoned(BaseModel):
    """Who changes something, and why: both go into the history."""

    actor: str = Field("operator", min_length=1, max_length=200)
    why: str = Field("", max_length=1000)


class Switch(Reasoned):
    """Off and on. `local`: by a row in the database, so that the flag server is not needed."""

    local: bool = False


class Setting(Reasoned):
    """What to set. With an `expected_version`, a rollout that somebody changed meanwhile is a 409."""

    percent: float | None = None
    shadow_percent: float | None = None
    expected_version: str | None = None


class Forcing(Reasoned):
    """Name a user for a pipeline; null lets the percentage decide again."""

    pipeline: str | None
    expected_version: str | None = None


class Moves(BaseModel):
    """Who would move: shares in percent; of the known users, how many, and the first hundred."""

    candidate: str
    share_before: float
    share_after: float
    share_moved: float
    to_candidate: int
    to_v1: int
    first_to_candidate: list[str]
    first_to_v1: list[str]


class HistoryRow(BaseModel):
    """One change. `change` is one line; `before` is null when nothing was known."""

    id: int
    at: datetime
    what: Literal["rollout", "override", "ramp", "data"]
    actor: str
    via: str
    why: str
    change: str
    before: dict[str, Any] | None
    after: dict[str, Any]
    revision: str


def shown(rollout: Rollout, state: FlagState, *, fresh: bool, written: bool = True) -> RolloutShown:
    """A rollout as callers see it."""
    override = state.override
    return RolloutShown(
        candidate=rollout.candidate,
        percent=rollout.percent,
        enabled=rollout.enabled,
        dial=0.0 if override else rollout.dial,
        shadow_percent=rollout.shadow_percent,
        forced_in=list(rollout.forced_in),
        forced_out=list(rollout.forced_out),
        version=rollout.version,
        fresh=fresh,
        override=None if override is None else OverrideShown(**asdict(override)),
        written=written,
    )


def row_of(entry: Entry) -> HistoryRow:
    """A row as callers see it."""
    return HistoryRow(**asdict(entry), change=entry.change)


def moves_of(moves: Preview) -> Moves:
    """A preview as callers see it."""
    return Moves(
        candidate=moves.candidate,
        share_before=moves.share_before,
        share_after=moves.share_after,
        share_moved=moves.share_moved,
        to_candidate=len(moves.to_candidate),
        to_v1=len(moves.to_v1),
        first_to_candidate=list(moves.to_candidate[:SHOWN_USERS]),
        first_to_v1=list(moves.to_v1[:SHOWN_USERS]),
    )
