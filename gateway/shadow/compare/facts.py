"""Two sets of facts: what both found, what only one found, and where they contradict each other."""

from collections.abc import Iterable
from typing import get_args

import msgspec

from gateway.shadow.compare.model import FactPair, FactsVerdict
from gateway.shadow.compare.normalise import clean_text
from gateway.shadow.compare.similarity import match, opposed
from pipelines.contract import Category, Fact
from pipelines.stages.ledger import fold

SINGLE: frozenset[Category] = frozenset({"name", "location", "occupation"})  # a person has one at a time
MAX_SAMPLES = 20
MAX_SAMPLE_CHARACTERS = 120

Sides = tuple[set[str], set[str]]


class _Tally(msgspec.Struct):
    """Counts while categories are gone through; left-over values by category, "category: value"."""

    both: int = 0
    near: int = 0
    only_one: list[tuple[str, str]] = []
    only_other: list[tuple[str, str]] = []
    contradicting: list[FactPair] = []


def compare_facts(one: Iterable[Fact], other: Iterable[Fact]) -> FactsVerdict:
    """The verdict on two sets of facts; the order of facts, their ids and their evidence do not matter."""
    left, right = _by_category(one), _by_category(other)
    tally = _Tally()
    for category in get_args(Category):
        _compare_category(category, (left.get(category, set()), right.get(category, set())), tally)
    _match_across_categories(tally)
    return FactsVerdict(
        both=tally.both,
        near=tally.near,
        only_one=len(tally.only_one),
        only_other=len(tally.only_other),
        contradicting=len(tally.contradicting),
        samples_only_one=_show(tally.only_one),
        samples_only_other=_show(tally.only_other),
        samples_contradicting=tuple(sorted(tally.contradicting, key=msgspec.structs.astuple)[:MAX_SAMPLES]),
    )


def _by_category(facts: Iterable[Fact]) -> dict[str, set[str]]:
    sets: dict[str, set[str]] = {}
    for fact in facts:
        sets.setdefault(fact.category, set()).add(fold(clean_text(fact.value)))
    return sets


def _compare_category(category: Category, sides: Sides, tally: _Tally) -> None:
    equal = sides[0] & sides[1]
    left, right = sides[0] - equal, sides[1] - equal
    tally.both += len(equal)
    for a, b in match(sorted(left), sorted(right)):
        left.remove(a)
        right.remove(b)
        if opposed(a, b):
            tally.contradicting.append(_pair(category, a, b))
        else:
            tally.both += 1
            tally.near += 1
    if category in SINGLE and left and right and not equal and len(sides[0]) == len(left):
        tally.contradicting.append(_pair(category, min(left), min(right)))
        left.clear()
        right.clear()
    tally.only_one += [(category, value) for value in left]
    tally.only_other += [(category, value) for value in right]


def _match_across_categories(tally: _Tally) -> None:
    """The same thing filed under another category ("painting": an interest, a preference) is found by both."""
    open_slots: dict[str, list[tuple[str, str]]] = {}
    for item in sorted(tally.only_other):
        open_slots.setdefault(item[1], []).append(item)
    for item in sorted(tally.only_one):
        if found := open_slots.get(item[1]):
            tally.only_one.remove(item)
            tally.only_other.remove(found.pop(0))
            tally.both += 1
            tally.near += 1


def _pair(category: str, one: str, other: str) -> FactPair:
    return FactPair(category, one[:MAX_SAMPLE_CHARACTERS], other[:MAX_SAMPLE_CHARACTERS])


def _show(items: list[tuple[str, str]]) -> tuple[str, ...]:
    return tuple(f"{category}: {value[:MAX_SAMPLE_CHARACTERS]}" for category, value in sorted(items)[:MAX_SAMPLES])
