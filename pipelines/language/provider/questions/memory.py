"""MEMORY in Markdown from a model's answer, the headings ours; and again as lines, to be added to."""

from collections.abc import Mapping, Sequence

from pipelines.contract import NOT_ENOUGH, Fact
from pipelines.language.provider.questions.answers import MemoryAnswer, MemoryLine
from pipelines.language.provider.questions.portrait import written_facts
from pipelines.language.provider.questions.support import Written

HEADINGS = {
    "about": "About",  # only where something is known
    "preferences": "Preferences",
    "projects": "Projects",
    "important_dates": "Important Dates",
    "beliefs_and_values": "Beliefs & Values",
    "decisions_and_context": "Decisions & Context",
}
_NOTHING = f"_{NOT_ENOUGH.capitalize()}._"

Lines = Mapping[str, Sequence[str]]  # by field of the answer


def write_memory(answer: MemoryAnswer, facts: Sequence[Fact]) -> tuple[str, int]:
    """The Markdown, and how many lines were not taken."""
    lines, dropped = take_lines(answer, facts)
    return render(lines), dropped


def take_lines(answer: MemoryAnswer, facts: Sequence[Fact]) -> tuple[dict[str, list[str]], int]:
    """The lines, and how many were not taken: they name none of the `facts`, or say more than these.

    Of a line that says more, the facts that it names stay.
    """
    taken, dropped = dict[str, list[str]](), 0
    said: set[str] = set()
    for field in HEADINGS:
        lines: list[MemoryLine] = getattr(answer, field)
        body: list[str] = []
        for line in lines:
            named = [facts[number] for number in line.facts if 0 <= number < len(facts)]
            text = " ".join(line.text.split())
            if not named or not Written.of(written_facts(named)).supports(text):
                dropped += 1
                body += [entry for fact in named if (entry := shown(fact)) not in said]
            else:
                body.append(text)
            said.update(body)
        taken[field] = body
    return taken, dropped


def render(lines: Lines) -> str:
    """The Markdown of lines."""
    parts = ["# MEMORY"]
    for field, heading in HEADINGS.items():
        body = lines.get(field, ())
        if body or field != "about":
            entries = [f"- {text}" for text in dict.fromkeys(body)]
            parts.append("\n".join([f"## {heading}", "", *(entries or [_NOTHING])]))
    return "\n\n".join(parts) + "\n"


def parse(text: str) -> dict[str, list[str]]:
    """The lines of what `render` wrote."""
    fields = {heading: field for field, heading in HEADINGS.items()}
    lines: dict[str, list[str]] = {}
    field = ""
    for line in text.splitlines():
        if line.startswith("## "):
            field = fields.get(line.removeprefix("## "), "")
        elif field and line.startswith("- "):
            lines.setdefault(field, []).append(line.removeprefix("- "))
    return lines


def shown(fact: Fact) -> str:
    """A fact as a line."""
    return f"{fact.value} ({fact.detail})" if fact.detail else fact.value
