"""Stage 2: the export cut in three tiers and handed to the sink; the sample set aside for the next stage."""

from pathlib import Path

from pipelines.contract import ExportError, ImportRequest, Ports
from pipelines.staging import stage_chunks
from pipelines.v1.history import History
from pipelines.v1.prepare import prepare


async def chunk(request: ImportRequest, ports: Ports, export: Path) -> History:
    """Refuses an export without a single message of the user before anything is handed on."""
    await ports.progress("chunking", 15)
    chunks, sample = ports.workdir / "chunks.ndjson", ports.workdir / "sample.ndjson"
    history = await ports.compute(prepare, export, chunks, sample, request.accepted_at)
    if history.user_messages == 0:
        raise ExportError(
            f"The export has {history.conversations} conversations but no usable message: nothing in them was"
            " written by the user."
        )
    await stage_chunks(chunks, ports)
    return history
