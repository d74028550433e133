"""Which facts hold and since when the others do not: what a later fact contradicts, replaces or says has ended."""

from collections import defaultdict
from collections.abc import Iterator, Sequence

from pipelines.facts import Category, Fact
from pipelines.memory.endings import End, find_endings, is_ending
from pipelines.memory.wishes import Stance, contradict, stances_of

SINGLE: frozenset[Category] = frozenset(["name", "location", "occupation"])  # one value holds at a time


def find_ends(facts: Sequence[Fact]) -> list[End | None]:
    """Of each fact: since when it does not hold any more, and which of the facts ends it. The newest always holds."""
    worded, single, wished = find_endings(facts), _single_ends(facts), _wish_ends(facts)
    return [
        min((end for end in ends if end is not None), default=None) for ends in zip(worded, single, wished, strict=True)
    ]


def holds(fact: Fact) -> bool:
    """Whether a fact whose marks are set is in force, and says more than that something has ended."""
    return fact.ended is None and not is_ending(fact)


def _single_ends(facts: Sequence[Fact]) -> list[End | None]:
    """The newest name, place and job; of equals the one with more support, then a fixed order."""
    newest: dict[Category, int] = {}
    for place, fact in enumerate(facts):
        kind = fact.category
        if kind in SINGLE and (kind not in newest or _rank(fact) > _rank(facts[newest[kind]])):
            newest[kind] = place
    return [
        None
        if newest.get(fact.category, place) == place
        else End(facts[newest[fact.category]].time or 0.0, newest[fact.category])
        for place, fact in enumerate(facts)
    ]


def _wish_ends(facts: Sequence[Fact]) -> list[End | None]:
    """The first later wish that answers cannot follow as well; of those of one moment, the last in a fixed order."""
    by_subject: dict[str, list[tuple[int, Stance]]] = defaultdict(list)
    for place, fact in enumerate(facts):
        for stance in stances_of(fact):
            by_subject[stance.subject].append((place, stance))
    ends: dict[int, End] = {}
    for place, end in _contradicted(facts, by_subject):
        ends[place] = min(end, ends.get(place, end))
    return [ends.get(place) for place in range(len(facts))]


def _contradicted(facts: Sequence[Fact], by_subject: dict[str, list[tuple[int, Stance]]]) -> Iterator[tuple[int, End]]:
    for wishes in by_subject.values():
        newest: dict[Stance, int] = {}
        for place, stance in wishes:  # of one stance the last said counts, so that a long list costs little
            if stance not in newest or _rank(facts[place]) > _rank(facts[newest[stance]]):
                newest[stance] = place
        for place, stance in wishes:
            for later_stance, later in newest.items():
                if contradict(stance, later_stance) and _rank(facts[later]) > _rank(facts[place]):
                    yield place, End(facts[later].time or 0.0, later)


def _rank(fact: Fact) -> tuple[float, int, str, str, str]:
    return (fact.time or 0.0, fact.support, fact.value, fact.message_id, fact.sentence)
