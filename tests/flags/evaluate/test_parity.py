"""What is served is the SDK's own answer: for flags as the gateway writes them, all others, and Unleash's own cases."""

import json
import re
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bench.decision import compare_answers
from flags.document.document import BadDocument, RawDocument
from flags.evaluate.compiled import NotCompiled, compile_feature
from flags.evaluate.decider import Decider
from flags.evaluate.flag import Flag, Sdk, build_flag
from flags.model import V2_FLAG
from tests.amount import amount
from tests.flags.documents import ask_sdk, decider, document, feature, odd_strategies, our_strategies, users
from tests.unleash_server import npm_package

quick = settings(max_examples=amount(50, 150), deadline=None, suppress_health_check=[HealthCheck.too_slow])


def is_on(split: Decider, user: str) -> bool:
    return split.flags[V2_FLAG].is_on(user)


@given(our_strategies, st.lists(users, min_size=1, max_size=12), st.booleans())
@quick
def test_what_the_gateway_writes_is_compiled_and_answers_as_the_sdk(
    strategies: list[Any], ids: list[str], enabled: bool
) -> None:
    split = decider(feature(V2_FLAG, *strategies, enabled=enabled))
    assert split.not_compiled == {}
    assert [is_on(split, user) for user in ids] == [ask_sdk(split, user) for user in ids]


def test_thousands_of_compiled_answers_are_the_sdks() -> None:
    asked, foreign, refused, wrong = compare_answers(amount(3_000, 8_000), seed=2)
    assert wrong == []
    assert (asked >= amount(3_000, 8_000), foreign > 0, refused > 0) == (True, True, True)


@given(st.lists(odd_strategies, min_size=1, max_size=2), st.lists(users, min_size=1, max_size=12))
@quick
def test_empty_missing_and_odd_values_of_every_field_answer_as_the_sdk_or_are_refused_by_name(
    strategies: list[Any], ids: list[str]
) -> None:
    read = document(feature(V2_FLAG, *strategies))
    assert set(read.parts) | set(read.broken) == {V2_FLAG}
    if V2_FLAG in read.broken:
        assert V2_FLAG in read.broken[V2_FLAG]
        return
    try:
        split = decider(feature(V2_FLAG, *strategies))
    except BadDocument:
        with pytest.raises(NotCompiled):
            compile_feature(read.parts[V2_FLAG].feature)
        return
    assert [is_on(split, user) for user in ids] == [ask_sdk(split, user) for user in ids]


@pytest.mark.parametrize("percent", [0, 1, 3, *range(9, 100, amount(15, 3)), 99, 100])
def test_an_empty_group_is_hashed_at_every_dial_as_the_sdk_does(percent: int) -> None:
    parameters = {"rollout": str(percent), "stickiness": "userId", "groupId": ""}
    split = decider(feature(V2_FLAG, {"name": "flexibleRollout", "parameters": parameters}))
    assert not split.flags[V2_FLAG].compiled
    ids = [f"u{n}" for n in range(100)]
    assert [is_on(split, user) for user in ids] == [ask_sdk(split, user) for user in ids]


def test_raising_a_dial_of_an_empty_group_moves_nobody_back() -> None:
    """Compiled at one dial and read by the SDK at the next, users were hashed into another group."""
    on: set[str] = set()
    for percent in (1, 2, 3, 10, 50):
        parameters = {"rollout": str(percent), "stickiness": "userId", "groupId": ""}
        split = decider(feature(V2_FLAG, {"name": "flexibleRollout", "parameters": parameters}))
        now = {user for user in (f"u{n}" for n in range(400)) if split.decide(user).pipeline == "v2"}
        assert on <= now
        on = now


@pytest.mark.parametrize(
    ("strategy", "named"),
    [
        ({"parameters": {"rollout": "50", "stickiness": "sessionId", "groupId": "g"}}, "sticky on 'sessionId'"),
        ({"parameters": {"rollout": "50", "stickiness": "userId", "groupId": ""}}, "the group ''"),
        ({"parameters": {"rollout": "50", "stickiness": "userId"}}, "the group None"),
        ({"name": "gradualRolloutSessionId", "parameters": {"percentage": "50", "groupId": "g"}}, "strategy gradual"),
        ({"name": "default", "segments": [7]}, "strategy default"),
        (
            {
                "parameters": {"rollout": "100", "stickiness": "userId", "groupId": "g"},
                "constraints": [
                    {"contextName": "currentTime", "operator": "DATE_AFTER", "value": "2099-01-01T00:00:00Z"}
                ],
            },
            "a constraint on currentTime (DATE_AFTER)",
        ),
        (
            {
                "parameters": {"rollout": "100", "stickiness": "userId", "groupId": "g"},
                "constraints": [{"contextName": "userId", "operator": "IN", "values": ['"']}],
            },
            "a constraint on userId (IN)",
        ),
    ],
)
def test_what_the_gateway_never_writes_is_left_to_the_sdk_and_named(strategy: dict[str, Any], named: str) -> None:
    split = decider(feature(V2_FLAG, {"name": "flexibleRollout", **strategy}))
    (warning,) = split.rollout.warnings
    assert named in warning
    assert split.decide('"').pipeline in {"v1", "v2"}


