"""Takes a ramp forward: looks at it again and again, in every worker, while one at a time acts."""

from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass

import psycopg
import structlog
from psycopg.types.json import Jsonb

from flags.change.errors import Conflict, ControlError
from flags.control import FlagControl
from flags.model import FlagState, Pipeline, Rollout
from gateway.database.pool import Connection, Pool
from gateway.database.retry import AWAY
from gateway.rollout.changes import RolloutChanges
from gateway.rollout.guard.store import latest_of
from gateway.rollout.guard.verdict import Finding, Verdict, unreadable
from gateway.rollout.history import By
from gateway.rollout.processes.live import lacking
from gateway.rollout.ramp.evidence import Question, Span, read_evidence
from gateway.rollout.ramp.gates import Gates, GuardView, judge, judge_guard
from gateway.rollout.ramp.plan import (
    Act,
    Advance,
    EndRolledBack,
    Finish,
    Move,
    Pause,
    Ramp,
    Settle,
    Sight,
    Stay,
    next_act,
    same,
)
from gateway.rollout.ramp.store import change, clock, hold, latest, note_change
from gateway.telemetry.metrics import Metrics

FRESH_SECONDS = 30.0  # flags older than this are no ground to raise the dial on
STATES = ("running", "paused", "done", "aborted", "rolled_back")
log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class RampInputs:
    """What a driver knows besides the database."""

    flags: Callable[[], FlagState]
    ready: Callable[[], bool]  # is this process able to do its work?
    guarded: bool = True  # GUARD is not off


