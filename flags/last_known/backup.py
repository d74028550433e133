"""The last known flags on disk: what a process starts with when the flag server is gone."""

import os
import time
from pathlib import Path

import structlog

from flags.document.document import BadDocument, FlagDocument, read_document
from flags.model import Versions

log = structlog.get_logger()

TOUCH_SECONDS = 30.0  # the file's time says when the flags were last known good, to within this


class Backup:
    """One file, replaced whole; trouble with it is logged and never stops anybody."""

    def __init__(self, path: Path, versions: Versions) -> None:
        self._path = path
        self._versions = versions
        self._saved: str | None = None
        self._touched_at = 0.0

    def load(self) -> tuple[FlagDocument, float] | None:
        """The document and its age in seconds; None when there is none, or it cannot be used."""
        try:
            body, saved_at = self._path.read_bytes(), self._path.stat().st_mtime
            return read_document(body, self._versions), max(time.time() - saved_at, 0.0)
        except FileNotFoundError:
            return None
        except (OSError, BadDocument) as error:
            log.warning("last_known_flags_not_used", path=str(self._path), error=str(error))
            return None

    def save(self, document: FlagDocument | None) -> None:
        """Keep the document if it is new; otherwise only note, now and then, that it still is good."""
        if document is None:
            return
        now, text = time.time(), document.engine_json
        try:
            if text != self._saved:
                write_whole(self._path, text.encode())
            elif now - self._touched_at >= TOUCH_SECONDS:
                os.utime(self._path)
            else:
                return
        except OSError as error:
            log.warning("last_known_flags_not_saved", path=str(self._path), error=str(error))
        self._saved, self._touched_at = text, now


def write_whole(path: Path, body: bytes) -> None:
    """Replace a file at once: a reader sees the old content or the new, and a crash leaves one of them."""
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f".{path.name}.{os.getpid()}")
    with draft.open("wb") as file:
        file.write(body)
        file.flush()
        os.fsync(file.fileno())
    draft.replace(path)
