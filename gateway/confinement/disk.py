"""A folder that somebody else fills, as they like: what it holds on the disk, what is left beside it, and its end.

Folders in it may be nested without end, and made so that they cannot be listed; links and pipes cannot be made in it.
"""

import os
import secrets
import stat
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

LEAST_OF_AN_ENTRY = 4096  # bytes: empty files take their place too
BLOCK = 512  # bytes of `st_blocks`, whatever the file system's own blocks are
DEEPEST = 64  # folders in folders; what is deeper is not looked at, and counts as more than enough
OWN_FOLDER = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC


def held_bytes(folder: Path, enough: int) -> int:
    """Bytes on the disk of all that is in the folder. Counting ends when it is more than `enough`."""
    found = 0
    for size in sizes(folder, enough, DEEPEST):
        found += size
        if found > enough:
            break
    return found


def sizes(folder: str | Path, enough: int, depth: int) -> Iterator[int]:
    """Of each entry, at any depth; what goes away meanwhile is left out."""
    with suppress(OSError), os.scandir(folder) as entries:
        for entry in entries:
            with suppress(OSError):
                yield max(entry.stat(follow_symlinks=False).st_blocks * BLOCK, LEAST_OF_AN_ENTRY)
            if entry.is_dir(follow_symlinks=False):
                open_up(entry.path)
                yield from sizes(entry.path, enough, depth - 1) if depth else [enough + 1]


def open_up(folder: str, at: int | None = None) -> None:
    """Make a folder one that its owner can list and change."""
    with suppress(OSError):
        if not os.access(folder, os.R_OK | os.W_OK | os.X_OK, dir_fd=at):
            os.chmod(folder, 0o700, dir_fd=at)


def left_bytes(folder: Path) -> int:
    """What is left of the folder's file system, for whoever is not root."""
    found = os.statvfs(folder)
    return found.f_bavail * found.f_frsize


def remove(folder: Path) -> None:
    """Remove a folder and all that is in it, however deep: folders are moved up before they are emptied. What cannot
    be removed is left."""
    with suppress(OSError):
        top = os.open(folder, OWN_FOLDER)
        try:
            below = take_out(top, top)
            while below:
                name = below.pop()
                with suppress(OSError):
                    below += empty(top, name)
        finally:
            os.close(top)
        folder.rmdir()


def empty(top: int, name: str) -> list[str]:
    """Empty a folder in `top`, and remove it; the folders in it are now in `top`, under the names returned."""
    folder = os.open(name, OWN_FOLDER, dir_fd=top)
    try:
        below = take_out(top, folder)
    finally:
        os.close(folder)
    os.rmdir(name, dir_fd=top)
    return below


def take_out(top: int, folder: int) -> list[str]:
    """Unlink the files of a folder, and move its folders to `top`, under names that nobody can have taken."""
    below = []
    for name in os.listdir(folder):
        with suppress(OSError):
            if stat.S_ISDIR(os.stat(name, dir_fd=folder, follow_symlinks=False).st_mode):
                open_up(name, folder)
                moved = secrets.token_hex(8)
                os.rename(name, moved, src_dir_fd=folder, dst_dir_fd=top)
                below.append(moved)
            else:
                os.unlink(name, dir_fd=folder)
    return below
