"""Reads the user's export, in constant memory and bounded time, for what one result says and the other does not."""

import time
from pathlib import Path

from gateway.shadow.compare.foreign import Search, claims_of
from gateway.shadow.compare.model import Finding
from pipelines.contract import ExportError, Soulprint
from pipelines.export.reader import read_export


def foreign_in(export: Path, one: Soulprint | None, other: Soulprint, seconds: float) -> tuple[Finding, ...] | None:
    """What only `other` says that is not in the export; None when it could not be read to its end in time."""
    claims = claims_of(one, other)
    search = Search(claims)
    give_up_at = time.monotonic() + seconds
    try:
        if not search.over:
            for conversation in read_export(export):
                search.read(conversation)
                if search.over:
                    break
                if time.monotonic() > give_up_at:
                    return None
    except (ExportError, MemoryError):
        return None  # the comparison stands without it: a limit that is met here is not the pipeline's
    return search.foreign()
