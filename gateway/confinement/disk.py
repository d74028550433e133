"""What a folder holds on the disk, and how much is left beside it."""

import os
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

LEAST_OF_AN_ENTRY = 4096  # bytes: empty files take their place too
BLOCK = 512  # bytes of `st_blocks`, whatever the file system's own blocks are


def held_bytes(folder: Path, enough: int) -> int:
    """Bytes on the disk of all that is in the folder. Counting ends when it is more than `enough`."""
    found = 0
    for size in sizes(folder):
        found += size
        if found > enough:
            break
    return found


def sizes(folder: str | Path) -> Iterator[int]:
    """Of each entry, at any depth; what goes away meanwhile is left out."""
    with suppress(OSError), os.scandir(folder) as entries:
        for entry in entries:
            with suppress(OSError):
                yield max(entry.stat(follow_symlinks=False).st_blocks * BLOCK, LEAST_OF_AN_ENTRY)
            if entry.is_dir(follow_symlinks=False):
                yield from sizes(entry.path)


def left_bytes(folder: Path) -> int:
    """What is left of the folder's file system, for whoever is not root."""
    found = os.statvfs(folder)
    return found.f_bavail * found.f_frsize
