"""Exports in a folder: `<root>/<bucket>/<key>`.

Paths are walked one name at a time, from an open folder into the next, and no symbolic link is ever followed below
the root: whatever the path, and whoever changes the tree meanwhile, nothing outside the root is opened.
"""

import contextlib
import errno
import os
import secrets
import shutil
import stat
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO, Final

import anyio.to_thread

from gateway.exports.errors import (
    ExportMissingError,
    StorageDeniedError,
    StorageRefusedError,
    StorageUnavailableError,
)
from gateway.exports.path import ExportPath, check_storage_path

_FOLDER: Final = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC
_READ: Final = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC  # non-blocking: a pipe must not hang us
_CREATE: Final = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC
_BLOCK: Final = 1024 * 1024


class FolderExports:
    """An `ExportStore` on a local folder, made when first written to."""

    def __init__(self, root: Path) -> None:
        self._root = root

    async def fetch(self, storage_path: str, to: Path) -> None:
        path = check_storage_path(storage_path)
        await anyio.to_thread.run_sync(self._fetch, path, to)

    async def check_access(self) -> None:
        if self._root.exists() and not os.access(self._root, os.R_OK | os.X_OK):
            raise StorageDeniedError(f"the folder {self._root} may not be read")

    async def put(self, storage_path: str, source: Path) -> None:
        path = check_storage_path(storage_path)
        await anyio.to_thread.run_sync(self._put, path, source)

    async def exists(self, storage_path: str) -> bool:
        path = check_storage_path(storage_path)
        return await anyio.to_thread.run_sync(self._exists, path)

    def _fetch(self, path: ExportPath, to: Path) -> None:
        with self._open(path) as source, _appearing(to) as target:
            _copy_data(source, target)

    def _exists(self, path: ExportPath) -> bool:
        try:
            with self._open(path):
                return True
        except ExportMissingError:
            return False

    def _put(self, path: ExportPath, source: Path) -> None:
        try:
            with source.open("rb") as data, self._folder(path, create=True) as folder:
                _place(data, path.segments[-1], folder)
        except OSError as error:
            if error.errno in (errno.ENOTDIR, errno.EISDIR, errno.ELOOP):
                raise StorageRefusedError(f"{path} cannot be stored: a part of the name is taken") from None
            raise

    @contextlib.contextmanager
    def _open(self, path: ExportPath) -> Iterator[BinaryIO]:
        with contextlib.ExitStack() as stack:
            try:
                folder = stack.enter_context(self._folder(path, create=False))
                file = stack.enter_context(open(os.open(path.segments[-1], _READ, dir_fd=folder), "rb"))  # noqa: PTH123
            except OSError as error:
                raise _missing(path, error) from None
            if not stat.S_ISREG(os.fstat(file.fileno()).st_mode):
                raise ExportMissingError(f"{path} is not a file")
            yield file

    @contextlib.contextmanager
    def _folder(self, path: ExportPath, *, create: bool) -> Iterator[int]:
        """The open folder that holds the object."""
        if create:
            self._root.mkdir(parents=True, exist_ok=True)
        at = os.open(self._root, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
        try:
            for name in path.segments[:-1]:
                if create:
                    with contextlib.suppress(FileExistsError):
                        os.mkdir(name, 0o700, dir_fd=at)
                inner = os.open(name, _FOLDER, dir_fd=at)
                os.close(at)
                at = inner
            yield at
        finally:
            os.close(at)


def _place(data: BinaryIO, name: str, folder: int) -> None:
    """Write `data` under a name of our own, then give it its name: nobody sees half an object."""
    part = f".{secrets.token_hex(8)}.part"
    try:
        with open(os.open(part, _CREATE, 0o600, dir_fd=folder), "wb") as target:  # noqa: PTH123 (dir_fd)
            shutil.copyfileobj(data, target, _BLOCK)
        os.replace(part, name, src_dir_fd=folder, dst_dir_fd=folder)
    except BaseException:
        with contextlib.suppress(FileNotFoundError):
            os.unlink(part, dir_fd=folder)
        raise


def _copy_data(source: BinaryIO, target: BinaryIO) -> None:
    """Copy what a file holds; where it has holes the copy has them too, and takes as little of the disk."""
    at, size = 0, os.fstat(source.fileno()).st_size
    while at < size:
        try:
            at = os.lseek(source.fileno(), at, os.SEEK_DATA)
        except OSError as error:
            if error.errno != errno.ENXIO:
                raise
            break  # a hole to the end
        end = os.lseek(source.fileno(), at, os.SEEK_HOLE)
        while at < end:
            block = os.pread(source.fileno(), min(_BLOCK, end - at), at)
            if not block:
                return
            target.seek(at)
            target.write(block)
            at += len(block)
    target.truncate(size)


@contextlib.contextmanager
def _appearing(to: Path) -> Iterator[BinaryIO]:
    """A file that takes its name only when it has been written whole."""
    part = to.with_name(to.name + ".part")
    try:
        with part.open("wb") as file:
            yield file
        part.replace(to)
    finally:
        part.unlink(missing_ok=True)


def _missing(path: ExportPath, error: OSError) -> Exception:
    """The error for the caller: an absent name, a link and a folder are no export; a failing disk is the store's."""

    absent = (errno.ENOENT, errno.ENOTDIR, errno.ELOOP, errno.EISDIR, errno.ENXIO, errno.ENAMETOOLONG)
    if error.errno in absent:
        return ExportMissingError(f"There is no export at {path}")
    return StorageUnavailableError(f"The export at {path} cannot be opened ({error.strerror})")
