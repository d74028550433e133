"""Runs a pipeline over conversations that came with the request: nothing is stored, nothing is published."""

import asyncio
import tempfile
import uuid
from datetime import UTC, datetime
from pathlib import Path

from gateway.services import Services
from pipelines.contract import ImportRequest, Pipeline, PipelineError, Ports, Soulprint
from pipelines.inert_ports import DiscardingSink, LocalExport, NoStoredChunks, UnstoredSteps, ignore_progress


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
        exports=LocalExport(export),
        stored_chunks=NoStoredChunks(),
        language=services.engines.language,
        sink=DiscardingSink(),
        steps=UnstoredSteps(),
        progress=ignore_progress,
        compute=services.compute,
        workdir=export.parent,
        fact_concurrency=services.settings.fact_extraction_concurrency,
        chunk_limit=services.settings.chunks_per_user,
    )
