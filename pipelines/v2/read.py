"""Stages 2 and 3 side by side: what is set aside is read while the rest of the export is still being cut, so that both
use a core each."""

import asyncio
from functools import partial
from pathlib import Path

from pipelines.contract import ImportRequest, Ports
from pipelines.stages.ledger import Ledger
from pipelines.v2.chunk import chunk
from pipelines.v2.extract import FIRST, extract
from pipelines.v2.history import History
from pipelines.v2.prepare import PASSAGES


async def read(request: ImportRequest, ports: Ports, export: Path) -> tuple[History, Ledger]:
    """What there is of the history, and all that it says. The result never depends on which of both is faster.

    An engine that is paid for is asked only once the whole export has turned out to be readable.
    """
    passages, written, batches = ports.workdir / PASSAGES, asyncio.Event(), 0
    await asyncio.to_thread(passages.unlink, missing_ok=True)  # an earlier attempt's is not taken for this one's
    begin = partial(extract, ports, passages, written, lambda: batches)
    early = None if ports.language.kept_as else asyncio.ensure_future(begin())
    # To read nothing has the process that reads start at once: it is ready when the first passages are there.
    warm = asyncio.ensure_future(ports.language.extract(())) if early else None
    try:
        history = await chunk(request, ports, export, written)
        await ports.progress("extracting_facts", FIRST)
        batches = history.batches
        return history, await (early or begin())
    finally:
        begun = list(filter(None, (early, warm)))
        for task in begun:
            task.cancel()
        await asyncio.gather(*begun, return_exceptions=True)
