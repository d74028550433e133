"""Stage 6: the five sections anew, from the facts and the best conversations. One that fails keeps the one before."""

from typing import Any

import msgspec

from pipelines.contract import ImportRequest, PipelineError, Ports, SectionName, Usage
from pipelines.portrait import write_section
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
    """Sections one after the other, each a stored step."""
    samples = await ports.compute(read_best, history, profile.by_conversation, request.accepted_at)
    sections: dict[SectionName, dict[str, Any]] = {}
    usage, warnings = Usage(), list[str]()
    for n, name in enumerate(SECTIONS):
        await ports.progress("regenerating_sections", 80 + 3 * n)
        try:
            section = await write_section(name, profile.facts, profile.style, samples, ports)
        except PipelineError as error:
            warnings.append(f"The section {name} could not be written, the one before it is kept: {error}")
            continue
        sections[name] = section.fields
        usage += section.usage
    return Portrait(sections, usage, tuple(warnings))
