"""Words of forgotten facts taken out of everything else: lines of documents, fields of sections, evidence of facts."""

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import msgspec

from pipelines.contract import NOT_ENOUGH
from pipelines.facts import Fact, Memory
from pipelines.memory.endings import ended_things
from pipelines.memory.identity import is_forgotten
from pipelines.stages.ledger import fold

GONE = "[forgotten]"
_OWN = re.compile(r"\b(?:my|our|their)\b", re.IGNORECASE)
_PARTS = re.compile(r"(?<=[.!?])\s+|;\s+")

Words = re.Pattern[str]


def withheld(found: Sequence[Fact], memory: Memory) -> tuple[Fact, ...]:
    """Those of the found facts that were forgotten."""
    forgotten = frozenset(memory.forgotten)
    return tuple(fact for fact in found if is_forgotten(fact, forgotten))


def words_of(facts: Iterable[Fact]) -> Words | None:
    """What must not stand anywhere: the facts' values, in any case, whoever "my" is. None for no fact."""
    values = {fold(text) for fact in facts for text in (fact.value, *ended_things(fact.value))}
    return pattern_of(values)


def pattern_of(values: Iterable[str]) -> Words | None:
    """These values as whole words, the longest first. None where there is none."""
    shapes = sorted({_shape(value) for value in values if value.strip()}, key=lambda shape: (-len(shape), shape))
    return re.compile(rf"(?<!\w)(?:{'|'.join(shapes)})(?!\w)", re.IGNORECASE) if shapes else None


def _shape(value: str) -> str:
    own = r"(?:my|our|their)"
    return r"\s+".join(own if _OWN.fullmatch(word) else re.escape(word) for word in value.split())


def without_lines(text: str, words: Words) -> str:
    """A document without the words: of a list in one line its other items stay, else the line goes."""
    lines = (line if words.search(line) is None else _without_parts(line, words) for line in text.split("\n"))
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
