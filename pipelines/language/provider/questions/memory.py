"""MEMORY in Markdown from a model's answer, the headings ours."""

from pipelines.contract import NOT_ENOUGH
from pipelines.language.provider.questions.answers import MemoryAnswer, MemoryLine

HEADINGS = {
    "about": "About",  # only where something is known
    "preferences": "Preferences",
    "projects": "Projects",
    "important_dates": "Important Dates",
    "beliefs_and_values": "Beliefs & Values",
    "decisions_and_context": "Decisions & Context",
}


def write_memory(answer: MemoryAnswer, fact_count: int) -> tuple[str, int]:
    """The Markdown, and how many lines were dropped because they name no fact below `fact_count`."""
    parts, dropped = ["# MEMORY"], 0
    for field, heading in HEADINGS.items():
        lines: list[MemoryLine] = getattr(answer, field)
        kept = [line for line in lines if any(0 <= number < fact_count for number in line.facts)]
        dropped += len(lines) - len(kept)
        body = [f"- {' '.join(line.text.split())}" for line in kept]
        if body or field != "about":
            parts.append("\n".join([f"## {heading}", "", *(body or [f"_{NOT_ENOUGH.capitalize()}._"])]))
    return "\n\n".join(parts) + "\n", dropped
