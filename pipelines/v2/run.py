"""v2's stages in order."""

from pipelines.capabilities import Capabilities
from pipelines.contract import ImportRequest, Ports, Soulprint
from pipelines.v2.complete import complete
from pipelines.v2.consolidate import consolidate
from pipelines.v2.download import download
from pipelines.v2.extract import SECTIONS
from pipelines.v2.read import read
from pipelines.v2.regenerate import regenerate

CAPABILITIES = Capabilities(
    accepts=("stored",),
    tiers=("macro",),
    facts=True,
    sections=SECTIONS,
    fields=(
        "soulprint_text", "soul_md", "identity_md", "agents_md", "user_md", "tools_md", "memory_md", "archetype",
        "ai_name",
    ),
    differs={
        "facts": "v2 reads every conversation, v1 the 100 most recent ones",
        "memory_md": "v2 writes MEMORY, v1 writes none",
        "memory_log": "v2 writes MEMORY instead",
        "sections.tools": "v1 has no such section",
        "tools_md": "v1 has no such section",
        "total_chunks": "v2 cuts windows, v1 three tiers",
    },
)  # fmt: skip


async def run(request: ImportRequest, ports: Ports) -> Soulprint:
    """Facts from the whole export, MEMORY from the facts, then the five sections anew."""
    export = await download(request, ports)
    history, ledger = await read(request, ports, export)
    profile = await consolidate(request, ports, ledger)
    drawn = await regenerate(request, ports, history, profile)
    return complete(history, profile, drawn)
