"""A shadow's sink and steps. Nothing here holds a connection, a key or a path at which user data could be written."""

import time
from collections.abc import Awaitable, Callable, Sequence
from typing import TypeVar

from gateway.jobs.publish import clean, profile_columns
from gateway.shadow.compare.model import WriteIntent
from gateway.shadow.sandbox.protocol import Limits
from pipelines.contract import Chunk, Soulprint

T = TypeVar("T")
MAX_KEYS = 50_000


class Flooded(Exception):
    """The pipeline handed more to its sink than any export could hold."""


class IntentSink:
    """Counts what would be written and keeps nothing of it."""

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self.rows = 0
        self.size = 0
        self.conversations: set[str] = set()

    async def replace_chunks(self) -> None:
        self.rows = self.size = 0
        self.conversations.clear()

    async def add_chunks(self, chunks: Sequence[Chunk]) -> None:
        for chunk in chunks:
            self.rows += 1
            self.size += _bytes(chunk.content)
            if len(self.conversations) < MAX_KEYS:
                self.conversations.add(clean(chunk.conversation_id) or "")
            if self.rows > self._limits.sink_rows or self.size > self._limits.sink_bytes:
                raise Flooded(f"{self.rows} chunks of {self.size} bytes")

    def intents(self, result: Soulprint | None, keys_before: Sequence[str]) -> tuple[WriteIntent, ...]:
        """What publishing this run would do to a user who had the conversations `keys_before`."""
        if result is None:
            return ()
        gone = [key for key in keys_before if key not in self.conversations] if self.rows else []
        return chunk_intent(self.rows, self.size, gone), profile_intent(result)


class TimedSteps:
    """Runs every step and keeps only how long it took."""

    def __init__(self) -> None:
        self.took: list[tuple[str, float]] = []

    async def run(self, name: str, version: int, type_: type[T], work: Callable[[], Awaitable[T]]) -> T:  # noqa: ARG002
        began = time.monotonic()
        result = await work()
        self.took.append((name, time.monotonic() - began))
        return result


def chunk_intent(rows: int, size: int, deletes: Sequence[str]) -> WriteIntent:
    """What happens to the user's chunks."""
    return WriteIntent("conversation_chunks", rows, size, tuple(sorted(deletes)[:MAX_KEYS]))


def profile_intent(result: Soulprint) -> WriteIntent:
    """What happens to the user's profile."""
    columns = profile_columns(result)
    return WriteIntent("user_profiles", 1, sum(_bytes(value) for value in columns.values() if isinstance(value, str)))


def _bytes(text: str) -> int:
    return len(text) if text.isascii() else len(text.encode("utf-8", "replace"))
