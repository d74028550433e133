"""One import seen with what is remembered: the new memory, what is told of it, and what must not be said again."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

import msgspec

from pipelines.facts import Fact, Memory
from pipelines.memory.remember import Import, remember
from pipelines.memory.told import Told, tell
from pipelines.memory.withhold import withheld, without_evidence, without_lines, without_values, words_of
from pipelines.memory.words import Words


class Recalled(msgspec.Struct, frozen=True):
    """What is remembered after an import. `withheld` are facts of it that were forgotten before."""

    memory: Memory
    told: Told
    withheld: tuple[Fact, ...] = ()

    def fields(self, fields: Mapping[str, Any]) -> dict[str, Any]:
        """A section's fields without what was forgotten, whoever wrote them."""
        words = self._words
        return dict(fields if words is None else without_values(fields, words))

    def text(self, text: str) -> str:
        """A document without what was forgotten."""
        words = self._words
        return text if words is None else without_lines(text, words)

    @property
    def _words(self) -> Words | None:
        return words_of(self.withheld)


def recall(known: Memory, found: Sequence[Fact], job_id: str, at: datetime) -> Recalled:
    """Take an import's facts in. For a worker process: module-level, and everything is a value."""
    by = Import(job_id, at)
    gone = withheld(found, known)
    words = words_of(gone)
    kept = found
    if words is not None:
        gone = tuple(fact for fact in found if fact in gone or words.search(fact.value))
        kept = [without_evidence(fact, words) for fact in found if fact not in gone]
    memory = remember(known, kept, by)
    return Recalled(memory, tell(memory, by), gone)
