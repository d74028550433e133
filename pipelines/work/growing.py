"""Records of a work file that another process still writes: read as they come, so that both work at the same time."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import suppress
from itertools import takewhile
from pathlib import Path
from typing import TypeVar

import msgspec

from pipelines.work.records import BATCH_BYTES

T = TypeVar("T")

LOOK_SECONDS = 0.02  # between looks at a file that did not grow


async def read_growing(path: Path, type_: type[T], written: asyncio.Event) -> AsyncIterator[list[T]]:
    """All records in order, in batches of about BATCH_BYTES; ends when `written` is set and nothing is left.

    The file need not be there at first. A line without its end is one that is still being written.
    """
    decoder = msgspec.json.Decoder(type_)
    offset = 0
    while True:
        whole = written.is_set()  # asked before looking: what was written until then is there
        lines = await asyncio.to_thread(_read_lines, path, offset)
        if lines:
            offset += sum(map(len, lines))
            yield [decoder.decode(line) for line in lines]
        elif whole:
            return
        else:
            with suppress(TimeoutError):
                await asyncio.wait_for(written.wait(), LOOK_SECONDS)


def _read_lines(path: Path, offset: int) -> list[bytes]:
    """Whole lines from a byte offset on, about BATCH_BYTES of them."""
    try:
        with path.open("rb") as file:
            file.seek(offset)
            lines = file.readlines(BATCH_BYTES)
    except FileNotFoundError:
        return []
    # Not only the last one may lack its end: the file may have grown between two lines that were read.
    return list(takewhile(lambda line: line.endswith(b"\n"), lines))
