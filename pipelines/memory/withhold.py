"""Words of forgotten facts taken out of everything else: lines of documents, fields of sections, evidence of facts."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import msgspec

from pipelines.contract import NOT_ENOUGH
from pipelines.facts import Category, Fact, Memory
from pipelines.memory.endings import ended_things
from pipelines.memory.identity import is_forgotten
from pipelines.memory.words import Words, is_also_a_word
from pipelines.stages.ledger import fold
from pipelines.work import late_patterns as re

GONE = "[forgotten]"
_NAMED: frozenset[Category] = frozenset(["name", "location"])
_PARTS = re.compile(r"(?<=[.!?])\s+|;\s+")


def withheld(found: Sequence[Fact], memory: Memory) -> tuple[Fact, ...]:
    """Those of the found facts that were forgotten."""
    forgotten = frozenset(memory.forgotten)
    return tuple(fact for fact in found if is_forgotten(fact, forgotten))


def words_of(facts: Iterable[Fact]) -> Words | None:
    """What must not stand anywhere: the facts' values, as they are written and folded. None for no fact."""
    values, names = set[str](), set[str]()
    for fact in facts:
        if fact.category in _NAMED and is_also_a_word(fact.value):
            names.add(fact.value)  # "I will" says nothing of a Will
        else:
            values.update(form for text in (fact.value, *ended_things(fact.value)) for form in (text, fold(text)))
    return Words(values, names) or None


def without_lines(text: str, words: Words) -> str:
    """A document without the words: of a list in one line its other items stay, else the line goes."""
    lines = (_without_parts(line, words) if words.search(line) else line for line in text.split("\n"))
    return "\n".join(line for line in lines if line is not None)


def _without_parts(line: str, words: Words) -> str | None:
    head, colon, items = line.partition(": ")
    if not colon or "; " not in items or words.search(head):
        return None
    kept = [item for item in items.split("; ") if not words.search(item)]
    return f"{head}: {'; '.join(kept)}" if kept else None


def without_values(value: Any, words: Words) -> Any:
    """A section's fields without the words: items of lists go, sentences go, a field that was nothing else is empty."""
    if isinstance(value, str):
        if not words.search(value):
            return value
        between = "; " if "; " in value else " "
        return between.join(part for part in _PARTS.split(value) if not words.search(part)) or NOT_ENOUGH
    if isinstance(value, Mapping):
        return {key: without_values(item, words) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [without_values(item, words) for item in value if not _is_about(item, words)]
    return value


def _is_about(item: Any, words: Words) -> bool:
    texts = item.values() if isinstance(item, Mapping) else (item,)
    return any(isinstance(text, str) and words.search(text) for text in texts)


def without_evidence(fact: Fact, words: Words) -> Fact:
    """The fact without a detail or a sentence that holds the words; its own value is not looked at."""
    return msgspec.structs.replace(
        fact,
        detail="" if words.search(fact.detail) else fact.detail,
        sentence="" if words.search(fact.sentence) else fact.sentence,
    )


def blackened(value: Any, words: Words) -> Any:
    """The same value, the words in every text of it replaced."""
    if isinstance(value, str):
        return words.sub(GONE, value)
    if isinstance(value, Mapping):
        return {key: blackened(item, words) for key, item in value.items()}
    return [blackened(item, words) for item in value] if isinstance(value, list | tuple) else value
