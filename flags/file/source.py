"""Flags from `flags.json`, watched: a save is seen within a second, a broken file changes nothing."""

import asyncio
import contextlib
from pathlib import Path

import structlog

from flags.document.document import BadDocument, read_document
from flags.document.rollout import check_percentages
from flags.file.first_file import write_defaults
from flags.last_known.backup import Backup
from flags.last_known.snapshot import Known, Traits
from flags.model import FlagState

log = structlog.get_logger()

_Signature = tuple[int, int, int]  # what differs after any save: inode, size, time


class FileSource(Known):
    """A `FlagSource` over one file in the Unleash client-features format."""

    def __init__(self, path: Path, backup_folder: Path, traits: Traits, look_seconds: float = 0.25) -> None:
        """`look_seconds`: how often the file's signature is looked at; it is read after a change only."""
        super().__init__("file", traits)
        self._path = path
        self._backup = Backup(backup_folder / "file.json", traits.versions)
        self._look_seconds = look_seconds
        self._seen: _Signature | None = None
        self._watch: asyncio.Task[None] | None = None

    async def start(self) -> None:
        """Write the default flags if there is no file, read it, watch it."""
        try:
            write_defaults(self._path, self._traits.versions)
        except OSError as error:
            self.fail(f"{self._path.name}: {error}")
        if (kept := self._backup.load()) is not None:
            with contextlib.suppress(BadDocument):
                self.restore(*kept)
        self._look()
        self._watch = asyncio.create_task(self._keep_looking(), name="flags-file")

    async def stop(self) -> None:
        """Stop watching."""
        if self._watch is not None:
            self._watch.cancel()
            await asyncio.gather(self._watch, return_exceptions=True)
            self._watch = None

    async def refresh(self) -> FlagState:
        """Read the file now."""
        self._seen = None
        self._look()
        return self.state()

    async def _keep_looking(self) -> None:
        while True:
            await asyncio.sleep(self._look_seconds)
            self._look()

    def _look(self) -> None:
        """A broken file is one failure for each save of it, not one for each look."""
        signature = _signature(self._path)
        if signature is not None and signature == self._seen:
            if self.state().healthy:
                self.confirm()
            return
        self._seen = signature
        try:
            self.accept(check_percentages(read_document(self._path.read_bytes(), self._traits.versions)))
        except (OSError, BadDocument) as error:
            self.fail(f"{self._path.name}: {_reason(error)}")
        except Exception as error:  # the watch goes on after any error
            log.exception("flag_file_watch_broke", path=str(self._path))
            self.fail(f"{self._path.name}: {type(error).__name__}: {error}")
        else:
            self._backup.save(self.document)


def _signature(path: Path) -> _Signature | None:
    try:
        stat = path.stat()
    except OSError:
        return None
    return stat.st_ino, stat.st_size, stat.st_mtime_ns


def _reason(error: OSError | BadDocument) -> str:
    return (error.strerror or str(error)) if isinstance(error, OSError) else str(error)
