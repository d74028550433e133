"""A folder that belongs to one process and goes away with it, however it ends."""

import fcntl
import os
import uuid
from contextlib import suppress
from pathlib import Path
from typing import IO

from gateway.confinement.disk import remove


class Workdir:
    """A folder for this process's runs, removed with it; folders of processes that were killed are removed too."""

    def __init__(self, parent: Path) -> None:
        self._parent = parent
        self._lock: IO[bytes] | None = None

    def __enter__(self) -> Path:
        self._parent.mkdir(parents=True, exist_ok=True)
        for left_over in self._parent.glob("*.lock"):
            self._remove_if_dead(left_over)
        name = f"{os.getpid()}-{uuid.uuid4().hex[:8]}"
        self._lock = (self._parent / f"{name}.lock").open("wb")
        fcntl.flock(self._lock, fcntl.LOCK_EX)
        folder = self._parent / name
        folder.mkdir()
        return folder

    def __exit__(self, *_: object) -> None:
        if self._lock is not None:
            path = Path(self._lock.name)
            remove(path.with_suffix(""))
            path.unlink(missing_ok=True)
            self._lock.close()

    @staticmethod
    def _remove_if_dead(lock: Path) -> None:
        with suppress(OSError), lock.open("rb") as file:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            remove(lock.with_suffix(""))
            lock.unlink(missing_ok=True)
