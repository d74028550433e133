"""A sliding memory map over a file of any size: only the mapped part counts as memory.

Whole-file maps would be simpler, but they count against an address-space limit, and their touched pages stay resident.
"""

import mmap
import os
from typing import BinaryIO, Final

_ALIGNMENT: Final = mmap.ALLOCATIONGRANULARITY


class Window:
    """Views of `file`; a view stays valid after the window has moved on, and keeps its own map alive."""

    def __init__(self, file: BinaryIO, step: int) -> None:
        self.size = os.fstat(file.fileno()).st_size
        self._file = file
        self._step = step
        self._start = 0
        self._map: mmap.mmap | None = None
        self._whole = memoryview(b"")

    def view(self, position: int, length: int = 1) -> memoryview:
        """What is mapped from `position` on: at least `length` bytes, fewer only at the end of the file."""
        offset = position - self._start
        available = len(self._whole) - offset
        if offset < 0 or (available < length and self._start + len(self._whole) < self.size):
            self._move(position, max(length, self._step))
            offset = position - self._start
        return self._whole[offset:]

    def reaches_end(self, position: int, view: memoryview) -> bool:
        """Whether `view`, taken at `position`, holds all the rest of the file."""
        return position + len(view) >= self.size

    def _move(self, position: int, length: int) -> None:
        start = min(position, self.size) // _ALIGNMENT * _ALIGNMENT
        end = min(position + length, self.size)
        self._map, self._whole = None, memoryview(b"")  # unmaps the old part unless a view still needs it
        self._start = start
        if end > start:
            self._map = mmap.mmap(self._file.fileno(), end - start, access=mmap.ACCESS_READ, offset=start)
            self._whole = memoryview(self._map)
