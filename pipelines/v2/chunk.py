"""Stage 2: the export cut into overlapping windows and handed to the sink; its passages set aside for reading."""

from pathlib import Path

from pipelines.contract import ExportError, ImportRequest, Ports
from pipelines.staging import stage_chunks
from pipelines.v2.history import History
from pipelines.v2.prepare import CHUNKS, prepare


async def chunk(request: ImportRequest, ports: Ports, export: Path) -> History:
    """Refuses an export without a single message of the user before anything is handed on."""
    await ports.progress("chunking", 15)
    batch = ports.language.extract_characters
    history = await ports.compute(prepare, export, ports.workdir, request.accepted_at, batch)
    if history.user_messages == 0:
        raise ExportError(
            f"The export has {history.conversations} conversations but no usable message: nothing in them was"
            " written by the user."
        )
    await stage_chunks(ports.workdir / CHUNKS, ports)
    return history
