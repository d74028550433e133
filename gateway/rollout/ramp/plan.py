"""A ramp as a state machine: where it stands, what is seen, what to do next. The time comes in."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Literal

from gateway.rollout.guard.verdict import Verdict

State = Literal["running", "paused", "done", "aborted", "rolled_back"]
ACTIVE: tuple[State, ...] = ("running", "paused")


class RampError(Exception):
    """What was asked for cannot be done; the message says why."""


@dataclass(frozen=True, slots=True)
class Plan:
    """How the dial shall rise."""

    steps: tuple[float, ...]  # dials in percent
    hold_seconds: float  # at each step, the last one too
    min_jobs: int  # of the candidate, ended, one a user, at each step
    auto_rollback: bool = True  # False: the guard only says what it would do
    pipeline: str | None = None  # whose dial; None: the candidate's
    margin: float = 0.05  # by so much the share of failed users may be higher at most, 0 to 1

    def check(self) -> None:
        """Raises RampError."""
        if not self.steps:
            raise RampError("a ramp needs steps")
        for step in self.steps:
            if not math.isfinite(step) or not 0 < step <= 100:
                raise RampError(f"step {step:g} is not above 0 and at most 100")
            if abs(step * 10 - round(step * 10)) > 1e-9:
                raise RampError(f"step {step:g} has more than one decimal place")
        if any(later <= earlier for earlier, later in zip(self.steps, self.steps[1:], strict=False)):
            raise RampError("steps must rise")
        if not self.hold_seconds >= 0 or self.min_jobs < 1:
            raise RampError("a step is held for 0 s or more, and for 1 job or more")
        if not 0 < self.margin <= 1:
            raise RampError(f"a margin of {self.margin * 100:g} % is not above 0 and at most 100")


@dataclass(frozen=True, slots=True)
class Ramp:
    """One row of `gateway.ramps`."""

    id: int
    plan: Plan
    state: State
    step: int  # index of the step in force, or being taken
    moved_at: datetime | None  # since when it is in force; None: it is being taken
    dial_before: float  # in force when that began
    actor: str
    why: str
    note: str
    verdict: Any
    started_at: datetime
    looked_at: datetime | None
    ended_at: datetime | None

    @property
    def target(self) -> float:
        """The dial of its step, percent."""
        return self.plan.steps[self.step]

    @property
    def version(self) -> str:
        """Names the ramp and its state: an order may say which it was given for."""
        return f"{self.id}:{self.state}"

    @property
    def active(self) -> bool:
        return self.state in ACTIVE


@dataclass(frozen=True, slots=True)
class Sight:
    """What is seen at one look."""

    now: datetime
    dial: float | None  # as the flags' home says; None: it did not answer
    trouble: str | None  # why nothing may be raised now, whatever the jobs did
    verdict: Verdict | None  # None: nothing to judge, the step is not in force yet
    rolled_back: str | None = None  # why the guard turned the version off since the ramp began


@dataclass(frozen=True, slots=True)
class Stay:
    """Nothing changes; `note` says what it waits for."""

    note: str


@dataclass(frozen=True, slots=True)
class Move:
    """Set the dial to the step's percentage, if it still is at `dial_before`."""


@dataclass(frozen=True, slots=True)
class Settle:
    """The step is in force: its time begins."""


@dataclass(frozen=True, slots=True)
class Advance:
    """Begin to take the next step."""

    note: str


@dataclass(frozen=True, slots=True)
class Pause:
    """Wait for a person."""

    note: str


@dataclass(frozen=True, slots=True)
class Finish:
    """The last step was held."""

    note: str


@dataclass(frozen=True, slots=True)
class EndRolledBack:
    """The guard has turned the version off: there is nothing left to raise."""

    note: str


Act = Stay | Move | Settle | Advance | Pause | Finish | EndRolledBack


def next_act(ramp: Ramp, sight: Sight) -> Act:
    """What to do. What the guard did comes first, also on a paused ramp; after it, any doubt means to stay."""
    if not ramp.active:
        return Stay(ramp.note)
    if sight.rolled_back is not None:
        return EndRolledBack(sight.rolled_back)
    if ramp.state == "paused":
        return Stay(ramp.note)
    if sight.trouble is not None or sight.dial is None:
        return Stay(sight.trouble or "the flags do not answer")
    return _go_on(ramp, sight, sight.dial)


def _go_on(ramp: Ramp, sight: Sight, dial: float) -> Act:
    if ramp.moved_at is None:
        return _take(ramp, dial)
    return _hold(ramp, ramp.moved_at, sight) if same(dial, ramp.target) else _by_hand(ramp, dial)


def _take(ramp: Ramp, dial: float) -> Act:
    if same(dial, ramp.target):
        return Settle()
    return Move() if same(dial, ramp.dial_before) else _by_hand(ramp, dial)


def _hold(ramp: Ramp, since: datetime, sight: Sight) -> Act:
    left = since + timedelta(seconds=ramp.plan.hold_seconds) - sight.now
    if left > timedelta(0):
        return Stay(f"holds for another {math.ceil(left.total_seconds())} s")
    if sight.verdict is None or sight.verdict.phase != "ok":
        return Stay(f"{sight.verdict.phase}: {sight.verdict.message}" if sight.verdict else "there is no verdict")
    if ramp.step + 1 == len(ramp.plan.steps):
        return Finish(sight.verdict.message)
    return Advance(sight.verdict.message)


def _by_hand(ramp: Ramp, dial: float) -> Pause:
    return Pause(f"somebody set the dial to {dial:g} %, where the ramp is at {ramp.target:g} %")


def first_step(steps: Sequence[float], dial: float) -> int:
    """The step to take from a dial: the first one that is not below it. Raises RampError when all are."""
    for index, step in enumerate(steps):
        if step > dial or same(step, dial):
            return index
    raise RampError(f"the dial is at {dial:g} % already, above every step")


def same(one: float, other: float) -> bool:
    """Dials have one decimal place."""
    return abs(one - other) < 0.05
