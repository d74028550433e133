"""Jobs that these routes accept: the same transaction, rows and counts as `/process-full`."""

import uuid

import structlog

from flags.model import Decision
from gateway.jobs.accept.accepter import Accepted, NewJob, request_key
from gateway.services import Services
from gateway.telemetry.log import hash_user

log = structlog.get_logger(__name__)


async def accept_v1(services: Services, user_id: str, inline: bytes | None, conversations: int | None) -> Accepted:
    """A job that only v1 can serve: an inline export, or with None the chunks that the user has."""
    state = services.flags.state()
    decision = Decision("v1", "v1_only", state.dial, state.revision)
    new = NewJob(
        job_id=str(uuid.uuid4()),
        user_id=user_id,
        storage_path=None,
        conversation_count=conversations,
        message_count=None,
        decision=decision,
        pinned=False,
        request_key=request_key("", "", inline or b""),
        inline=inline,
    )
    accepted = await services.accepter.accept(new)
    if accepted.joined:
        services.metrics.jobs_joined.labels(accepted.pipeline).inc()
    else:
        services.metrics.decisions.labels(decision.pipeline, decision.reason).inc()
        services.metrics.jobs_accepted.labels(decision.pipeline).inc()
    log.info("job joined" if accepted.joined else "job accepted", job_id=accepted.job_id, user=hash_user(user_id))
    return accepted
