"""Merges facts that say the same, and settles those that cannot both be true: the newest wins."""

from collections.abc import Iterable, Sequence

from pipelines.contract import Fact
from pipelines.facts import join_mentions
from pipelines.memory.settle import find_ends, holds
from pipelines.work import late_patterns as re

_NOISE = re.compile(r"\b(?:the|a|an|my|our|really|very|just|to|of)\b|[^\w\s]", re.IGNORECASE)


def merge_facts(facts: Iterable[Fact]) -> tuple[Fact, ...]:
    """One fact for each (category, value): support added over distinct messages, the newest wording kept."""
    merged: dict[tuple[str, str], Fact] = {}
    seen: set[tuple[str, str, str]] = set()
    for fact in facts:
        key = (fact.category, fold(fact.value))
        mention = (*key, fact.message_id or fact.sentence)
        known = merged.get(key)
        if known is None:
            merged[key] = fact
        elif mention not in seen:
            merged[key] = _join(known, fact)
        seen.add(mention)
    return tuple(merged.values())


def settle_conflicts(facts: Sequence[Fact]) -> tuple[Fact, ...]:
    """Facts that still hold: what a later one has not ended, and of what can be only once the newest alone."""
    ends = find_ends(facts)
    return tuple(fact for fact, end in zip(facts, ends, strict=True) if end is None and holds(fact))


def rank_facts(facts: Iterable[Fact]) -> list[Fact]:
    """Most supported first, then newest, then by their text, so that the order never depends on the input's."""
    return sorted(facts, key=_rank)


def _rank(fact: Fact) -> tuple[int, float, bool, str, str, str, str, str, str]:
    newest = (-fact.support, -(fact.time or 0.0), fact.time is None)
    return (
        *newest,
        fact.category,
        fact.value,
        fact.message_id,
        fact.conversation_id,
        fact.sentence,
        fact.detail,
    )


def tokens_of(fact: Fact) -> int:
    """An upper estimate of the tokens that a fact takes in a prompt."""
    return (len(fact.value) + len(fact.detail) + len(fact.sentence)) // 3 + 8


def fold(value: str) -> str:
    """The form under which two values count as the same."""
    return " ".join(_NOISE.sub(" ", value.lower()).split()) or value.lower()


def _age(fact: Fact) -> tuple[float, int]:
    return (fact.time or 0.0, fact.support)


def _join(known: Fact, other: Fact) -> Fact:
    newer, older = (other, known) if _age(other) > _age(known) else (known, other)
    return join_mentions(newer, older, known.support + other.support)
