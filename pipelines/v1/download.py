"""Stage 1: the export as a local file."""

from pathlib import Path

from pipelines.contract import ImportRequest, Ports


async def download(request: ImportRequest, ports: Ports) -> Path | None:
    """Where the export is, or None when the request brings none."""
    await ports.progress("downloading", 5)
    if request.storage_path is None and not request.inline:
        return None
    return await ports.exports.fetch()
