"""The ramp as Now shows it: each step with how long it was held, what it waits for, and what may be told to it."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final, Literal

from gateway.rollout.ramp.plan import Ramp
from gateway.web.console.pages.now.seen import DialRow, Seen
from gateway.web.console.wording import minute_text, percent_text, span_text

LOOK_SECONDS: Final = 2.0  # between the looks of a worker
STATES: Final = {
    "running": "runs",
    "paused": "is paused",
    "done": "is done",
    "aborted": "was aborted",
    "rolled_back": "ended: the guard turned the version off",
}


@dataclass(frozen=True, slots=True)
class StepLine:
    """One step."""

    percent: str
    state: Literal["done", "now", "next"]
    text: str
    waits: str = ""


@dataclass(frozen=True, slots=True)
class RampBlock:
    """The latest ramp, or that there is none. `orders`: what may be told to it now."""

    title: str
    started: str
    steps: tuple[StepLine, ...]
    orders: tuple[Literal["pause", "resume", "abort", "start"], ...]
    version: str  # of the ramp as it is shown: an order is for this one
    note: str
    guard: str
    stuck: str  # no worker looks
    resumes: str  # from which step


def ramp_block(seen: Seen, seconds_a_look: float = LOOK_SECONDS) -> RampBlock:
    """What stands beside the dial."""
    if seen.ramp.value is None:
        problem = f"The ramp could not be read: {seen.ramp.problem}" if seen.ramp.problem else "The ramp is being read."
        return RampBlock("Ramp", "", (), (), "none", problem, guard_text(None, seen.guard_mode), "", "")
    if not seen.ramp.value:
        return RampBlock(
            "Ramp", "", (), ("start",), "none", "No ramp. Start one.", guard_text(None, seen.guard_mode), "", ""
        )
    ramp = seen.ramp.value[0]
    if not ramp.active:
        ended = "" if ramp.ended_at is None else f", {minute_text(ramp.ended_at)} UTC"
        note = f"The last ramp {STATES[ramp.state]}{ended}. {sentence(ramp.note)}".strip()
        guard = guard_text(None, seen.guard_mode)
        return RampBlock("Ramp", "", (), ("start",), ramp.version, note, guard, "", "")
    return RampBlock(
        title=f"Ramp{f' of {ramp.plan.pipeline}' if ramp.plan.pipeline else ''}",
        started=f"started by {ramp.actor}, {minute_text(ramp.started_at)} UTC",
        steps=tuple(step_line(ramp, index, seen) for index in range(len(ramp.plan.steps))),
        orders=("pause", "abort") if ramp.state == "running" else ("resume", "abort"),
        version=ramp.version,
        note="" if ramp.state == "running" else f"Paused. {sentence(ramp.note)}",
        guard=guard_text(ramp, seen.guard_mode),
        stuck=stuck_text(ramp, seen.now, seconds_a_look),
        resumes=resumes_text(ramp, seen),
    )


def step_line(ramp: Ramp, index: int, seen: Seen) -> StepLine:
    """One step, with the time that it was held."""
    percent = percent_text(ramp.plan.steps[index])
    if index < ramp.step:
        held = held_seconds(ramp, ramp.plan.steps[index], seen.dials.value or [], seen.now)
        return StepLine(percent, "done", "taken" if held is None else f"{span_text(held)}, held")
    if index > ramp.step:
        return StepLine(percent, "next", f"not before the step before it was held {span_text(ramp.plan.hold_seconds)}")
    if ramp.moved_at is None:
        return StepLine(percent, "now", "is being taken", ramp.note if ramp.state == "running" else "")
    held = max((seen.now - ramp.moved_at).total_seconds(), 0.0)
    return StepLine(percent, "now", span_text(held), ramp.note if ramp.state == "running" else "")


def held_seconds(ramp: Ramp, percent: float, dials: list[DialRow], now: datetime) -> float | None:
    """How long the dial stood at a step since the ramp began, by the history."""
    rows = [row for row in reversed(dials) if row.at >= ramp.started_at and row.dial is not None]
    for row, until in zip(rows, [*(one.at for one in rows[1:]), now], strict=True):
        if row.dial is not None and abs(row.dial - percent) < 0.05 and row.pipeline == ramp.plan.pipeline:
            return (until - row.at).total_seconds()
    return None


def stuck_text(ramp: Ramp, now: datetime, seconds_a_look: float) -> str:
    """A ramp at which nobody looks holds for ever, and says so."""
    since = ramp.looked_at or ramp.started_at
    silent = (now - since).total_seconds()
    if silent <= max(3 * seconds_a_look, 15.0):
        return ""
    return f"No worker looks at it: {'never' if ramp.looked_at is None else f'not for {span_text(silent)}'}."


def resumes_text(ramp: Ramp, seen: Seen) -> str:
    """From which step a paused ramp goes on."""
    rollout = seen.asked.rollout
    if ramp.state != "paused" or rollout is None:
        return ""
    dial = rollout.of(ramp.plan.pipeline or rollout.candidate).dial
    left = [step for step in ramp.plan.steps if step >= dial - 0.05]
    return f"from {percent_text(left[0])}" if left else "no step is left above the dial"


def guard_text(ramp: Ramp | None, mode: str) -> str:
    """What the guard may do."""
    if mode == "off":
        return "The guard is off (GUARD=off): nobody rolls back but you."
    if mode == "dry-run":
        return "The guard only says what it would do (GUARD=dry-run)."
    if ramp is not None and not ramp.plan.auto_rollback:
        return "This ramp was started without automatic rollbacks: the guard only says what it would do."
    return "Rolls back by itself when it fails more, or is slower, beyond chance, users counted once."


def sentence(text: str) -> str:
    """The same with a capital letter and a full stop."""
    text = text.strip()
    return f"{text[0].upper()}{text[1:].rstrip('.')}." if text else ""
