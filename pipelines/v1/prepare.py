"""The one pass over an export, in a worker process: chunks to one file, the sample to another, counts returned."""

from datetime import datetime
from pathlib import Path

from pipelines.contract import Chunk, Passage
from pipelines.export import read_export
from pipelines.history.census import Census
from pipelines.history.chunking.tiers import tiered_chunks
from pipelines.history.passages import NotesSeen, passages
from pipelines.v1.history import History
from pipelines.v1.sample import RecentSample
from pipelines.work.records import WorkFile


def prepare(export: Path, chunks: Path, sample: Path, now: datetime) -> History:
    """Read the export once, in constant memory. Raises `ExportError` when it cannot be used."""
    recent, seen, census = RecentSample(), NotesSeen(), Census()
    written = 0
    with WorkFile[Chunk](chunks) as out:
        for conversation in read_export(export):
            census.add(conversation)
            recent.offer(conversation.time, passages(conversation, seen))
            for chunk in tiered_chunks(conversation, now):
                out.add(chunk)
                written += 1
    write_sample(recent, sample)
    return History(sample, census, written)


def write_sample(recent: RecentSample, path: Path) -> None:
    """The sample's passages as a work file."""
    with WorkFile[Passage](path) as out:
        for passage in recent.passages():
            out.add(passage)
