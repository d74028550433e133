"""The pure parts of asking a model which facts to keep: groups that fit one call, and taking up its choice."""

from collections.abc import Iterable, Sequence

import msgspec

from pipelines.contract import Fact
from pipelines.language.provider.questions.answers import KeptFact
from pipelines.stages.ledger import fact_tokens


def split(facts: Sequence[Fact], window_tokens: int) -> list[list[Fact]]:
    """Facts in groups that each fit one call; a fact larger than the window has a group of its own."""
    groups: list[list[Fact]] = []
    left = 0
    for fact in facts:
        size = fact_tokens(fact)
        if not groups or size > left:
            groups.append([])
            left = window_tokens
        groups[-1].append(fact)
        left -= size
    return groups


def take_choice(facts: Sequence[Fact], choice: Iterable[KeptFact]) -> list[Fact]:
    """The chosen facts in the chosen order, the support of those that say the same added to them.

    A model can only point at facts, never write one; numbers that are unknown or given twice are ignored.
    """
    free = set(range(len(facts)))
    taken: list[Fact] = []
    for kept in choice:
        if kept.fact not in free:
            continue
        free.remove(kept.fact)
        support = facts[kept.fact].support
        for number in kept.same_as:
            if number in free and facts[number].category == facts[kept.fact].category:
                free.remove(number)
                support += facts[number].support
        taken.append(msgspec.structs.replace(facts[kept.fact], support=support))
    return taken
