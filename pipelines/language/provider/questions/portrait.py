"""The check of a section that a model wrote: what it says must stand in facts and in the user's own words.

The section about the user holds facts, so it may say only what facts say. The others describe, so they may use words
for manners beside; they too may bring no link, name, number or order of their own.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from pipelines.contract import NOT_ENOUGH, Fact, Passage, SectionName
from pipelines.language.provider.questions.evidence import own_text, own_words
from pipelines.language.provider.questions.manners import MANNER
from pipelines.language.provider.questions.support import Written, denies

_FROM_FACTS = frozenset(["ai_name"])  # of the other sections
_SENTENCES = re.compile(r"(?<=[.!?;])\s+")
_LINES = re.compile(r"[.!?;]\s|\n")


def written_facts(facts: Sequence[Fact]) -> list[str]:
    """What facts say, and what they rest on."""
    return [text for fact in facts for text in (fact.value, fact.detail, fact.sentence) if text]


def split_sentences(text: str) -> list[str]:
    """Parts of a text that can be left out one by one."""
    return _SENTENCES.split(text)


def supported_section(
    section: SectionName,
    fields: Mapping[str, Any],
    facts: Sequence[Fact],
    samples: Sequence[Passage],
    written: Sequence[str] = (),
) -> tuple[dict[str, Any], int]:
    """The fields without what nobody wrote, and how many sentences and items that were. What is `written` already was
    held against the samples of its time."""
    known = written_facts(facts)
    strict = Written.of(known)
    if section == "user":
        wide, manner = strict, frozenset[str]()
    else:
        wide = Written.of([*known, *written, *_statements(samples)])
        manner = MANNER
    dropped = 0
    kept: dict[str, Any] = {}
    for name, value in fields.items():
        evidence, words = (strict, frozenset[str]()) if name in _FROM_FACTS else (wide, manner)
        kept[name], lost = _supported(value, evidence, words)
        dropped += lost
    return kept, dropped


def _statements(samples: Sequence[Passage]) -> Iterator[str]:
    """The sentences of the user's own words that deny nothing."""
    for sample in samples:
        for message in own_words(sample):
            yield from (part for part in _LINES.split(own_text(message)) if not denies(part))


def _supported(value: str | list[str], evidence: Written, manner: frozenset[str]) -> tuple[str | list[str], int]:
    if isinstance(value, list):
        items = [item for item in value if evidence.supports(item, manner)]
        return items, len(value) - len(items)
    if is_empty(value):
        return value, 0
    sentences = split_sentences(value)
    held = [sentence for sentence in sentences if evidence.supports(sentence, manner)]
    return " ".join(held) or NOT_ENOUGH, len(sentences) - len(held)


def clean_fields(fields: Mapping[str, Any]) -> dict[str, Any]:
    """A model's fields without blanks at the edges and without items that say nothing."""
    return {name: _clean(value) for name, value in fields.items()}


def _clean(value: str | list[str]) -> str | list[str]:
    if isinstance(value, list):
        return [item.strip() for item in value if not is_empty(item)]
    return value.strip() or NOT_ENOUGH


def is_empty(value: str | list[str]) -> bool:
    """Whether a field or an item says nothing."""
    return not value if isinstance(value, list) else value.casefold().strip(" .") in ("", NOT_ENOUGH)
