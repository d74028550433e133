"""What v2 keeps of an export between its stages: counts, and files with the passages and where each conversation's
passages begin."""

from pathlib import Path

import msgspec

from pipelines.history.census import Census


class Entry(msgspec.Struct, frozen=True):
    """One conversation in the passages file."""

    conversation_id: str
    time: float | None  # seconds since the epoch, UTC
    user_characters: int
    offset: int  # bytes
    passages: int


class History(msgspec.Struct, frozen=True):
    """`passages` holds `Passage` records, `index` one `Entry` a conversation in which the user says something."""

    passages: Path
    index: Path
    census: Census
    chunks: int = 0  # kept
    chunks_met: int = 0
    uncut: int = 0  # conversations that were not cut into chunks
    batches: int = 0  # language calls that the passages will take, about
    remarks: tuple[str, ...] = ()  # what of the export was left out
