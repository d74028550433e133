"""Fewer facts, purely: counting tokens, ranking, cutting, and taking up a model's choice."""

from collections.abc import Iterable, Sequence

import msgspec

from pipelines.contract import Fact
from pipelines.language.provider.answers import KeptFact

CHARS_PER_TOKEN = 4
LINE_OVERHEAD = 12  # tokens of number, category, punctuation

_WEIGHT = {
    "name": 9, "location": 8, "occupation": 8, "relationship": 7, "life_context": 6, "project": 6, "decision": 5,
    "commitment": 5, "preference": 5, "belief": 4, "date": 4, "interest": 3,
}  # fmt: skip


def tokens_of(fact: Fact) -> int:
    """About how many tokens a fact takes in a prompt."""
    return LINE_OVERHEAD + (len(fact.value) + len(fact.detail) + len(fact.sentence)) // CHARS_PER_TOKEN


def total_tokens(facts: Iterable[Fact]) -> int:
    """About how many tokens the facts take together."""
    return sum(map(tokens_of, facts))


def rank(facts: Iterable[Fact]) -> list[Fact]:
    """The most telling first: said often, of a weighty category, recent; ties in a fixed order."""
    return sorted(
        facts,
        key=lambda fact: (
            -_WEIGHT[fact.category] * min(fact.support, 5),
            -(fact.time or 0.0),
            fact.category,
            fact.value,
        ),
    )


def merge_equal(facts: Iterable[Fact]) -> list[Fact]:
    """One fact for each category and value: the newest sentence, the support added up."""
    merged: dict[tuple[str, str], Fact] = {}
    for fact in facts:
        key = (fact.category, fact.value.casefold().strip(" .!"))
        merged[key] = merge(merged[key], fact) if key in merged else fact
    return list(merged.values())


def merge(one: Fact, other: Fact) -> Fact:
    """The newer of two facts that say the same, with the support of both."""
    newer = one if (one.time or 0.0) >= (other.time or 0.0) else other
    return msgspec.structs.replace(newer, support=one.support + other.support, detail=newer.detail or one.detail)


def cut(ranked: Iterable[Fact], keep_tokens: int) -> list[Fact]:
    """The first facts that fit."""
    kept: list[Fact] = []
    left = keep_tokens
    for fact in ranked:
        left -= tokens_of(fact)
        if left < 0:
            break
        kept.append(fact)
    return kept


def split(facts: Sequence[Fact], window_tokens: int) -> list[list[Fact]]:
    """Facts in groups that each fit one call; a fact larger than the window has a group of its own."""
    groups: list[list[Fact]] = [[]]
    left = window_tokens
    for fact in facts:
        size = tokens_of(fact)
        if groups[-1] and size > left:
            groups.append([])
            left = window_tokens
        groups[-1].append(fact)
        left -= size
    return groups


def take_choice(facts: Sequence[Fact], choice: Iterable[KeptFact]) -> list[Fact]:
    """The chosen facts in the chosen order, those that say the same merged in; unknown and repeated numbers ignored."""
    free = set(range(len(facts)))
    taken: list[Fact] = []
    for kept in choice:
        if kept.fact not in free:
            continue
        free.remove(kept.fact)
        fact = facts[kept.fact]
        for number in kept.same_as:
            if number in free and facts[number].category == fact.category:
                free.remove(number)
                support = fact.support + facts[number].support
                fact = msgspec.structs.replace(fact, support=support)
        taken.append(fact)
    return taken
