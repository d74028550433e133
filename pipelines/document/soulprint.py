"""The soulprint as one text: who the user is first, then how to talk and work with them, then what to remember."""

from collections.abc import Mapping, Sequence
from typing import Any

from pipelines.contract import SectionName
from pipelines.document.section import NOT_ENOUGH_FOR, missing_fields, not_enough_for, render_found, says_anything
from pipelines.history.census import Census

ORDER: tuple[SectionName, ...] = ("user", "soul", "agents", "identity", "tools")


def render_soulprint(
    sections: Mapping[SectionName, Mapping[str, Any]], census: Census, memory: str = "", remarks: Sequence[str] = ()
) -> str:
    """Markdown: what it rests on, remarks on what it lacks, the sections that say something, MEMORY a level down, and
    one line for all that there is not enough data for.
    """
    there = [name for name in ORDER if name in sections]
    missing = [field for name in there for field in missing_fields(name, sections[name])]
    parts = ["# Soulprint\n", f"_From {census}._\n", *(f"_{remark}_\n" for remark in remarks)]
    parts += [render_found(name, sections[name], level=2) for name in there if says_anything(sections[name])]
    if memory.strip():
        lines = memory.strip().splitlines()
        parts.append(_one_level_down([line for line in lines if not line.startswith(NOT_ENOUGH_FOR)]))
    if missing:
        parts.append(f"{not_enough_for(missing)}\n")
    return "\n".join(parts)


def _one_level_down(lines: Sequence[str]) -> str:
    return "\n".join(f"#{line}" if line.startswith("#") else line for line in lines).strip() + "\n"
