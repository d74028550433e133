"""Stage 6: the five sections anew, from the facts and the best conversations. One that fails keeps the one before."""

from collections.abc import Sequence
from typing import Any

import msgspec

from pipelines.contract import ImportRequest, PipelineError, Ports, SectionName, Usage
from pipelines.memory.recall import Recalled
from pipelines.stages.results import Section
from pipelines.stages.sections import Evidence, Written, write_sections
from pipelines.v2.best import read_best
from pipelines.v2.consolidate import Profile
from pipelines.v2.history import History

SECTIONS: tuple[SectionName, ...] = ("soul", "identity", "user", "agents", "tools")


class Portrait(msgspec.Struct, frozen=True):
    """The sections that were written, and a warning for each that was not."""

    sections: dict[SectionName, dict[str, Any]]
    usage: Usage
    warnings: tuple[str, ...]


async def regenerate(request: ImportRequest, ports: Ports, history: History, profile: Profile) -> Portrait:
    """Sections side by side, each a stored step."""
    await ports.progress("regenerating_sections", 80)
    samples = await ports.compute(read_best, history, profile.by_conversation, request.accepted_at)

    async def wrote(sections: int) -> None:
        await ports.progress("regenerating_sections", 80 + 3 * sections)

    written = await write_sections(SECTIONS, Evidence(profile.facts, profile.style, samples), ports, wrote)
    return _portrait(written, profile.recalled)


def _portrait(written: Sequence[Written], recalled: Recalled) -> Portrait:
    sections = {name: section for name, section in written if isinstance(section, Section)}
    return Portrait(
        sections={name: recalled.fields(section.fields) for name, section in sections.items()},
        usage=sum((section.usage for section in sections.values()), Usage()),
        warnings=tuple(
            f"The section {name} could not be written, the one before it is kept: {error}"
            for name, error in written
            if isinstance(error, PipelineError)
        ),
    )
