"""What an import gets: decided, committed, counted and logged here, whichever route it came by."""

import os
import time
from typing import Final

import msgspec
import structlog
from prometheus_client import Counter

from flags.model import BASELINE, Decision, FlagState
from flags.source import FlagSource
from gateway.errors import BadRequest, GatewayError, Unavailable
from gateway.jobs.accept.accepter import Accepter
from gateway.jobs.accept.rows import NewJob, request_key
from gateway.jobs.accept.waiting import Accepted
from gateway.telemetry.log import hash_user
from gateway.telemetry.metrics import Metrics
from pipelines.capabilities import Source, source_of
from pipelines.registry import Registry

BY_WHAT_IT_TAKES: Final = "capability"  # the user's own version does not take such a request
BY_BASELINE: Final = "v1_only"  # v1 takes it: jobs and metrics of all releases call it so
FORCED: Final = "forced"  # the route pins a pipeline
EXEMPLAR_SECONDS: Final = 1.0  # a scrape shows the last one alone, and each costs as much as four counts
VARIANTS: Final = "89ab"  # the digit whose first two bits are 10
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


def decide(flags: FlagSource, registry: Registry, asked: Asked) -> Decision:
    """The pipeline for this import: the user's own version, or the nearest older one that takes what is asked.

    An override outranks a pin. Raises what `refusal` says where no version that is here takes it.
    """
    if asked.pinned:
        state = flags.state()
        if state.override is None:
            dial = state.rollout.of(asked.pinned).dial if state.rollout else state.dial
            return Decision(asked.pinned, FORCED, dial, state.revision, base=state.versions.base)
    elif not asked.storage_path:
        source = source_of(None, inline=asked.inline is not None)
        return decide_by_source(flags.state(), flags.decide(asked.user_id), registry, source)
    return flags.decide(asked.user_id)


def decide_by_source(state: FlagState, own: Decision, registry: Registry, source: Source) -> Decision:
    """What serves a request without a stored export. Raises what `refusal` says."""
    version = registry.serving(source, own.pipeline)
    if version is None:
        raise refusal(registry, source)
    if version == BASELINE:
        return Decision(version, BY_BASELINE, state.dial, state.revision, base=own.base)
    if version == own.pipeline:
        return own
    return Decision(version, BY_WHAT_IT_TAKES, state.dial, state.revision, base=own.base)


def refusal(registry: Registry, source: Source) -> GatewayError:
    """Why a request without a stored export is not served; `Unavailable` while a pipeline is broken."""
    what = "takes inline conversations" if source == "inline" else "works from the chunks that the user has"
    why = f"storage_path required: no pipeline here {what}"
    return Unavailable(why) if registry.broken or not registry.usable else BadRequest(why)


class Imports:
    """Takes imports, for all routes of a process. Looking a counter up costs more than counting, so they are kept."""

    def __init__(self, flags: FlagSource, registry: Registry, accepter: Accepter, metrics: Metrics) -> None:
        self._flags = flags
        self._registry = registry
        self._accepter = accepter
        self._metrics = metrics
        self._log = log.bind()
        self._counters: dict[tuple[str, str], tuple[Counter, Counter]] = {}
        self._exemplar_at = 0.0

    async def accept(self, asked: Asked) -> Accepted:
        """Answer when the job is committed. Raises `Unavailable` (nothing promised), or `Refused` or `BadRequest`
        (never will be)."""
        new = new_job(asked, self._decide(asked))
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

    def _decide(self, asked: Asked) -> Decision:
        try:
            return decide(self._flags, self._registry, asked)
        except GatewayError:
            self._metrics.accepts_refused.labels("pipeline").inc()
            raise

    def _count(self, decision: Decision, job_id: str) -> None:
        key = (decision.pipeline, decision.reason)
        counters = self._counters.get(key)
        if counters is None:
            accepted = self._metrics.jobs_accepted.labels(decision.pipeline)
            counters = self._counters[key] = (self._metrics.decisions.labels(*key), accepted)
        decided, accepted = counters
        decided.inc()
        now = time.monotonic()
        if now < self._exemplar_at:
            accepted.inc()
        else:
            accepted.inc(1, {"job_id": job_id})
            self._exemplar_at = now + EXEMPLAR_SECONDS


def new_job(asked: Asked, decision: Decision) -> NewJob:
    """A job with an id of its own."""
    return NewJob(
        job_id=new_id(),
        user_id=asked.user_id,
        storage_path=asked.storage_path or None,
        conversation_count=asked.conversation_count,
        message_count=asked.message_count,
        decision=decision,
        pinned=asked.pinned is not None,
        request_key=request_key(asked.pinned or "", asked.storage_path or "", asked.inline or b""),
        inline=asked.inline,
    )


def new_id() -> str:
    """A random UUID, as `uuid.uuid4` makes it, without the object."""
    drawn = os.urandom(16)
    digits = drawn.hex()
    variant = VARIANTS[drawn[8] & 3]
    return f"{digits[:8]}-{digits[8:12]}-4{digits[13:16]}-{variant}{digits[17:20]}-{digits[20:]}"
