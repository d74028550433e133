"""Stage 2: the export cut into overlapping windows and handed to the sink; its passages set aside for reading."""

import asyncio
from pathlib import Path

from pipelines.contract import ImportRequest, Ports
from pipelines.stages.staging import stage_chunks
from pipelines.v2.history import History
from pipelines.v2.prepare import CHUNKS, prepare


async def chunk(request: ImportRequest, ports: Ports, export: Path, written: asyncio.Event) -> History:
    """Refuses an export without a single message of the user before anything is handed on. `written` is set once all
    passages are set aside, or none will be any more."""
    await ports.progress("chunking", 15)
    batch = ports.language.extract_characters
    try:
        history = await ports.compute(prepare, export, ports.workdir, request.accepted_at, batch, ports.chunk_limit)
    finally:
        written.set()
    history.census.require_user_messages()
    await stage_chunks(ports.workdir / CHUNKS, ports)
    return history
