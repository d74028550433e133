"""Stages 5 and 6: MEMORY, then the five sections, from the facts and the best conversations: as an earlier import had
them written, but for what has changed since, or anew. A section that fails keeps the one before."""

from collections.abc import Mapping, Sequence
from typing import Any

import msgspec

from pipelines.contract import ImportRequest, PipelineError, Portrait, Ports, SectionName, Usage
from pipelines.memory.recall import Recalled
from pipelines.stages.results import Section
from pipelines.stages.results import Written as Memory
from pipelines.stages.revision import keep, revise_known
from pipelines.stages.sections import Evidence, Written, all_paid, write_sections
from pipelines.v2.best import read_best
from pipelines.v2.consolidate import Profile
from pipelines.v2.extract import SECTIONS
from pipelines.v2.history import History
from pipelines.v2.memorize import memorize


class Drawn(msgspec.Struct, frozen=True):
    """MEMORY and the sections that were written, and a warning for each that was not."""

    memory: str
    sections: dict[SectionName, dict[str, Any]]
    usage: Usage
    warnings: tuple[str, ...]


async def regenerate(request: ImportRequest, ports: Ports, history: History, profile: Profile) -> Drawn:
    """All that is written of the user, each part a stored step."""
    samples = await ports.compute(read_best, history, profile.by_conversation, request.accepted_at)
    past = profile.recalled.told.history
    evidence = Evidence(profile.facts, profile.style, samples, past, profile.read_characters)
    known = await revise_known(SECTIONS, evidence, ports, memory=True)
    memory = await memorize(ports, evidence, known)
    written = await _write(evidence, ports, known)
    sections = {name: section for name, section in written if isinstance(section, Section)}
    drawn = _drawn(memory, written, sections, profile.recalled, known)
    if known or (memory.usage.calls and len(sections) == len(SECTIONS) and all_paid(sections.values())):
        await keep(evidence.portrait(drawn.sections, drawn.memory, drawn.usage), ports, known)
    return drawn


async def _write(evidence: Evidence, ports: Ports, known: Portrait | None) -> Sequence[Written]:
    await ports.progress("regenerating_sections", 80)
    if known is not None:
        return [(name, Section(known.sections[name])) for name in SECTIONS]

    async def wrote(sections: int) -> None:
        await ports.progress("regenerating_sections", 80 + 3 * sections)

    return await write_sections(SECTIONS, evidence, ports, wrote)


def _drawn(
    memory: Memory,
    written: Sequence[Written],
    sections: Mapping[SectionName, Section],
    recalled: Recalled,
    known: Portrait | None,
) -> Drawn:
    spent = memory.usage if known is None else known.usage
    return Drawn(
        memory=recalled.text(memory.text),
        sections={name: recalled.fields(section.fields) for name, section in sections.items()},
        usage=sum((section.usage for section in sections.values()), spent),
        warnings=tuple(
            f"The section {name} could not be written, the one before it is kept: {error}"
            for name, error in written
            if isinstance(error, PipelineError)
        ),
    )
