"""The soulprint as one text: who the user is first, then how to talk and work with them, then what to remember."""

from collections.abc import Mapping, Sequence
from typing import Any

from pipelines.contract import SectionName
from pipelines.document.section import render_section
from pipelines.history.census import Census

ORDER: tuple[SectionName, ...] = ("user", "soul", "agents", "identity", "tools")


def render_soulprint(
    sections: Mapping[SectionName, Mapping[str, Any]], census: Census, memory: str = "", remarks: Sequence[str] = ()
) -> str:
    """Markdown: what it rests on, remarks on what it lacks, the sections there are, and MEMORY a level down."""
    parts = ["# Soulprint\n", f"_From {census}._\n", *(f"_{remark}_\n" for remark in remarks)]
    parts += [render_section(name, sections[name], level=2) for name in ORDER if name in sections]
    if memory.strip():
        parts.append(_one_level_down(memory))
    return "\n".join(parts)


def _one_level_down(markdown: str) -> str:
    lines = markdown.strip().splitlines()
    return "\n".join(f"#{line}" if line.startswith("#") else line for line in lines) + "\n"
