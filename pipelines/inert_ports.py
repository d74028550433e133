"""Ports that keep nothing, for runs beside the jobs: a shadow, or a soulprint made while its caller waits."""

from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, TypeVar

from pipelines.contract import Chunk, PipelineError

T = TypeVar("T")
NO_CHUNKS: Final = "this run has its export alone: it does not read what the user has stored"


@dataclass(frozen=True, slots=True)
class LocalExport:
    """An export that is a local file already; read-only."""

    path: Path

    async def fetch(self) -> Path:
        return self.path


class NoStoredChunks:
    """Refuses to read the user's chunks."""

    async def read(self) -> AsyncIterator[Sequence[Chunk]]:
        raise PipelineError(NO_CHUNKS)
        yield ()


class DiscardingSink:
    """Takes chunks and forgets them."""

    async def replace_chunks(self) -> None:
        """Nothing was kept."""

    async def add_chunks(self, chunks: Sequence[Chunk]) -> None:
        """Nothing is kept."""


class UnstoredSteps:
    """Runs every step and stores none."""

    async def run(self, name: str, version: int, type_: type[T], work: Callable[[], Awaitable[T]]) -> T:  # noqa: ARG002
        return await work()


async def ignore_progress(step: str, percent: int) -> None:
    """No row shows how far this run is."""


async def compute_here(function: Callable[..., T], *args: Any) -> T:
    """Compute in this process, for a run that has a process of its own."""
    return function(*args)
