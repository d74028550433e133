"""Chunks from a work file into the sink, a bounded batch at a time; the file goes when it has been read."""

import asyncio
from pathlib import Path

from pipelines.contract import Chunk, Ports
from pipelines.work.records import off_loop, read_batches


async def stage_chunks(path: Path, ports: Ports) -> None:
    """Hand all chunks over, after forgetting what an earlier, unfinished attempt handed over."""
    await ports.sink.replace_chunks()
    async for batch in off_loop(read_batches(path, Chunk)):
        await ports.sink.add_chunks(batch)
    await asyncio.to_thread(path.unlink)
