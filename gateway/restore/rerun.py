"""Users who never had a result of the base get one: their last export is accepted again, as a job of the base."""

import uuid

from flags.model import Decision
from gateway.jobs.accept.accepter import Accepter
from gateway.jobs.accept.rows import NewJob, request_key
from gateway.restore.store import RestoreStore, Sent

PAGE = 500


async def rerun_missing(store: RestoreStore, accepter: Accepter, base: str) -> int:
    """Enqueue a job for every user without a result of the base whose export is known; how many jobs that made."""
    made, after = 0, None
    while page := await store.missing(base, after=after, limit=PAGE):
        after = page[-1].user_id
        for sent in page:
            if sent.storage_path is not None:
                made += await accept_again(accepter, sent, sent.storage_path, base)
    return made


async def accept_again(accepter: Accepter, sent: Sent, path: str, base: str) -> bool:
    """Whether it made a job; False if the same export is under way already. Raises what `accept` raises."""
    accepted = await accepter.accept(
        NewJob(
            job_id=str(uuid.uuid4()),
            user_id=sent.user_id,
            storage_path=path,
            conversation_count=sent.conversation_count,
            message_count=sent.message_count,
            decision=Decision(base, "rolled_back", 0.0, "", base=base),
            pinned=False,
            request_key=request_key(path),
        )
    )
    return not accepted.joined
