"""The one pass over an export, in a worker process: chunks to one file, the sample to another, counts returned."""

from datetime import datetime
from pathlib import Path

from pipelines.export import ReadCounts, read_export, remarks
from pipelines.history.census import Census
from pipelines.history.chunking.best import BestChunks
from pipelines.history.chunking.tiers import TIER_WAYS
from pipelines.history.passages import NotesSeen, passages
from pipelines.v1.history import History
from pipelines.v1.sample import RecentSample
from pipelines.work.records import write_records


def prepare(export: Path, chunks: Path, sample: Path, now: datetime, chunk_limit: int) -> History:
    """Read the export once, in constant memory. Raises `ExportError` when it cannot be used."""
    recent, seen, census = RecentSample(), NotesSeen(), Census()
    best, counts = BestChunks(chunk_limit, now, TIER_WAYS), ReadCounts()
    for conversation in read_export(export, counts=counts):
        census.add(conversation)
        recent.offer(conversation.time, passages(conversation, seen))
        best.offer(conversation)
    kept = best.kept()
    write_records(chunks, kept)
    write_records(sample, recent.passages())
    return History(sample, census, len(kept), best.met, best.uncut, remarks(counts))
