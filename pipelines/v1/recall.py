"""Stage 2 without an export: the history is what the user's stored chunks say."""

from collections.abc import AsyncIterator, Sequence

from pipelines.contract import Chunk, Conversation, PipelineError, Ports
from pipelines.history.census import Census
from pipelines.history.passages import NotesSeen, passages
from pipelines.history.transcript import read_transcript
from pipelines.v1.history import History
from pipelines.v1.sample import RecentSample
from pipelines.work.records import write_records

NOTHING_STORED = "There is no usable message: the request brings no export, and nothing is stored for this user."


async def recall(ports: Ports) -> History:
    """Reads one tier, the coarsest that each conversation has, and leaves the stored chunks as they are."""
    await ports.progress("chunking", 15)
    recent, seen, census = RecentSample(), NotesSeen(), Census()
    stored = 0
    async for chunks in _by_conversation(ports.stored_chunks.read()):
        conversation = remember(chunks)
        recent.offer(conversation.time, passages(conversation, seen))
        census.add(conversation)
        stored += len(chunks)
    if census.user_messages == 0:
        raise PipelineError(NOTHING_STORED, cause="input")
    sample = ports.workdir / "sample.ndjson"
    write_records(sample, recent.passages())
    return History(sample, census, stored, stored)


def remember(chunks: Sequence[Chunk]) -> Conversation:
    """A conversation from its chunks, in the order in which they were stored."""
    tiers = {chunk.tier for chunk in chunks}
    coarsest = next(tier for tier in ("macro", "medium", "micro") if tier in tiers)
    first = chunks[0]
    time = first.created_at.timestamp()
    messages = [
        message
        for n, chunk in enumerate(chunks)
        if chunk.tier == coarsest
        for message in read_transcript(chunk.content, f"{first.conversation_id}/{n}", time)
    ]
    return Conversation(first.conversation_id, first.title, time, tuple(messages))


async def _by_conversation(batches: AsyncIterator[Sequence[Chunk]]) -> AsyncIterator[list[Chunk]]:
    """Runs of chunks of one conversation; the store keeps them together."""
    run: list[Chunk] = []
    async for batch in batches:
        for chunk in batch:
            if run and chunk.conversation_id != run[0].conversation_id:
                yield run
                run = []
            run.append(chunk)
    if run:
        yield run
