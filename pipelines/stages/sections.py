"""Sections of the portrait: their fields from the language engine, each a stored step."""

from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from pipelines.contract import (
    NOT_ENOUGH,
    SECTION_FIELDS,
    Fact,
    Passage,
    PipelineError,
    Portrait,
    Ports,
    SectionName,
    Usage,
)
from pipelines.stages.results import Section, version_of
from pipelines.work.parallel import in_order, one_by_one

Written = tuple[SectionName, Section | PipelineError]


@dataclass(frozen=True, slots=True)
class Evidence:
    """What sections are written from."""

    facts: Sequence[Fact]  # in force
    style: dict[str, float]
    samples: Sequence[Passage]  # best first
    past: Sequence[Fact] = ()  # those of which MEMORY alone tells
    read_characters: int = 0  # of the user's own

    def portrait(self, sections: Mapping[SectionName, Mapping[str, Any]], memory: str, usage: Usage) -> Portrait:
        """What was written from it."""
        fields = {name: dict(section) for name, section in sections.items()}
        return Portrait(
            tuple(self.facts), fields, tuple(self.past), memory, read_characters=self.read_characters, usage=usage
        )


async def write_sections(
    names: Sequence[SectionName],
    evidence: Evidence,
    ports: Ports,
    report: Callable[[int], Awaitable[None]],
    *,
    first_alone: bool = False,
) -> list[Written]:
    """The sections side by side, in the order of `names`; one that failed comes as its error.

    `report(written)` is awaited after each. `first_alone`: a provider keeps what calls share once it has answered one,
    so the others wait for it.
    """
    written: list[Written] = []
    version = version_of(ports.language.name, evidence.facts, sorted(evidence.style.items()), evidence.samples)

    async def work(name: SectionName) -> Written:
        try:
            return name, await write_section(name, evidence, ports, version)
        except PipelineError as error:
            return name, error

    async def take(outcome: Written) -> None:
        written.append(outcome)
        await report(len(written))

    if first_alone and ports.language.kept_as:
        await take(await work(names[0]))
        names = names[1:]
    await in_order(one_by_one(names), work, take, ports.fact_concurrency)
    return written


async def write_section(name: SectionName, evidence: Evidence, ports: Ports, version: int) -> Section:
    """The section's fields, as a stored step. Raises `PipelineError` when the engine fails."""

    async def work() -> Section:
        return Section(*await ports.language.section(name, evidence.facts, evidence.style, evidence.samples))

    section = await ports.steps.run(f"section/{name}", version, Section, work)
    return Section(in_fixed_order(name, section.fields), section.usage)


def all_paid(sections: Iterable[Section]) -> bool:
    """Whether a provider wrote them all, so that they are worth keeping."""
    return all(section.usage.calls for section in sections)


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