class RampDriver:
    """One a worker. Each look is one transaction or a few, all under the ramp's row."""

    def __init__(self, pool: Pool, changes: RolloutChanges, senses: RampInputs, metrics: Metrics) -> None:
        self._pool = pool
        self._changes = changes
        self._senses = senses
        self._metrics = metrics

    async def look(self) -> None:
        """Do what is due, if nobody else is at it. Raises psycopg.Error."""
        for _ in range(4):  # advance, move, settle, stay
            if not await self._act_once():
                break
        self._show(await latest(self._pool))

    def forget(self) -> None:
        """Another looks: only what it shows is true."""
        self._show(None)

    async def _act_once(self) -> bool:
        """Whether there may be more to do."""
        async with self._pool.connection() as connection, connection.transaction():
            ramp = await hold(connection, wait=False)
            if ramp is None:
                return False
            sight = await self._see(connection, ramp)
            act = next_act(ramp, sight)
            await self._do(connection, ramp, sight, act)
            return not isinstance(act, Stay)

    async def _see(self, connection: Connection, ramp: Ramp) -> Sight:
        state = self._senses.flags()
        dial, trouble = None, self._trouble(state)
        named: tuple[str, ...] = ()
        try:
            rollout = await self._changes.read()
            addressed = rollout.of(ramp.plan.pipeline or rollout.candidate)
            dial, named = addressed.dial, (*addressed.forced_in, *addressed.forced_out)
        except ControlError as error:
            trouble = trouble or f"the flags do not answer: {error}"
        if ramp.plan.pipeline and (missing := await lacking(connection, ramp.plan.pipeline)):
            trouble = trouble or f"{missing[0].kind} {missing[0].name} cannot run {ramp.plan.pipeline}"
        view = await guard_view(connection, ramp.plan.pipeline or state.versions.candidate)
        rolled_back = view is not None and view.acted_at is not None and view.acted_at > ramp.started_at
        return Sight(
            now=await clock(connection),
            dial=dial,
            trouble=trouble,
            verdict=await self._judge(connection, ramp, named, view),
            rolled_back=view.rolled_back if view is not None and rolled_back else None,
        )

    def _trouble(self, state: FlagState) -> str | None:
        if state.override is not None:
            return f"a local override by {state.override.actor} is in force"
        if not state.known or not state.healthy:
            return f"the flags cannot be read: {state.error or 'never known'}"
        if state.age_seconds > FRESH_SECONDS:
            return f"the flags are {state.age_seconds:.0f} s old"
        return None if self._senses.ready() else "the worker is not ready"

    async def _judge(
        self, connection: Connection, ramp: Ramp, named: Sequence[str], view: GuardView | None
    ) -> Verdict | None:
        if ramp.moved_at is None:
            return None
        gates = Gates(min_jobs=ramp.plan.min_jobs, margin=ramp.plan.margin)
        span = Span(ramp.moved_at, ramp.started_at)
        try:
            async with connection.transaction():
                candidate, baseline = compared(self._senses.flags(), ramp.plan.pipeline)
                question = Question(candidate, baseline, named)
                evidence = await read_evidence(connection, span, gates, question)
        except AWAY:
            raise
        except psycopg.Error as error:
            verdict = unreadable(f"the jobs cannot be read: {error}")
        else:
            verdict = judge(evidence, gates)
            if ramp.target < 100:  # at 100 % nothing is left to chance: the guard has nothing to say
                verdict = Verdict((judge_guard(view, guarded=self._senses.guarded), *verdict.findings))
        for finding in verdict.findings:
            self._metrics.guard_verdicts.labels(finding.check, finding.phase).inc()
        return verdict

    async def _do(self, connection: Connection, ramp: Ramp, sight: Sight, act: Act) -> None:
        findings = [asdict(item) for item in sight.verdict.findings] if sight.verdict else []
        match act:
            case Stay(note):
                await change(connection, "look", ramp, note=note, verdict=Jsonb(findings) if findings else None)
            case Move():
                await self._move(connection, ramp)
            case Settle():
                await change(connection, "settle", ramp, note=f"at {ramp.target:g} %")
                await note_change(connection, ramped(ramp, ""), ramp, "running", dial=ramp.target)
            case Advance(note):
                values = {"step": ramp.step, "dial": ramp.target, "note": note, "verdict": Jsonb(findings)}
                await change(connection, "advance", ramp, **values)
            case Pause(note):
                await self._pause(connection, ramp, note)
            case Finish(note):
                await change(connection, "end", ramp, state="done", note=note)
                await note_change(connection, ramped(ramp, note), ramp, "done", verdict={"findings": findings})
            case EndRolledBack(note):
                await change(connection, "end", ramp, state="rolled_back", note=f"{note}: the guard turned it off")
                await note_change(connection, By("guard", "guard", note), ramp, "rolled_back")

    async def _move(self, connection: Connection, ramp: Ramp) -> None:
        """Raise the dial. The row says already that this step is being taken, should we die right after."""
        why = f"step {ramp.step + 1} of {len(ramp.plan.steps)}" + (f": {ramp.note}" if ramp.note else "")
        try:
            await self._changes.make(
                ramped(ramp, why),
                lambda control: raise_dial(control, ramp),
                verdict={"findings": ramp.verdict} if ramp.verdict else None,
            )
        except Conflict as error:
            await self._pause(connection, ramp, str(error))
        except ControlError as error:
            await change(connection, "pause", ramp, note=f"the dial could not be set: {error}")

    async def _pause(self, connection: Connection, ramp: Ramp, note: str) -> None:
        log.warning("ramp_paused", note=note)
        await change(connection, "pause", ramp, note=note)
        await note_change(connection, ramped(ramp, note), ramp, "paused")

    def _show(self, ramp: Ramp | None) -> None:
        active = ramp is not None and ramp.active
        self._metrics.ramp_step.set(ramp.step + 1 if ramp and active else 0)
        self._metrics.ramp_steps.set(len(ramp.plan.steps) if ramp and active else 0)
        self._metrics.ramp_target.set(ramp.target if ramp and active else 0)
        for state in STATES:
            self._metrics.ramp_state.labels(state).set(ramp is not None and ramp.state == state)


async def guard_view(connection: Connection, pipeline: Pipeline) -> GuardView | None:
    """What the guard wrote down last of a version."""
    found = await latest_of(connection, pipeline)
    if found is None:
        return None
    findings = tuple(Finding(**one) for one in (found.verdict or {}).get("findings", ()))
    why = found.why if found.state == "rolled_back" else None
    return GuardView(findings, why, found.acted_at, found.seconds_ago)


def compared(state: FlagState, pipeline: Pipeline | None) -> tuple[Pipeline, Pipeline]:
    """The version that is ramped up, and what most of its users would have without it, as rules and panels say it."""
    candidate, rollout = pipeline or state.versions.candidate, state.rollout
    return candidate, state.versions.base if rollout is None else rollout.against(candidate)


async def raise_dial(control: FlagControl, ramp: Ramp) -> Rollout:
    """Set the step's percentage, then see that the flag is on. Raises Conflict if the dial is not as it was."""
    now, pipeline = await control.read(), ramp.plan.pipeline or control.versions.candidate
    if not same(now.of(pipeline).dial, ramp.dial_before):
        raise Conflict(now, pipeline)
    after = await control.set_percent(ramp.target, now.version, pipeline=pipeline)
    return after if after.of(pipeline).enabled else await control.turn_on(after.version, pipeline=pipeline)


def ramped(ramp: Ramp, why: str) -> By:
    """The ramp's own signature."""
    return By(f"ramp {ramp.id}", "ramp", why)
