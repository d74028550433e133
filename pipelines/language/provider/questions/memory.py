"""MEMORY in Markdown from a model's answer, the headings ours."""

from collections.abc import Sequence

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


def write_memory(answer: MemoryAnswer, facts: Sequence[Fact]) -> tuple[str, int]:
    """The Markdown, and how many lines were not taken: they name none of the `facts`, or say more than these.

    Of a line that says more, the facts that it names stay.
    """
    parts, dropped = ["# MEMORY"], 0
    said: set[str] = set()
    for field, heading in HEADINGS.items():
        lines: list[MemoryLine] = getattr(answer, field)
        body: list[str] = []
        for line in lines:
            named = [facts[number] for number in line.facts if 0 <= number < len(facts)]
            text = " ".join(line.text.split())
            if not named or not Written.of(written_facts(named)).supports(text):
                dropped += 1
                body += [shown for fact in named if (shown := _shown(fact)) not in said]
            else:
                body.append(text)
            said.update(body)
        if body or field != "about":
            entries = [f"- {text}" for text in dict.fromkeys(body)]
            parts.append("\n".join([f"## {heading}", "", *(entries or [f"_{NOT_ENOUGH.capitalize()}._"])]))
    return "\n\n".join(parts) + "\n", dropped


def _shown(fact: Fact) -> str:
    return f"{fact.value} ({fact.detail})" if fact.detail else fact.value
