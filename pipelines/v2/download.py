"""Stage 1: the export as a local file."""

from pathlib import Path

from pipelines.contract import ImportRequest, PipelineError, Ports


async def download(request: ImportRequest, ports: Ports) -> Path:
    """v2 reads stored exports only."""
    if request.storage_path is None:
        raise PipelineError("storage_path required: this pipeline reads stored exports only.", cause="input")
    await ports.progress("downloading", 5)
    return await ports.exports.fetch()
