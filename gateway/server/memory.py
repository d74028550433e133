"""Gives memory back to the system after large requests: the allocator would keep much of what they needed at once."""

import asyncio
import ctypes
from collections.abc import Callable
from pathlib import Path
from typing import Final

LARGE_BLOCK: Final = 256 * 1024
GROWTH_BYTES: Final = 4 * 1024 * 1024
CHANGE_BYTES: Final = 512 * 1024
M_TRIM_THRESHOLD, M_MMAP_THRESHOLD = -1, -3  # of <malloc.h>
PAGE_BYTES: Final = 4096
MOST_LOOKS: Final = 64  # between two times
STATM: Final = Path("/proc/self/statm")


def keep_large_blocks_apart() -> None:
    """Let the C library map each large block by itself, always: else, once one was freed, it keeps up to 32 MiB."""
    library = ctypes.CDLL(None)
    if hasattr(library, "mallopt"):  # glibc's
        library.mallopt(M_MMAP_THRESHOLD, LARGE_BLOCK)
        library.mallopt(M_TRIM_THRESHOLD, LARGE_BLOCK)


class SettledMemory:
    """Looks at what the process holds; where that is more than it was once, gives back what is free.

    What was freed since the last time does not show from outside, so it is tried again, ever more seldom.
    """

    def __init__(self, trim: Callable[[int], object] | None, held: Callable[[], int]) -> None:
        """`trim` gives back what is free; None where the C library has no such thing. `held`: bytes, now."""
        self._trim = trim
        self._held = held
        self._least = self._left = held()
        self._looks = self._wait = 0  # since the last time; looks until the next one

    async def settle(self) -> None:
        """To be called about once a second. Requests are answered meanwhile."""
        held = self._held()
        self._least = min(self._least, held)
        self._looks += 1
        if abs(held - self._left) > CHANGE_BYTES:
            self._wait = 0
        if self._trim is None or held - self._least < GROWTH_BYTES or self._looks < self._wait:
            return
        await asyncio.to_thread(self._trim, 0)
        self._left = self._held()
        self._looks, self._wait = 0, min(max(2 * self._wait, 1), MOST_LOOKS)


def settled_memory() -> SettledMemory:
    """That of this process."""
    return SettledMemory(getattr(ctypes.CDLL(None), "malloc_trim", None), resident_bytes)


def resident_bytes() -> int:
    """What the process holds; 0 where the system does not tell."""
    try:
        return int(STATM.read_bytes().split()[1]) * PAGE_BYTES
    except OSError:
        return 0
