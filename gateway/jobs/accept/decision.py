"""What an import gets: decided, committed, counted and logged here, whichever route it came by."""

import uuid
from typing import Final

import msgspec
import structlog
from prometheus_client import Counter

from flags.model import BASELINE, Decision
from flags.source import FlagSource
from gateway.jobs.accept.accepter import Accepted, Accepter, NewJob, request_key
from gateway.telemetry.log import hash_user
from gateway.telemetry.metrics import Metrics

ONLY_BASELINE: Final = "v1_only"  # nothing is stored that another pipeline could read
FORCED: Final = "forced"  # the route pins a pipeline
log = structlog.get_logger(__name__)


class Asked(msgspec.Struct, frozen=True):
    """A valid request for an import. `pinned`: the pipeline that its route forces; `inline`: the export itself.

    With neither a path nor an export, what the user has stored already is worked through anew.
    """

    user_id: str
    storage_path: str | None = None
    conversation_count: int | None = None
    message_count: int | None = None
    inline: bytes | None = None
    pinned: str | None = None


def decide(flags: FlagSource, asked: Asked) -> Decision:
    """The pipeline for this import. An override outranks a pin; only the baseline takes what no file holds."""
    if asked.pinned:
        state = flags.state()
        if state.override is None:
            dial = state.rollout.of(asked.pinned).dial if state.rollout else state.dial
            return Decision(asked.pinned, FORCED, dial, state.revision)
    elif not asked.storage_path:
        state = flags.state()
        return Decision(BASELINE, ONLY_BASELINE, state.dial, state.revision)
    return flags.decide(asked.user_id)


class Imports:
    """Takes imports, for all routes of a process. Looking a counter up costs more than counting, so they are kept."""

    def __init__(self, flags: FlagSource, accepter: Accepter, metrics: Metrics) -> None:
        self._flags = flags
        self._accepter = accepter
        self._metrics = metrics
        self._log = log.bind()
        self._counters: dict[tuple[str, str], tuple[Counter, Counter]] = {}

    async def accept(self, asked: Asked) -> Accepted:
        """Answer when the job is committed. Raises `Unavailable` (nothing promised) or `Refused` (never will be)."""
        new = new_job(asked, decide(self._flags, asked))
        accepted = await self._accepter.accept(new)
        if accepted.joined:
            self._metrics.jobs_joined.labels(accepted.pipeline).inc()
        else:
            self._count(new.decision, accepted.job_id)
        self._log.info(
            "job_joined" if accepted.joined else "job_accepted",
            job_id=accepted.job_id,
            user=hash_user(new.user_id),
            pipeline=accepted.pipeline,
            reason=new.decision.reason,
            dial=new.decision.dial,
            revision=new.decision.revision,
        )
        return accepted

    def _count(self, decision: Decision, job_id: str) -> None:
        key = (decision.pipeline, decision.reason)
        counters = self._counters.get(key)
        if counters is None:
            accepted = self._metrics.jobs_accepted.labels(decision.pipeline)
            counters = self._counters[key] = (self._metrics.decisions.labels(*key), accepted)
        decided, accepted = counters
        decided.inc()
        accepted.inc(1, {"job_id": job_id})


def new_job(asked: Asked, decision: Decision) -> NewJob:
    """A job with an id of its own."""
    return NewJob(
        job_id=str(uuid.uuid4()),
        user_id=asked.user_id,
        storage_path=asked.storage_path or None,
        conversation_count=asked.conversation_count,
        message_count=asked.message_count,
        decision=decision,
        pinned=asked.pinned is not None,
        request_key=request_key(asked.pinned or "", asked.storage_path or "", asked.inline or b""),
        inline=asked.inline,
    )
