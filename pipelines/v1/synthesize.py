"""Stage 3: from the sample to facts, then soul, identity, agents and user, then the memory log."""

from typing import Any

import msgspec

from pipelines.contract import Fact, ImportRequest, Passage, Ports, SectionName, Usage
from pipelines.extraction import extract_facts, unread_warning
from pipelines.facts import Ledger
from pipelines.parallel import in_order, one_by_one
from pipelines.portrait import write_section
from pipelines.reduction import fit_window
from pipelines.stored import Section
from pipelines.v1.history import History
from pipelines.v1.memory_log import write_memory_log
from pipelines.workfile import read_records

SECTIONS: tuple[SectionName, ...] = ("soul", "identity", "agents", "user")


class Portrait(msgspec.Struct, frozen=True):
    """What v1 found out and wrote."""

    sections: dict[SectionName, dict[str, Any]]
    facts: tuple[Fact, ...]
    memory_log: str
    usage: Usage
    unread_share: float
    warnings: tuple[str, ...]


async def synthesize(request: ImportRequest, ports: Ports, history: History) -> Portrait:
    """Profile first, sections from the profile. Any failed call fails the run."""
    await ports.progress("synthesizing", 40)

    async def taken(_: Ledger, batches: int) -> None:
        await ports.progress("synthesizing", min(40 + batches, 60))

    ledger = await extract_facts(history.sample, ports, taken)
    facts, usage = await fit_window(ledger.facts(), ports, "reduce")
    samples = list(read_records(history.sample, Passage))
    sections: dict[SectionName, dict[str, Any]] = {}

    async def work(name: SectionName) -> tuple[SectionName, Section]:
        return name, await write_section(name, facts, ledger.style, samples, ports)

    async def take(written: tuple[SectionName, Section]) -> None:
        nonlocal usage
        name, section = written
        sections[name] = section.fields
        usage += section.usage
        await ports.progress("synthesizing", 60 + 5 * len(sections))

    await in_order(one_by_one(SECTIONS), work, take, ports.fact_concurrency)
    return Portrait(
        sections=sections,
        facts=facts,
        memory_log=write_memory_log(facts, samples, request.accepted_at),
        usage=ledger.usage + usage,
        unread_share=ledger.unread_share,
        warnings=unread_warning(ledger.unread_share),
    )
