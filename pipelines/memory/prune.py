"""A whole result without what its user had forgotten, whichever version made it and however it remembers."""

from collections.abc import Sequence

import msgspec

from pipelines.contract import Soulprint
from pipelines.facts import Fact, Memory
from pipelines.memory.remember import forget
from pipelines.memory.withhold import withheld, without_evidence, without_lines, without_values, words_of
from pipelines.memory.words import Words

DOCUMENTS = (
    "soulprint_text", "partial_text", "soul_md", "identity_md", "agents_md", "user_md", "tools_md", "memory_log",
    "memory_md", "archetype", "ai_name",
)  # fmt: skip


def without_forgotten(soulprint: Soulprint, keys: Sequence[str]) -> Soulprint:
    """The result without facts that have one of these fingerprints, and without their words."""
    if not keys:
        return soulprint
    gone = withheld(soulprint.facts, Memory(forgotten=tuple(keys)))
    words = words_of(gone)
    pruned = soulprint if words is None else without_words(soulprint, words, gone)
    return msgspec.structs.replace(pruned, memory=None if pruned.memory is None else forget(pruned.memory, keys))


def without_words(soulprint: Soulprint, words: Words, gone: Sequence[Fact]) -> Soulprint:
    """The result without these facts and their words."""
    documents = {name: _document(getattr(soulprint, name), words) for name in DOCUMENTS}
    facts = tuple(without_evidence(fact, words) for fact in soulprint.facts if fact not in gone)
    sections = {name: without_values(fields, words) for name, fields in soulprint.sections.items()}
    memory = None if soulprint.memory is None else without_words_of(soulprint.memory, words)
    return msgspec.structs.replace(soulprint, facts=facts, sections=sections, memory=memory, **documents)


def without_words_of(memory: Memory, words: Words) -> Memory:
    """What is remembered, without evidence that holds the words."""
    facts = (msgspec.structs.replace(one, fact=without_evidence(one.fact, words)) for one in memory.facts)
    return msgspec.structs.replace(memory, facts=tuple(facts))


def _document(text: str | None, words: Words) -> str | None:
    return without_lines(text, words) if text and words.search(text) else text
