"""The entries that the gateway makes: which queue, which task, and whose turn each has to wait for."""

from gateway.jobs.queue.job_queue import Entry
from gateway.jobs.queue.names import (
    DELIVER,
    EMBED,
    EMBED_CHUNKS,
    OUTBOX,
    RUN_JOB,
    RUN_SHADOW,
    SHADOW,
    queue_of,
)


def job_entry(job_id: str, user_id: str, pipeline: str, base: str) -> Entry:
    """Delivers a job. One user's jobs run one after another, in the order of their requests."""
    return Entry(queue_of(pipeline, base), RUN_JOB, {"job_id": job_id}, lock=user_id)


def shadow_entry(job_id: str) -> Entry:
    """Delivers the comparison of a job."""
    return Entry(SHADOW, RUN_SHADOW, {"job_id": job_id}, priority=-10)


def message_entry(message_id: str) -> Entry:
    """Delivers a message to the web back end."""
    return Entry(OUTBOX, DELIVER, {"message_id": message_id}, lock=f"{OUTBOX}:{message_id}")


def embedding_entry(user_id: str) -> Entry:
    """Delivers a user whose chunks lack vectors. Its lock keeps two workers from paying twice for one vector."""
    return Entry(EMBED, EMBED_CHUNKS, {"user_id": user_id}, lock=f"{EMBED}:{user_id}", priority=-5)
