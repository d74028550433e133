"""Promises about the split, over the real engine: sticky, monotone, fair, and apart from the shadow sample."""

import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from flags.change.edit import with_percent, with_user
from flags.evaluate.hashing import bucket, percentile
from flags.model import V2_FLAG
from tests.flags.documents import ask_sdk, decider, feature, nameable, split_at, users

IDS = [f"00000000-0000-4000-8000-{n:012d}" for n in range(100_000)]

tenths = st.integers(0, 1000).map(lambda tenth: tenth / 10)
some = settings(max_examples=60, deadline=None)


@given(tenths, tenths, st.lists(users, min_size=1, max_size=30))
@some
def test_the_same_user_and_flags_always_get_the_same_answer(percent: float, shadow: float, ids: list[str]) -> None:
    one, other = split_at(percent, shadow), split_at(percent, shadow)
    assert one.document.revision == other.document.revision
    assert [one.decide(user) for user in ids] == [other.decide(user) for user in reversed(ids)][::-1]


@pytest.mark.parametrize(
    "strategy",
    [
        {"name": "flexibleRollout", "parameters": {"rollout": "50", "stickiness": "random", "groupId": V2_FLAG}},
        {"name": "gradualRolloutRandom", "parameters": {"percentage": "50"}},
    ],
)
def test_a_flag_that_draws_lots_draws_them_once_a_user(strategy: dict[str, object]) -> None:
    split = decider(feature(V2_FLAG, strategy))
    once = [split.decide(user) for user in IDS[:500]]
    assert once == [split.decide(user) for user in IDS[:500]]
    assert {decision.pipeline for decision in once} == {"v1", "v2"}
    assert once[0].dial == 50


@given(tenths, tenths, st.lists(users, min_size=1, max_size=30))
@some
def test_raising_the_dial_moves_nobody_back_to_v1(one: float, other: float, ids: list[str]) -> None:
    low, high = split_at(min(one, other)), split_at(max(one, other))
    for user in ids:
        if low.decide(user).pipeline == "v2":
            assert high.decide(user).pipeline == "v2"
        assert ask_sdk(low, user) is (low.decide(user).pipeline == "v2")


@given(tenths, nameable, nameable, users)
@some
def test_named_users_are_obeyed_at_any_dial(percent: float, chosen: str, spared: str, other: str) -> None:
    strategies = with_percent((), V2_FLAG, percent)
    before = decider(feature(V2_FLAG, *strategies))
    strategies = with_user(with_user(strategies, V2_FLAG, chosen, "in"), V2_FLAG, spared, "out")
    after = decider(feature(V2_FLAG, *strategies))
    assert after.decide(spared).pipeline == "v1"
    if chosen != spared:
        assert after.decide(chosen).pipeline == "v2"
    if other not in {chosen, spared}:
        assert after.decide(other).pipeline == before.decide(other).pipeline


@given(st.text(max_size=30).filter(lambda text: text.isprintable()), users)
def test_a_bucket_lies_inside_its_percentile(group: str, user: str) -> None:
    assert bucket(group, user) // 100 + 1 == percentile(group, user)


@pytest.mark.parametrize("percent", [0.1, 1, 10, 50])
def test_the_split_is_as_large_as_the_dial_says(percent: float) -> None:
    split = split_at(percent)
    assert split.not_compiled == {}
    on = sum(split.decide(user).pipeline == "v2" for user in IDS)
    share = percent / 100
    bound = 4.5 * math.sqrt(len(IDS) * share * (1 - share))  # misses once in 150,000 fair splits
    assert abs(on - len(IDS) * share) <= bound


def test_the_dial_is_the_rollout_in_force() -> None:
    assert [split_at(percent).decide("u").dial for percent in (0, 0.1, 10, 100)] == [0, 0.1, 10, 100]
    assert decider(feature(V2_FLAG, *with_percent((), V2_FLAG, 50), enabled=False)).decide("u").dial == 0
    assert decider().decide("u").dial == 0


def test_the_shadow_sample_is_independent_of_the_split() -> None:
    split = split_at(50, 20)
    decisions = [split.decide(user) for user in IDS]
    for pipeline in ("v1", "v2"):
        shadows = [decision.shadow for decision in decisions if decision.pipeline == pipeline]
        sampled = sum(shadow is not None for shadow in shadows)
        assert abs(sampled - len(shadows) * 0.2) <= 4.5 * math.sqrt(len(shadows) * 0.2 * 0.8)
        same = shadows.count("same")
        assert abs(same - sampled * 0.1) <= 4.5 * math.sqrt(sampled * 0.1 * 0.9)


@pytest.mark.parametrize(("share", "kinds"), [(0.0, {None, "other"}), (100.0, {None, "same"})])
def test_the_share_that_reruns_its_own_pipeline_is_configurable(share: float, kinds: set[str | None]) -> None:
    split = decider(
        feature(V2_FLAG), feature("process-full-shadow", *with_percent((), "process-full-shadow", 50)), same_share=share
    )
    assert {split.decide(user).shadow for user in IDS[:500]} == kinds
