"""What v1 knows of a user before it writes: counts, and a file with the passages that it will read."""

from pathlib import Path

import msgspec

from pipelines.history.census import Census


class History(msgspec.Struct, frozen=True):
    """Counts over the whole history; `sample` holds `Passage` records, newest conversation first. `chunks` are kept, of
    `chunks_met`; `remarks` say what of the export was left out."""

    sample: Path
    census: Census
    chunks: int = 0
    chunks_met: int = 0
    uncut: int = 0  # conversations that were not cut into chunks of each size
    remarks: tuple[str, ...] = ()
