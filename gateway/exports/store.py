"""What a place for exports can do."""

from pathlib import Path
from typing import Protocol


class ExportStore(Protocol):
    """Objects named by `bucket/key`.

    Every call raises `StoragePathError` for a path that is none, `StorageRefusedError` for what the store will never
    do, `StorageDeniedError` where our key is refused, and `StorageUnavailableError` (retryable, after the store's own
    retries) for what it cannot do now.
    """

    async def fetch(self, storage_path: str, to: Path) -> None:
        """Copy the object to the file `to`, which appears only when it is complete.

        Raises `ExportMissingError` when there is no such object.
        """
        ...

    async def check_access(self) -> None:
        """Does the store answer, and may we read in it? One question that only our role is answered; no retries."""
        ...

    async def put(self, storage_path: str, source: Path) -> None:
        """Store the file under the path, in place of what may be there."""
        ...

    async def exists(self, storage_path: str) -> bool: ...
