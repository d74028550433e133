"""One section of the portrait: its fields from the language engine, as a stored step."""

from collections.abc import Mapping, Sequence
from typing import Any

from pipelines.contract import NOT_ENOUGH, SECTION_FIELDS, Fact, Passage, Ports, SectionName
from pipelines.stored import Section, version_of


async def write_section(
    name: SectionName, facts: Sequence[Fact], style: dict[str, float], samples: Sequence[Passage], ports: Ports
) -> Section:
    """The section's fields. Raises `PipelineError` when the engine fails."""

    async def work() -> Section:
        return Section(*await ports.language.section(name, facts, style, samples))

    version = version_of(ports.language.name, facts, sorted(style.items()), samples)
    section = await ports.steps.run(f"section/{name}", version, Section, work)
    return Section(in_fixed_order(name, section.fields), section.usage)


def in_fixed_order(name: SectionName, fields: Mapping[str, Any]) -> dict[str, Any]:
    """The section's own fields in their order, then any others by name. A store is free to forget the order of keys,
    and a run that was resumed must still give the same bytes."""
    own = SECTION_FIELDS[name]
    others = sorted(fields.keys() - set(own))
    return {field: _sorted(fields[field]) for field in (*own, *others) if field in fields}


def _sorted(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _sorted(value[key]) for key in sorted(value)}
    return [_sorted(item) for item in value] if isinstance(value, list | tuple) else value


def said(fields: Mapping[str, Any], field: str) -> str | None:
    """A field's text, or None where nothing was found."""
    value = fields.get(field)
    return value if isinstance(value, str) and value.strip() and value.strip().casefold() != NOT_ENOUGH else None
