"""Stage 3: facts from every passage, several batches at a time, each batch a stored step."""

from pipelines.contract import Ports
from pipelines.stages.extraction import extract_facts
from pipelines.stages.ledger import Ledger
from pipelines.stages.reduction import fit_window
from pipelines.v2.history import History

FIRST, LAST = 25, 70  # percent
WINDOWS_IN_MEMORY = 4  # facts beyond so many windows are reduced on the way: an export of a gigabyte must fit


async def extract(ports: Ports, history: History) -> Ledger:
    """All that the user's words say. A failed call fails the run."""
    await ports.progress("extracting_facts", FIRST)

    async def taken(ledger: Ledger, batches: int) -> None:
        if ledger.tokens > WINDOWS_IN_MEMORY * ports.language.window_tokens:
            ledger.replace(*await fit_window(ledger.facts(), ports, f"reduce/after-{batches:04d}"))
        share = min(batches / history.batches, 1.0)
        await ports.progress("extracting_facts", FIRST + int((LAST - FIRST) * share))

    return await extract_facts(history.passages, ports, taken)
