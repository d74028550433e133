"""MEMORY in Markdown: what was found, under the headings that readers of it know."""

from collections.abc import Iterator, Sequence

from pipelines.contract import NOT_ENOUGH, Category, Fact
from pipelines.language.embedded.writing.saying import person_text
from pipelines.language.embedded.writing.wording import of_them, sentence_of
from pipelines.memory.told import PAST
from pipelines.work import late_patterns as re

_LIMIT = 40  # lines under one heading
_SOON = re.compile(
    r"(?<!\s)\s+(?:(?:for|in|by|on|until|over|during) )?(?:(?:this|next|coming) \w+|tomorrow)$"
)  # says nothing once it is over
_OVER = "Past Plans & Dates"  # history: nothing to be reminded of
_HEADINGS: tuple[tuple[str, tuple[Category, ...]], ...] = (
    ("About", ("name", "location", "occupation", "relationship", "life_context", "interest")),
    ("Preferences", ("preference",)),
    ("Projects", ("project",)),
    ("Important Dates", ("date",)),
    ("Beliefs & Values", ("belief",)),
    ("Decisions & Context", ("decision", "commitment")),
)
_LABELS: dict[Category, str] = {
    "name": "Name", "location": "Lives in", "occupation": "Work", "relationship": "People and pets",
    "life_context": "Life", "interest": "Interests",
}  # fmt: skip


def write_memory(told: Sequence[Fact]) -> str:
    """The Markdown, from the facts that are to be told, best first.

    Of the five known headings, those without a fact are named in one line at the end.
    """
    lines = ["# MEMORY"]
    empty = []
    for heading, categories in _HEADINGS:
        chosen = [fact for fact in told if fact.category in categories and fact.detail != PAST][:_LIMIT]
        body = list(_about(chosen)) if heading == "About" else [f"- {_line(fact)}" for fact in chosen]
        if body:
            lines += ["", f"## {heading}", "", *body]
        elif heading != "About":
            empty.append(heading)
    over = [f"- {sentence_of(of_them(_SOON.sub('', fact.value)))}" for fact in told if fact.detail == PAST][:_LIMIT]
    if over:
        lines += ["", f"## {_OVER}", "", *over]
    if empty:
        lines += ["", f"_{sentence_of(NOT_ENOUGH)} yet for: {', '.join(empty)}._"]
    return "\n".join(lines) + "\n"


def _about(facts: Sequence[Fact]) -> Iterator[str]:
    for category, label in _LABELS.items():
        tell = person_text if category == "relationship" else _value
        values = [tell(fact) for fact in facts if fact.category == category]
        if values:
            yield f"- {label}: {'; '.join(values)}"


def _value(fact: Fact) -> str:
    return of_them(fact.value)


def _line(fact: Fact) -> str:
    text = sentence_of(fact.value if fact.category == "preference" else of_them(fact.value))
    if fact.detail and fact.detail.lower() not in fact.value.lower():
        text = f"{text} ({fact.detail})" if fact.category != "project" else f"{text}: {fact.detail}"
    return f"{text} [said {fact.support} times]" if fact.support > 2 else text
