"""The standing guard: one worker looks at every version whose dial is between 0 and 100, whoever turned it."""

import asyncio
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from typing import Any

import psycopg
import structlog
from psycopg.types.json import Jsonb

from flags.model import FlagState, VersionRollout
from gateway.database.pool import Connection, Pool
from gateway.database.retry import AWAY, first_line
from gateway.rollout.changes import RolloutChanges
from gateway.rollout.guard.judge import ALPHA, SPLIT, Judged, Mode, Seen, judge
from gateway.rollout.guard.looks import keep_look
from gateway.rollout.guard.roll_back import roll_back
from gateway.rollout.guard.store import (
    SQL,
    GuardedRollout,
    collect,
    current,
    latest_of,
    lead,
    leave_state,
    may_act,
    read_arms,
    read_lately,
)
from gateway.rollout.guard.verdict import Verdict, unreadable
from gateway.rollout.history import By, append_entry
from gateway.statistics.arms import ArmEvidence
from gateway.telemetry.metrics import Metrics

LEAD_SECONDS = 7.0  # a leader that says nothing for longer is replaced
MODES: tuple[Mode, ...] = ("on", "dry-run", "off")
log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Watch:
    """How this process guards."""

    name: str  # this worker's
    mode: Mode = "on"
    slow_seconds: float = 60.0  # a job is slow above that, where its usual time is not known
    alpha: float = ALPHA


class StandingGuard:
    """One a worker; who leads, looks. It may only turn a version off, and does so once a rollout."""

    def __init__(
        self, pool: Pool, changes: RolloutChanges, flags: Callable[[], FlagState], metrics: Metrics, watch: Watch
    ) -> None:
        self._pool = pool
        self._changes = changes
        self._flags = flags
        self._metrics = metrics
        self._watch = watch
        for mode in MODES:
            metrics.guard_mode.labels(mode).set(mode == watch.mode)
        for place in ("evidence", "look"):
            metrics.guard_errors.labels(place)
        for check in ("sample", "dependencies"):
            metrics.guard_verdicts.labels(check, "breach")

    async def look(self) -> None:
        """Judge what is rolled out, and act where that must be. Raises psycopg.Error when the database is away."""
        if self._watch.mode != "off":
            with counted_faults(self._metrics):
                await self._look()

    async def _look(self) -> None:
        async with self._pool.connection() as connection:
            if not await lead(connection, self._watch.name, LEAD_SECONDS):
                return
        state = self._flags()
        looked = [await self._look_at(state, version) for version in guarded(state)]
        if not all(looked):
            return
        async with self._pool.connection() as connection:
            await connection.execute(SQL["looked"])

    async def _look_at(self, state: FlagState, version: VersionRollout) -> bool:
        """Judge one version; whether that could be done."""
        rollout, seen, judged = await self._judge(state, version)
        for finding in judged.verdict.findings:
            self._metrics.guard_verdicts.labels(finding.check, finding.phase).inc()
        if rollout is None or rollout.state == "rolled_back":
            return rollout is not None
        if rollout.state == "acting":
            await self._act(rollout, rollout.why, rollout.verdict)
        elif judged.rollback is not None:
            await self._breach(rollout, judged.rollback, whole(judged.verdict, seen, rollout, self._watch.alpha))
        return judged.verdict.phase != "error"

    async def _judge(self, state: FlagState, version: VersionRollout) -> tuple[GuardedRollout | None, Seen, Judged]:
        """What is seen of a version, and the verdict, written down. An error of its own is a verdict too."""
        rollout: GuardedRollout | None = None
        seen = Seen(version.pipeline, foreign=version.foreign)
        try:
            async with self._pool.connection() as connection, connection.transaction():
                await connection.execute(SQL["hold_lead"])
                against = state.rollout.against(version.pipeline) if state.rollout else state.versions.base
                rollout = await current(connection, version.pipeline, against, self._watch.slow_seconds)
                if rollout.state in {"rolled_back", "acting"}:
                    return rollout, seen, Judged(Verdict(()), None)
                rollout, seen = await self._see(connection, rollout, version)
                judged = judge(seen, self._watch.alpha)
                verdict = Jsonb(whole(judged.verdict, seen, rollout, self._watch.alpha))
                await leave_state(connection, "judged", rollout, verdict=verdict)
                await keep_look(connection, rollout, judged.verdict)
        except AWAY:
            raise
        except psycopg.Error as error:
            self._metrics.guard_errors.labels("evidence").inc()
            log.exception("guard_evidence_broke")
            judged = Judged(unreadable(f"the jobs cannot be read: {first_line(error)}"), None)
        return rollout, seen, judged

    async def _see(
        self, connection: Connection, rollout: GuardedRollout, version: VersionRollout
    ) -> tuple[GuardedRollout, Seen]:
        await collect(connection, rollout, (*version.forced_in, *version.forced_out))
        arms = await read_arms(connection, rollout)
        rollout = await latest_of(connection, version.pipeline) or rollout  # with the users who were just counted
        for question, evidence in arms.items():
            self._metrics.guard_evidence.labels(version.pipeline, question).set(evidence.log_e)
        return rollout, Seen(
            pipeline=version.pipeline,
            failures=arms["failures"],
            slow=arms["time"],
            awaiting=arms["dependencies"],
            split=rollout.shares,
            lately=await read_lately(connection),
            foreign=version.foreign,
        )

    async def _breach(self, rollout: GuardedRollout, why: str, verdict: dict[str, Any]) -> None:
        """Act, or where it must not, say once that it would have."""
        async with self._pool.connection() as connection, connection.transaction():
            if self._watch.mode == "on" and await may_act(connection, rollout.pipeline):
                if not await leave_state(connection, "begin_to_act", rollout, why=why, verdict=Jsonb(verdict)):
                    return
            else:
                if await leave_state(connection, "would_act", rollout, why=why):
                    log.warning("guard_would_roll_back", pipeline=rollout.pipeline, why=why)
                    await note(connection, rollout, "would_roll_back", why, verdict)
                return
        await self._act(rollout, why, verdict)

    async def _act(self, rollout: GuardedRollout, why: str, verdict: Any) -> None:
        """Turn the version off. That it is to be, is written down: should this process die, the next one does it."""
        done = await roll_back(self._pool, self._changes, why, rollout.pipeline, verdict)
        async with self._pool.connection() as connection, connection.transaction():
            if await leave_state(connection, "acted", rollout):
                await note(connection, rollout, "rolled_back", f"{why}: the guard {done}", verdict)