@pytest.mark.parametrize(
    ("strategy", "dial"),
    [
        ({"parameters": {"rollout": "50", "stickiness": "sessionId", "groupId": "g"}}, 0),
        ({"parameters": {"rollout": "50", "stickiness": "userId"}}, 50),
        (
            {
                "parameters": {"rollout": "100", "stickiness": "userId", "groupId": "g"},
                "constraints": [
                    {"contextName": "currentTime", "operator": "DATE_AFTER", "value": "2099-01-01T00:00:00Z"}
                ],
            },
            0,
        ),
    ],
)
def test_the_dial_of_a_decision_is_what_is_served(strategy: dict[str, Any], dial: float) -> None:
    split = decider(feature(V2_FLAG, {"name": "flexibleRollout", **strategy}))
    assert split.decide("u").dial == split.rollout.dial == dial
    measured = split.rollout.addressed.measured
    assert measured is not None
    assert abs(measured - dial) < 10


def test_a_parent_that_is_off_is_seen_in_the_dial() -> None:
    ours = {"name": "flexibleRollout", "parameters": {"rollout": "80", "stickiness": "userId", "groupId": V2_FLAG}}
    split = decider(feature(V2_FLAG, ours, dependencies=[{"feature": "parent"}]), feature("parent", enabled=False))
    assert (split.rollout.percent, split.rollout.dial, split.decide("u").pipeline) == (80, 0, "v1")
    assert "a dependency on the flag parent" in split.rollout.warnings[0]


def test_segments_are_served_as_the_sdk_reads_them() -> None:
    segment = {"id": 7, "constraints": [{"contextName": "userId", "operator": "STR_ENDS_WITH", "values": ["@here"]}]}
    split = decider(feature(V2_FLAG, {"name": "default", "segments": [7]}), segments=(segment,))
    for user, pipeline in (("a@here", "v2"), ("a@there", "v1")):
        assert split.decide(user).pipeline == pipeline
        assert ask_sdk(split, user) is (pipeline == "v2")


def test_disabled_strategies_do_not_count() -> None:
    everybody = {"name": "default", "disabled": True}
    assert decider(feature(V2_FLAG, everybody)).decide("u").pipeline == "v1"
    named = {"name": "userWithId", "parameters": {"userIds": "vip"}}
    split = decider(feature(V2_FLAG, everybody, named))
    assert (split.decide("vip").pipeline, split.decide("u").pipeline) == ("v2", "v1")


def specification() -> Iterator[tuple[str, Flag, str, bool]]:
    """The cases that can be asked about a user: (what, flag, user id, expected).

    Most constraint cases are about some other single field: asked about the user id, the answer must be the same.
    """
    folder = npm_package("@unleash/client-specification", "6.1.0", "client-specification") / "specifications"
    for name in json.loads((folder / "index.json").read_text()):
        suite = json.loads((folder / name).read_text())
        if "features" not in suite.get("state", {}):
            continue
        for case in suite.get("tests", []):
            context = {**case["context"], **case["context"].get("properties", {})}
            state = json.dumps(suite["state"])
            fields = set(re.findall(r'"contextName": "([^"]+)"', state_of(suite, case["toggleName"])))
            if "userId" not in context and len(fields) == 1:
                state = state.replace(f'"contextName": "{next(iter(fields))}"', '"contextName": "userId"')
                context["userId"] = context.get(next(iter(fields)))
                fields = {"userId"}
            if fields - {"userId"}:
                continue  # about other fields too, which a decision does not know
            if context.get("userId") and (flag := flag_in(state, case["toggleName"])) is not None:
                yield case["description"], flag, context["userId"], case["expectedResult"]


def flag_in(state: str, name: str) -> Flag | None:
    """One of a suite's flags."""
    said = json.loads(state)
    part = RawDocument(said["features"], said.get("segments", [])).part(name)
    return None if part is None else build_flag(part, Sdk())


def state_of(suite: Any, flag: str) -> str:
    features = [item for item in suite["state"]["features"] if item["name"] == flag]
    return json.dumps([features, suite["state"].get("segments", []) if "segments" in json.dumps(features) else []])


@pytest.mark.unleash
def test_the_specifications_own_cases() -> None:
    asked = 0
    for description, flag, user, expected in specification():
        asked += 1
        assert flag.is_on(user) is expected, description
    assert asked >= 49
