"""Stage 3: facts from every passage, several batches at a time, each batch a stored step."""

import asyncio
from collections.abc import Callable
from pathlib import Path

from pipelines.contract import Ports, SectionName
from pipelines.stages.estimate import Later
from pipelines.stages.extraction import extract_facts
from pipelines.stages.ledger import Ledger
from pipelines.stages.reduction import fit_window

SECTIONS: tuple[SectionName, ...] = ("soul", "identity", "user", "agents", "tools")  # written from the facts
FIRST, LAST = 25, 70  # percent
LATER = Later(SECTIONS, memory=True, sample_characters=3_000)
WINDOWS_IN_MEMORY = 4  # facts beyond so many windows are reduced on the way: an export of a gigabyte must fit


async def extract(ports: Ports, passages: Path, written: asyncio.Event, expected: Callable[[], int]) -> Ledger:
    """All that the user's words say. A failed call fails the run. `expected`: how many batches there will be, 0 while
    nobody knows; until then nothing is reported."""

    async def taken(ledger: Ledger, batches: int) -> None:
        if ledger.tokens > WINDOWS_IN_MEMORY * ports.language.window_tokens:
            ledger.replace(*await fit_window(ledger.facts(), ports, f"reduce/after-{batches:04d}"))
        if most := expected():
            await ports.progress("extracting_facts", FIRST + int((LAST - FIRST) * min(batches / most, 1.0)))

    return await extract_facts(passages, ports, taken, LATER, written)
