"""The job engine's names: its queues, its tasks and what an entry carries.

An entry only delivers an id; our own row is the truth. A lost entry is put back by the sweep, a second one does no
harm: the claim finds the job closed.
"""

from gateway.jobs.roles import is_candidate

PRIMARY = "primary"  # the jobs that callers wait for
CANDIDATE = "candidate"  # those of them whose version is on trial: their own slots, so that they hold up no others
SHADOW = "shadow"  # comparisons: their own concurrency, never in a caller's way
OUTBOX = "outbox"  # messages to the web back end
EMBED = "embed"  # vectors for chunks, where an embedding model is configured

QUEUES = (PRIMARY, CANDIDATE, SHADOW, OUTBOX, EMBED)

RUN_JOB = "run_job"  # queue PRIMARY or CANDIDATE, args {"job_id": "<uuid>"}, lock = the user's id, priority 0
RUN_SHADOW = "run_shadow"  # queue SHADOW, args {"job_id": "<uuid>"}, no lock
DELIVER = "deliver"  # queue OUTBOX, args {"message_id": "<uuid>"}, lock = outbox:<message's id>
EMBED_CHUNKS = "embed_chunks"  # queue EMBED, args {"user_id": "<id>"}, lock = embed:<user's id>


def queue_of(pipeline: str, base: str) -> str:
    """Where a job of this version waits."""
    return CANDIDATE if pipeline != base and is_candidate(pipeline, base) else PRIMARY
