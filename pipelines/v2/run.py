"""v2's stages in order."""

from pipelines.contract import ImportRequest, Ports, Soulprint
from pipelines.v2.chunk import chunk
from pipelines.v2.complete import complete
from pipelines.v2.consolidate import consolidate
from pipelines.v2.download import download
from pipelines.v2.extract import extract
from pipelines.v2.memorize import memorize
from pipelines.v2.regenerate import regenerate


async def run(request: ImportRequest, ports: Ports) -> Soulprint:
    """Facts from the whole export, MEMORY from the facts, then the five sections anew."""
    export = await download(request, ports)
    history = await chunk(request, ports, export)
    ledger = await extract(ports, history)
    profile = await consolidate(ports, ledger)
    memory = await memorize(ports, profile)
    portrait = await regenerate(request, ports, history, profile)
    return complete(history, profile, memory, portrait)
