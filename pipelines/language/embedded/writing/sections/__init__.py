"""The five sections of a soulprint, written from facts and counts."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from pipelines.contract import SECTION_FIELDS, Fact, SectionName
from pipelines.language.embedded.writing.sections.agents import agents_section
from pipelines.language.embedded.writing.sections.evidence import Evidence
from pipelines.language.embedded.writing.sections.identity import identity_section
from pipelines.language.embedded.writing.sections.soul import soul_section
from pipelines.language.embedded.writing.sections.tools import tools_section
from pipelines.language.embedded.writing.sections.user import user_section

_WRITERS: Mapping[SectionName, Callable[[Evidence], dict[str, Any]]] = {
    "soul": soul_section,
    "identity": identity_section,
    "user": user_section,
    "agents": agents_section,
    "tools": tools_section,
}


def write_section(section: SectionName, told: Sequence[Fact], style: Mapping[str, float]) -> dict[str, Any]:
    """Every field of `section`, in the contract's order, from the facts that are to be told, best first."""
    written = _WRITERS[section](Evidence(told, style))
    return {field: written[field] for field in SECTION_FIELDS[section]}
