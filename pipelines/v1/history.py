"""What v1 knows of a user before it writes: counts, and a file with the passages that it will read."""

from pathlib import Path

import msgspec


class History(msgspec.Struct, frozen=True):
    """Counts over the whole history; `sample` holds `Passage` records, newest conversation first."""

    sample: Path
    conversations: int = 0
    messages: int = 0
    user_messages: int = 0
    chunks: int = 0
