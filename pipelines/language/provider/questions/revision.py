"""A portrait with what has changed since it was written: without what ended, whatever the model says, and with what it
gives for what is new."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import msgspec

from pipelines.contract import Change, Fact, Portrait
from pipelines.facts import Category
from pipelines.language.provider.questions.answers import Answer, MemoryAnswer
from pipelines.language.provider.questions.gone import Gone, leave_out, lost
from pipelines.language.provider.questions.memory import parse, render, shown, take_lines
from pipelines.language.provider.questions.portrait import clean_fields, is_empty, supported_section

_FIELDS: dict[Category, str] = {
    "preference": "preferences", "project": "projects", "date": "important_dates", "belief": "beliefs_and_values",
    "decision": "decisions_and_context", "commitment": "decisions_and_context",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Revision:
    """One portrait under revision. `again` are facts in force that went with what had to go, to be told anew."""

    cleaned: Portrait
    facts: tuple[Fact, ...]  # in force
    change: Change
    again: tuple[Fact, ...]
    gone: Gone  # from sections
    gone_from_memory: Gone

    @classmethod
    def of(cls, before: Portrait, facts: Sequence[Fact], change: Change) -> "Revision":
        """The portrait without what ended."""
        over = (*change.ended, *change.added_past)
        gone = Gone.of(over, facts)
        sections, again = {}, dict[Fact, None]()
        for name, fields in before.sections.items():
            sections[name], left = leave_out(fields, gone)
            again |= dict.fromkeys(lost(facts, left, list(texts_of(sections[name]))))
        past = (*change.added_past, *(fact for fact in before.past if fact not in change.ended))
        gone_from_memory = Gone.of(change.ended, (*facts, *past))
        memory = _without(before.memory, gone_from_memory, facts)
        cleaned = msgspec.structs.replace(before, sections=sections, memory=memory)
        untold = tuple(fact for fact in again if fact not in change.added)
        return cls(cleaned, tuple(facts), change, untold, gone, gone_from_memory)

    @property
    def asks(self) -> bool:
        """Whether there is anything to ask."""
        return bool(self.change.added or self.change.added_past or self.again)

    def take(self, answer: Answer | None) -> tuple[Portrait, int]:
        """The revised portrait, and how much of the answer was not taken: it stands in no fact, or has ended."""
        dropped = 0
        sections = dict(self.cleaned.sections)
        for name, fields in self.cleaned.sections.items():
            given: Answer | None = getattr(answer, name, None)
            if given is not None:
                new, lost_ = supported_section(
                    name, clean_fields(given.model_dump()), self.facts, (), list(texts_of(fields))
                )
                new, left = leave_out(new, self.gone)
                dropped += lost_ + len(left)
                sections[name] = {
                    key: fields.get(key, value) if is_empty(value) else value for key, value in new.items()
                }
        memory = self.cleaned.memory and self._remember(getattr(answer, "memory", None))
        revised = msgspec.structs.replace(self.cleaned, sections=sections, memory=memory)
        return revised, dropped

    def _remember(self, answer: MemoryAnswer | None) -> str:
        """MEMORY with the new lines first; facts that no line was given for stand for themselves."""
        new = (*self.change.added, *self.change.added_past)
        lines, _ = take_lines(answer or MemoryAnswer(), (*new, *self.again))
        if not any(lines.values()):
            for fact in new:
                lines.setdefault(_FIELDS.get(fact.category, "about"), []).append(shown(fact))
        held = {
            field: [line for line in some if not self.gone_from_memory.stands_in(line)] for field, some in lines.items()
        }
        old = parse(self.cleaned.memory)
        return render({field: [*held.get(field, ()), *old.get(field, ())] for field in {*held, *old}})


def _without(memory: str, gone: Gone, facts: Sequence[Fact]) -> str:
    """MEMORY without what ended; facts that went with it and are in force stand for themselves."""
    if not memory:
        return memory
    before = parse(memory)
    kept = {field: [line for line in lines if not gone.stands_in(line)] for field, lines in before.items()}
    stays = [line for lines in kept.values() for line in lines]
    for field, lines in before.items():
        left = [line for line in lines if gone.stands_in(line)]
        kept[field] += [shown(fact) for fact in lost(facts, left, stays)]
    return render(kept)


def texts_of(fields: Mapping[str, Any]) -> Iterator[str]:
    """All that a section says."""
    for value in fields.values():
        yield from value if isinstance(value, list) else [value]
