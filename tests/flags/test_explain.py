"""An operator is told why, and what is told is what happens."""

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from flags.change.edit import with_percent, with_user
from flags.evaluate.decider import NO_DOCUMENT
from flags.explain import explain
from flags.model import V2_FLAG
from tests.flags.documents import decider, feature, split_at, users


def test_the_flags_choice_is_told_with_both_numbers() -> None:
    split = split_at(25)
    for user in ("a", "b", "c", "d", "e", "f", "g"):
        told = explain(user, split.decide(user), split.rollout)
        assert told.threshold is not None
        assert (told.threshold <= 25) is (told.pipeline == "v2")
        assert f"{told.threshold:g} %" in told.why
        assert "25 %" in told.why


@given(users.filter(str.strip), st.integers(1, 999))
@settings(max_examples=40, deadline=None)
def test_the_threshold_is_the_smallest_dial_that_reaches_the_user(user: str, tenths: int) -> None:
    split = split_at(tenths / 10)
    told = explain(user, split.decide(user), split.rollout)
    assert told.threshold is not None
    assert (told.pipeline == "v2") is (round(told.threshold * 100) <= tenths * 10)


def test_named_users_are_told_so() -> None:
    strategies = with_user(with_user(with_percent((), V2_FLAG, 0), V2_FLAG, "vip", "in"), V2_FLAG, "shy", "out")
    split = decider(feature(V2_FLAG, *strategies))
    assert explain("vip", split.decide("vip"), split.rollout).named == "in"
    assert "out by name" in explain("shy", split.decide("shy"), split.rollout).why


def test_an_off_flag_and_a_foreign_strategy_are_told() -> None:
    off = decider(feature(V2_FLAG, *with_percent((), V2_FLAG, 50), enabled=False))
    assert "off" in explain("u", off.decide("u"), off.rollout).why
    beta = {
        "name": "default",
        "constraints": [{"contextName": "userId", "operator": "STR_STARTS_WITH", "values": ["x"]}],
    }
    split = decider(feature(V2_FLAG, beta))
    assert "somebody added" in explain("u", split.decide("u"), split.rollout).why


@pytest.mark.parametrize("user", ["", " ", "\ud800"])
def test_nobody_is_told_so(user: str) -> None:
    split = split_at(50)
    told = explain(user, split.decide(user), split.rollout)
    assert (told.reason, told.threshold) == ("no_user", None)
    assert "no usable user id" in told.why


def test_decisions_made_elsewhere_keep_their_reason() -> None:
    split = split_at(50)
    pinned = replace(split.decide("u"), pipeline="v2", reason="forced")
    assert "pinned" in explain("u", pinned, split.rollout).why
    assert "ever known" in explain("u", NO_DOCUMENT, None).why
