"""The one pass over an export, in a worker process: chunks, passages and their index to files, counts returned."""

from datetime import datetime
from pathlib import Path

from pipelines.contract import Conversation, Passage
from pipelines.export import ReadCounts, read_export, remarks
from pipelines.history.census import Census
from pipelines.history.chunking.best import BestChunks
from pipelines.history.chunking.windows import WINDOW_WAYS
from pipelines.history.passages import NotesSeen, characters, has_user_words, passages, user_characters
from pipelines.v2.history import Entry, History
from pipelines.work.records import WorkFile, write_records

CHUNKS, PASSAGES, INDEX = "chunks.ndjson", "passages.ndjson", "index.ndjson"


def prepare(export: Path, workdir: Path, now: datetime, batch_characters: int, chunk_limit: int) -> History:
    """Read the export once, in constant memory. Raises `ExportError` when it cannot be used."""
    seen, census = NotesSeen(), Census()
    best, counts = BestChunks(chunk_limit, now, WINDOW_WAYS), ReadCounts()
    size = 0
    with (
        WorkFile[Passage](workdir / PASSAGES) as kept,
        WorkFile[Entry](workdir / INDEX) as index,
    ):
        for conversation in read_export(export, counts=counts):
            census.add(conversation)
            size += _keep(conversation, seen, kept, index)
            best.offer(conversation)
    chunks = best.kept()
    write_records(workdir / CHUNKS, chunks)
    return History(
        passages=workdir / PASSAGES,
        index=workdir / INDEX,
        census=census,
        chunks=len(chunks),
        chunks_met=best.met,
        uncut=best.uncut,
        batches=max(1, -(-size // batch_characters)),
        remarks=remarks(counts),
    )


def _keep(conversation: Conversation, seen: NotesSeen, kept: WorkFile[Passage], index: WorkFile[Entry]) -> int:
    """Write the passages in which the user says something, and where they are; their characters."""
    offset, count, size, own = 0, 0, 0, 0
    for passage in filter(has_user_words, passages(conversation, seen)):
        at = kept.add(passage)
        offset = offset if count else at
        count += 1
        size += characters(passage)
        own += user_characters(passage)
    if count:
        index.add(Entry(conversation.id, conversation.time, own, offset, count))
    return size
