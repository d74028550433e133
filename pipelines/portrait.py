"""One section of the portrait: its fields from the language engine, as a stored step."""

from collections.abc import Mapping, Sequence
from typing import Any

from pipelines.contract import NOT_ENOUGH, Fact, Passage, Ports, SectionName
from pipelines.stored import Section, version_of


async def write_section(
    name: SectionName, facts: Sequence[Fact], style: dict[str, float], samples: Sequence[Passage], ports: Ports
) -> Section:
    """The section's fields. Raises `PipelineError` when the engine fails."""

    async def work() -> Section:
        return Section(*await ports.language.section(name, facts, style, samples))

    sampled = [(passage.conversation_id, len(passage.messages)) for passage in samples]
    version = version_of(ports.language.name, facts, sorted(style.items()), sampled)
    return await ports.steps.run(f"section/{name}", version, Section, work)


def said(fields: Mapping[str, Any], field: str) -> str | None:
    """A field's text, or None where nothing was found."""
    value = fields.get(field)
    return value if isinstance(value, str) and value.strip() and value.strip().casefold() != NOT_ENOUGH else None
