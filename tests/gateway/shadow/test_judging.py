"""A judge is asked blind and in both orders, and believed only when both answers agree."""

import pytest

from gateway.shadow.judging import Judgement, Preference, ballots, settle


def test_both_orders_are_asked_without_names() -> None:
    straight, swapped = ballots("Which knows the person better?", "text A", "text B")
    assert (straight.first, straight.second) == (swapped.second, swapped.first) == ("text A", "text B")
    assert (straight.swapped, swapped.swapped) == (False, True)


@pytest.mark.parametrize(
    ("straight", "swapped", "judgement"),
    [
        ("first", "second", "one"), ("second", "first", "other"), ("tie", "tie", "tie"),
        ("first", "first", "undecided"), ("second", "second", "undecided"),
        ("first", "tie", "undecided"), ("tie", "second", "undecided"),
    ],
)  # fmt: skip
def test_only_agreement_decides(straight: Preference, swapped: Preference, judgement: Judgement) -> None:
    assert settle(straight, swapped) == judgement
