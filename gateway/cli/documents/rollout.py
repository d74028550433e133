"""Shapes of documents about the rollout, its history, its guard and its ramp; the reference shows
the comment beside a field."""

from datetime import datetime
from typing import Any, Literal, NotRequired, TypedDict

from flags.model import Override
from gateway.jobs.load import Load
from gateway.rollout.guard.price import StepPrice
from gateway.rollout.processes.live import LiveProcess
from gateway.rollout.rows import What


class FlagRow(TypedDict):
    """One version's flag, and the shadow's, as the history keeps them."""

    percent: float  # as set, also while it is off
    enabled: bool
    shadow_percent: float
    forced_in: list[str]  # users named for the version
    forced_out: list[str]  # users named for the base
    version: str  # of all flags together, for `--expect`
    group: str  # of the hash that places users
    shadow_group: str
    candidate: str  # the version
    dial: float  # in force: 0 while it is off


class Told(TypedDict):
    """A state, and what is said of it."""

    state: str
    said: str


class Rollout(FlagRow):
    """The rollout; the fields of one version are the candidate's."""

    override: Override | None  # while there is one, `dial` is 0
    base: str
    shares: dict[str, float]  # percent of all users, by version
    warnings: list[str]
    fresh: bool  # False: the flags could not be read, and this is what the database knew last
    unread: str | None  # why they could not be read
    versions: dict[str, FlagRow]
    processes: list[LiveProcess]
    ramp: Told | None
    guard: dict[str, Told]  # what it found last, by version


class Switched(TypedDict):
    """What `off --local` and `on --local` leave: the override in force."""

    override: Override | None


class PreviewShown(TypedDict):
    """What a dial would do."""

    candidate: str
    older: str  # where those go who leave it
    share_before: float  # percent of users
    share_after: float
    share_moved: float
    to_candidate: list[str]  # of the known users
    to_v1: list[str]  # of the known users: to an older version
    price: StepPrice | None  # of knowing how it does; null also where no database tells
    load: Load | None
    override: Override | None  # until it is lifted, nobody moves


class GuardedShown(TypedDict):
    """What the guard found last of one version."""

    pipeline: str
    against: str
    state: str
    since: datetime  # its dial rose from 0
    why: str | None
    phase: str
    findings: list[dict[str, Any]]  # of each check: check, phase, message, and its numbers
    verdict: dict[str, Any]
    looked_at: datetime | None
    acted_at: datetime | None


class Promoted(TypedDict):
    """What the base is, and whether that was changed."""

    base: str
    promoted: bool


class Demoted(TypedDict):
    """What the base is again, and what it was."""

    base: str
    demoted: str | None  # null: nothing was promoted


class EntryShown(TypedDict):
    """One row of the history."""

    id: int
    at: datetime
    what: What
    actor: str
    via: str
    why: str
    before: dict[str, Any] | None  # where `what` is rollout, a `FlagRow`; null: nothing was known
    after: dict[str, Any]
    revision: str  # of the flags, afterwards
    notes: list[dict[str, Any]]  # reasons given later: id, at, actor, why
    change: str  # what became different, in one line


class Undone(TypedDict):
    """The row that undid another."""

    undone: int
    lines: list[str]  # what is as before, a line a version


class RampShown(TypedDict):
    """A ramp."""

    id: int
    pipeline: str | None
    state: str
    version: str  # for `--expect`
    steps: list[float]
    step: int  # from 1
    target: float  # percent at this step
    in_force_since: datetime | None
    hold_seconds: float
    min_jobs: int  # of how many users a job has to end at each step
    auto_rollback: bool
    margin: float  # a share: 0.05 is 5 points
    note: str | None  # what it waits for
    findings: list[dict[str, Any]]
    actor: str
    why: str
    started_at: datetime
    looked_at: datetime | None
    ended_at: datetime | None


class FlagsCreated(TypedDict):
    """What `flags init` made."""

    created: list[str]
    webhook: NotRequired[Literal["created", "set again"]]  # only with an address for it
