"""The newest of contradicting wishes holds; wishes that go together stay."""

import pytest

from pipelines.facts import Fact
from pipelines.memory.settle import find_ends


def wish(value: str, time: float) -> Fact:
    return Fact("preference", value, value, "c", str(time), time)


@pytest.mark.parametrize(
    ("first", "later"),
    [
        ("answer short", "answer long"),
        ("keep your answers brief", "write detailed answers"),
        ("answer in bullet points", "stop using bullet points"),
        ("answer in bullet points", "write in full sentences"),
        ("use emojis", "no emojis"),
        ("never give long answers", "answer at length"),
        ("answer in German", "always reply in French"),
        ("use metric units", "use imperial units"),
        ("calls the assistant Max", "calls the assistant Eve"),
    ],
)
def test_the_later_of_two_that_contradict_each_other_holds(first: str, later: str) -> None:
    facts = [wish(first, 1.0), wish(later, 2.0)]
    assert [end and (end.time, end.by) for end in find_ends(facts)] == [(2.0, 1), None]
    turned = [wish(first, 3.0), wish(later, 2.0)]
    assert [end and (end.time, end.by) for end in find_ends(turned)] == [None, (3.0, 0)]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("answer short", "keep it concise"),
        ("stop using bullet points", "write in full sentences"),
        ("answer short", "answer in German"),
        ("likes long walks", "prefers short hair"),
        ("no emojis", "no jargon"),
    ],
)
def test_those_that_go_together_both_hold(one: str, other: str) -> None:
    assert find_ends([wish(one, 1.0), wish(other, 2.0)]) == [None, None]
