"""v1's stages in order."""

from pipelines.capabilities import Capabilities
from pipelines.contract import ImportRequest, Ports, Soulprint
from pipelines.v1.chunk import chunk
from pipelines.v1.complete import complete
from pipelines.v1.download import download
from pipelines.v1.recall import recall
from pipelines.v1.synthesize import SECTIONS, synthesize

CAPABILITIES = Capabilities(
    accepts=("stored", "inline", "chunks"),
    tiers=("micro", "medium", "macro"),
    facts=True,
    sections=SECTIONS,
    fields=(
        "soulprint_text", "soul_md", "identity_md", "agents_md", "user_md", "memory_log", "archetype", "ai_name",
    ),
)  # fmt: skip


async def run(request: ImportRequest, ports: Ports) -> Soulprint:
    """A soulprint from the export, or from the user's stored chunks where the request brings none."""
    export = await download(request, ports)
    history = await chunk(request, ports, export) if export else await recall(ports)
    portrait = await synthesize(request, ports, history)
    await ports.progress("embedding", 90)  # chunks are embedded after they are published: clients know the step's name
    return complete(history, portrait)