@contextmanager
def counted_faults(metrics: Metrics) -> Iterator[None]:
    """Counts a look that ends in a fault of the guard's own: not that the database is away, nor that it is stopped."""
    own = True
    try:
        yield
        own = False
    except (*AWAY, asyncio.CancelledError):
        own = False
        raise
    finally:
        if own:
            metrics.guard_errors.labels("look").inc()


def guarded(state: FlagState) -> Iterator[VersionRollout]:
    """The versions that chance gives to some users and not to others."""
    if state.override is not None or state.rollout is None:
        return
    for version in state.rollout.ladder:
        if 0 < version.dial < 100:
            yield version


async def note(connection: Connection, rollout: GuardedRollout, becomes: str, why: str, verdict: Any) -> None:
    """Write into the rollout's history what the guard did, with the verdict as it was when it did."""
    before = {"guard": "watching", "candidate": rollout.pipeline}
    after = {"guard": becomes, "candidate": rollout.pipeline, "verdict": verdict}
    await append_entry(connection, By("guard", "guard", why), what="guard", before=before, after=after)


def whole(verdict: Verdict, seen: Seen, rollout: GuardedRollout, alpha: float) -> dict[str, Any]:
    """A verdict with all that it was made of, as JSON."""
    return {
        "phase": verdict.phase,
        "findings": [asdict(finding) for finding in verdict.findings],
        "alpha": alpha,
        "alpha_split": dict(SPLIT),
        "since": rollout.started_at.isoformat(),
        "against": rollout.against,
        "split": {f"{share:g}": counts for share, counts in seen.split.items()},
        "failures": numbers(seen.failures),
        "time": {**numbers(seen.slow), "limits": dict(rollout.limits), "else_seconds": rollout.slow_seconds},
        "dependencies": {**numbers(seen.awaiting), "lately": dict(seen.lately)},
    }


def numbers(evidence: ArmEvidence) -> dict[str, Any]:
    """The evidence of one question; `log` are natural logarithms."""
    return {
        "users": evidence.users,
        "on_candidate": evidence.on_candidate,
        "expected": evidence.expected,
        "log_evidence": evidence.log_e,
        "log_peak": evidence.peak,
        "log_by_ratio": list(evidence.logs),
    }
