"""Merges facts that say the same, and settles those that cannot both be true: the newest wins."""

import re
from collections.abc import Iterable, Sequence

import msgspec

from pipelines.contract import Category, Fact
from pipelines.language.embedded.frames.answering.naming import CALLS_YOU
from pipelines.language.embedded.grammar.endings import without_ended

SINGLE: tuple[Category, ...] = ("name", "location", "occupation")  # one value holds at a time

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
    newest: dict[str, Fact] = {}
    for fact in facts:
        if (kind := _single(fact)) and (kind not in newest or _age(fact) > _age(newest[kind])):
            newest[kind] = fact
    held = without_ended(facts)  # not before: the end of the newest place brings no older one back
    return tuple(fact for fact in held if not (kind := _single(fact)) or newest[kind] is fact)


def _single(fact: Fact) -> str:
    """Of which kind of facts, that hold one at a time, it is; "" for those that do not exclude each other."""
    if fact.value.startswith(CALLS_YOU):
        return CALLS_YOU
    return fact.category if fact.category in SINGLE else ""


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
    return msgspec.structs.replace(newer, support=known.support + other.support, detail=newer.detail or older.detail)
