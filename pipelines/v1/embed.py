"""Stage 4: nothing is left to compute here. Published chunks are searchable at once, and are embedded after that where
an embedding model is configured; the step's name tells clients that only this is missing."""

from pipelines.contract import Ports


async def embed(ports: Ports) -> None:
    """Report the step."""
    await ports.progress("embedding", 90)
