"""Stage 3: from the sample to facts, then soul, identity, agents and user, then the memory log."""

from collections.abc import Sequence
from typing import Any

import msgspec

from pipelines.contract import Fact, ImportRequest, Memory, Passage, PipelineError, Ports, SectionName, Usage
from pipelines.history.passages import PASSAGE_CHARACTERS
from pipelines.memory.recall import recall
from pipelines.memory.told import earlier_warning
from pipelines.stages.estimate import Later
from pipelines.stages.extraction import extract_facts, unread_warning
from pipelines.stages.ledger import Ledger
from pipelines.stages.reduction import fit_window
from pipelines.stages.results import Section
from pipelines.stages.revision import keep, revise_known
from pipelines.stages.sections import Evidence, Written, all_paid, write_sections
from pipelines.v1.history import History
from pipelines.v1.memory_log import write_memory_log
from pipelines.work.records import read_records

SECTIONS: tuple[SectionName, ...] = ("soul", "identity", "agents", "user")
LATER = Later(SECTIONS, memory=False, sample_characters=PASSAGE_CHARACTERS)


class Portrait(msgspec.Struct, frozen=True):
    """What v1 found out and wrote."""

    sections: dict[SectionName, dict[str, Any]]
    facts: tuple[Fact, ...]
    memory_log: str
    memory: Memory
    usage: Usage
    unread_share: float
    warnings: tuple[str, ...]


async def synthesize(request: ImportRequest, ports: Ports, history: History) -> Portrait:
    """Profile first, sections from the profile. Any failed call fails the run."""
    await ports.progress("synthesizing", 40)

    async def read(_: Ledger, batches: int) -> None:
        await ports.progress("synthesizing", min(40 + batches, 60))

    async def wrote(sections: int) -> None:
        await ports.progress("synthesizing", 60 + 5 * sections)

    ledger = await extract_facts(history.sample, ports, read, LATER)
    recalled = await ports.compute(recall, request.memory, ledger.facts(), request.job_id, request.accepted_at)
    facts, usage = await fit_window(recalled.told.in_force, ports, "reduce")
    samples = list(read_records(history.sample, Passage))
    evidence = Evidence(facts, ledger.style, samples, read_characters=ledger.read_chars)
    known = await revise_known(SECTIONS, evidence, ports)
    if known is None:
        written = _all_of(await write_sections(SECTIONS, evidence, ports, wrote, first_alone=True))
    else:
        written = {name: Section(known.sections[name]) for name in SECTIONS}
    spent = sum((section.usage for section in written.values()), known.usage if known else Usage())
    sections = {name: recalled.fields(section.fields) for name, section in written.items()}
    if known or all_paid(written.values()):
        await keep(evidence.portrait(sections, "", spent), ports, known)
    listed = recalled.told.listed(facts)
    return Portrait(
        sections=sections,
        facts=listed,
        memory_log=recalled.text(write_memory_log(listed, samples, request.accepted_at)),
        memory=recalled.memory,
        usage=ledger.usage + usage + spent,
        unread_share=ledger.unread_share,
        warnings=(*unread_warning(ledger.unread), *earlier_warning(recalled.told.earlier)),
    )


def _all_of(written: Sequence[Written]) -> dict[SectionName, Section]:
    sections: dict[SectionName, Section] = {}
    for name, outcome in written:
        if isinstance(outcome, PipelineError):
            raise outcome
        sections[name] = outcome
    return sections
