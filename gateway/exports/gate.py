"""The way to the storage: shut while the storage is known to be away or to refuse our key, so that nobody queues up."""

import asyncio
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from gateway.exports.errors import StorageDeniedError, StorageUnavailableError
from gateway.exports.store import ExportStore
from pipelines.contract import PipelineError

LOOK_LIMIT_SECONDS: Final = 10.0


@dataclass(slots=True)
class StorageGate:
    """Fetches through, or fails at once with what the last look met. Before the first look it is open."""

    store: ExportStore
    shut: PipelineError | None = None

    async def fetch(self, storage_path: str, to: Path) -> None:
        """As the store's own."""
        if self.shut is not None:
            raise type(self.shut)(str(self.shut))
        await self.store.fetch(storage_path, to)

    async def look(self) -> None:
        """Ask the store, and open or shut the way by its answer."""
        try:
            async with asyncio.timeout(LOOK_LIMIT_SECONDS):
                await self.store.check_access()
        except (StorageDeniedError, StorageUnavailableError) as failure:
            self.shut = failure
        except TimeoutError:
            self.shut = StorageUnavailableError(f"The storage did not answer within {LOOK_LIMIT_SECONDS:g} s")
        except PipelineError:
            self.shut = None  # it answers, whatever it thinks of the question
        else:
            self.shut = None
