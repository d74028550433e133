"""Stage 2: the export cut in three tiers and handed to the sink; the sample set aside for the next stage."""

from pathlib import Path

from pipelines.contract import ImportRequest, Ports
from pipelines.stages.staging import stage_chunks
from pipelines.v1.history import History
from pipelines.v1.prepare import prepare


async def chunk(request: ImportRequest, ports: Ports, export: Path) -> History:
    """Refuses an export without a single message of the user before anything is handed on."""
    await ports.progress("chunking", 15)
    chunks, sample = ports.workdir / "chunks.ndjson", ports.workdir / "sample.ndjson"
    history = await ports.compute(prepare, export, chunks, sample, request.accepted_at, ports.chunk_limit)
    history.census.require_user_messages()
    await stage_chunks(chunks, ports)
    return history
