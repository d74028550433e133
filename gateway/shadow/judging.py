"""A model as judge of free text: blind, asked in both orders, and undecided when its answers do not agree. Pure."""

from typing import Literal

import msgspec

Preference = Literal["first", "second", "tie"]
Judgement = Literal["one", "other", "tie", "undecided"]


class Ballot(msgspec.Struct, frozen=True):
    """What a judge is shown: two texts without their makers' names. `swapped` says that `other` came first."""

    question: str
    first: str
    second: str
    swapped: bool


def ballots(question: str, one: str, other: str) -> tuple[Ballot, Ballot]:
    """The two orders in which a judge is asked."""
    return Ballot(question, one, other, swapped=False), Ballot(question, other, one, swapped=True)


def settle(straight: Preference, swapped: Preference) -> Judgement:
    """The judgement from the answers in both orders; a judge that goes by position is undecided."""
    turned: dict[Preference, Judgement] = {"first": "other", "second": "one", "tie": "tie"}
    plain: dict[Preference, Judgement] = {"first": "one", "second": "other", "tie": "tie"}
    return plain[straight] if plain[straight] == turned[swapped] else "undecided"
