"""Which fact is which: a fact is the same, in whatever wording and import, when its category and folded value are.

Folded: without case, articles and punctuation at the edges (`pipelines.stages.ledger.fold`). Of some a person has one
at a time (a name, a place, a job, how answers are to be): these share a subject beside that, see `settle`.
"""

import hashlib

from pipelines.facts import Fact
from pipelines.memory.endings import ended_things
from pipelines.stages.ledger import fold

DIGITS = 24  # hexadecimal


def identity_of(fact: Fact) -> str:
    """The fact's id, the same in every import."""
    return _digest(f"{fact.category}\x00{fold(fact.value)}")


def key_of(value: str) -> str:
    """The fingerprint of what a value says, whatever category it is filed under: what is kept of a forgotten fact."""
    return _digest(fold(value))


def keys_of(fact: Fact) -> frozenset[str]:
    """The fingerprints under which a fact is forgotten: of its value, and of what its value says has ended."""
    return frozenset(key_of(text) for text in (fact.value, *ended_things(fact.value)))


def is_forgotten(fact: Fact, forgotten: frozenset[str]) -> bool:
    """Whether one of its fingerprints is among these."""
    return bool(forgotten) and not forgotten.isdisjoint(keys_of(fact))


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:DIGITS]
