"""What `/admin/rollout` is sent and what it answers."""

from collections.abc import Sequence
from dataclasses import asdict, replace
from datetime import datetime

from pydantic import BaseModel, Field

from flags.change.preview import Preview
from flags.model import FlagState, Override, Rollout
from gateway.jobs.load import Load
from gateway.rollout.guard.price import StepPrice
from gateway.web.routes.admin.text import Storable

SHOWN_USERS = 100


class OverrideShown(BaseModel):
    """The local override in force: everybody gets the base, whatever the flags say."""

    actor: str
    why: str
    since: datetime


class VersionShown(BaseModel):
    """One version's flag. `share` is the percentage of all users that get the version, named ones not counted."""

    pipeline: str
    percent: float
    enabled: bool
    dial: float
    measured: float | None = Field(description="percent of a fixed sample of ids for which the flag is on")
    share: float
    forced_in: list[str]
    forced_out: list[str]


class RolloutShown(BaseModel):
    """The rollout: every version's flag, and on top of it that of the `candidate`, which commands address.

    `dial` is the percentage in force in this process: 0 while the flag is off, or overridden.
    """

    candidate: str
    base: str
    warnings: list[str] = Field(description="what keeps the dials from being the whole truth")
    versions: list[VersionShown] = Field(
        description="those with a flag, newest first; each user gets the first that is on"
    )
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
    ways: list[str] = Field(
        default=[],
        description="of an off: `flags`, `override`, or both, as far as they had landed by then",
    )


class Reasoned(BaseModel):
    """Who changes something, and why: both go into the history. An operator's own token says who, whatever is sent."""

    actor: Storable = Field("operator", min_length=1, max_length=200)
    why: Storable = Field("", max_length=1000)


class Addressed(Reasoned):
    """Which version's flag; null: the candidate's."""

    pipeline: str | None = None


class Switch(Addressed):
    """Off and on. `local`: by a row in the database, so that the flag server is not needed."""

    local: bool = False
    all: bool = Field(default=False, description="off: all versions above the base, whatever `pipeline` is")
    anyway: bool = Field(default=False, description="on, also where a live process cannot run the version")


class Setting(Addressed):
    """What to set. With an `expected_version`, a rollout that somebody changed meanwhile is a 409."""

    percent: float | None = None
    shares: dict[str, float] | None = Field(
        None, description="percent of all users by version, instead of `percent`; the base gets the rest"
    )
    shadow_percent: float | None = None
    expected_version: str | None = None
    anyway: bool = Field(default=False, description="also where a live process cannot run what gets more users")


class Forcing(Reasoned):
    """Name a user for a version; null lets the percentages decide again."""

    pipeline: str | None
    expected_version: str | None = None


class PriceShown(BaseModel):
    """What it takes to see, with 90 %, that a version fails twice as often: null where nobody can tell."""

    pipeline: str
    percent: float
    users: float | None = Field(description="who have to come by, on either side")
    hours: float | None = Field(description="by the last day's traffic")
    message: str


class Moves(BaseModel):
    """Who would move: shares in percent; of the known users, how many, and the first hundred.

    `to_candidate` counts moves to a newer version, `to_v1` those to an older one.
    """

    candidate: str
    share_before: float
    share_after: float
    share_moved: float
    to_candidate: int
    to_v1: int
    first_to_candidate: list[str]
    first_to_v1: list[str]
    load: Load = Field(description="by the last `hours`; `slots` of workers, `usd_an_hour` by comparisons")
    override: OverrideShown | None = Field(description="in force: until it is lifted, nobody moves")
    price: PriceShown = Field(description="of knowing how it does, at that percentage")


def shown(
    rollout: Rollout, state: FlagState, *, fresh: bool, written: bool = True, ways: Sequence[str] = ()
) -> RolloutShown:
    """A rollout as callers see it."""
    override = state.override
    return RolloutShown(
        candidate=rollout.candidate,
        base=state.versions.base,
        warnings=list(rollout.warnings),
        versions=versions_of(replace(rollout, base=state.versions.base), overridden=override is not None),
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
        ways=list(ways),
    )


def versions_of(rollout: Rollout, *, overridden: bool) -> list[VersionShown]:
    """Every version's flag."""
    shares = rollout.shares()
    return [
        VersionShown(
            pipeline=version.pipeline,
            percent=version.percent,
            enabled=version.enabled,
            dial=0.0 if overridden else version.dial,
            measured=version.measured,
            share=0.0 if overridden else shares.get(version.pipeline, 0.0),
            forced_in=list(version.forced_in),
            forced_out=list(version.forced_out),
        )
        for version in rollout.ladder
    ]


def moves_of(moves: Preview, price: StepPrice, load: Load, override: Override | None) -> Moves:
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
        load=load,
        override=None if override is None else OverrideShown(**asdict(override)),
        price=PriceShown.model_validate(price, from_attributes=True),
    )
