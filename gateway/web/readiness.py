"""Can the database be written to: asked at most twice a second, however many ask, and given up after a second."""

import asyncio
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from gateway.database.pool import Database
from gateway.database.probe import NotWritableError, check_writable
from gateway.database.retry import DATABASE_ERRORS

LIMIT_SECONDS: Final = 1.0
KEEP_SECONDS: Final = 0.5


@dataclass(frozen=True, slots=True)
class Writable:
    """What was found."""

    ok: bool
    detail: Mapping[str, Any] = field(default_factory=dict)


class Readiness:
    """Looks when asked; those who ask at the same time share one look."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._lock = asyncio.Lock()
        self._looked_at = float("-inf")
        self._found = Writable(ok=False)

    async def look(self) -> Writable:
        """Whether an accept would be committed now."""
        async with self._lock:
            if time.monotonic() - self._looked_at > KEEP_SECONDS:
                self._found = await self._look()
                self._looked_at = time.monotonic()
            return self._found

    async def _look(self) -> Writable:
        began = time.perf_counter()
        task = asyncio.ensure_future(check_writable(self._database, LIMIT_SECONDS))
        done, _ = await asyncio.wait({task}, timeout=LIMIT_SECONDS)
        if not done:  # not waited for: the driver waits for a server that hangs even to cancel
            task.cancel()
            return Writable(ok=False, detail={"error": f"no answer within {LIMIT_SECONDS:g} s"})
        try:
            task.result()
        except NotWritableError as error:
            return Writable(ok=False, detail={"error": str(error)})
        except DATABASE_ERRORS as error:
            return Writable(ok=False, detail={"error": type(error).__name__})
        return Writable(ok=True, detail={"milliseconds": round((time.perf_counter() - began) * 1000, 2)})
