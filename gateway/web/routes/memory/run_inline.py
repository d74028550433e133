"""Runs a pipeline over conversations that came with the request: nothing is stored, nothing is published."""

import asyncio
import tempfile
import uuid
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TypeVar

from gateway.services import Services
from pipelines.contract import Chunk, ImportRequest, Pipeline, PipelineError, Ports, Soulprint

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class GivenExport:
    """An export that is a local file already."""

    path: Path

    async def fetch(self) -> Path:
        return self.path


class NoChunks:
    """A user without stored chunks."""

    async def read(self) -> AsyncIterator[Sequence[Chunk]]:
        return
        yield  # pragma: no cover - what makes it a generator


class Discard:
    """Takes chunks and forgets them."""

    async def replace_chunks(self) -> None:
        """Nothing was kept."""

    async def add_chunks(self, chunks: Sequence[Chunk]) -> None:
        """Nothing is kept."""


class RunOnce:
    """Steps that are run and not stored."""

    async def run(self, name: str, version: int, type_: type[T], work: Callable[[], Awaitable[T]]) -> T:  # noqa: ARG002
        return await work()


async def no_progress(step: str, percent: int) -> None:
    """Nobody watches."""


async def run_given(services: Services, pipeline: Pipeline, user_id: str, export: bytes, seconds: float) -> Soulprint:
    """The soulprint of an export. Raises PipelineError, also after `seconds`: then it is stopped."""
    request = ImportRequest(
        job_id=str(uuid.uuid4()),
        user_id=user_id,
        storage_path=None,
        inline=True,
        conversation_count=None,
        message_count=None,
        accepted_at=datetime.now(UTC),
    )
    with tempfile.TemporaryDirectory(prefix="soulprint-") as folder:
        path = Path(folder) / "export"
        await asyncio.to_thread(path.write_bytes, export)
        try:
            async with asyncio.timeout(seconds):
                return await pipeline(request, ports_for(services, path))
        except TimeoutError as error:
            raise PipelineError(f"it took longer than {seconds:g} s", retryable=True) from error


def ports_for(services: Services, export: Path) -> Ports:
    """Ports that read one file and write nothing."""
    return Ports(
        exports=GivenExport(export),
        stored_chunks=NoChunks(),
        language=services.engines.language,
        sink=Discard(),
        steps=RunOnce(),
        progress=no_progress,
        compute=services.compute,
        workdir=export.parent,
        fact_concurrency=services.settings.fact_extraction_concurrency,
    )
