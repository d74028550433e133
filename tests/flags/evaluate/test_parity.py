"""The compiled decision gives the SDK's own answer: for generated flags, and for Unleash's own specification."""

import json
import re
from collections.abc import Iterator
from typing import Any

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from flags.document.document import Feature, Segment
from flags.evaluate.compiled import compile_feature
from flags.evaluate.constraints import NotCompiled
from flags.model import V2_FLAG
from tests.flags.documents import decider, document, feature, known_strategies, odd_strategies, users
from tests.unleash_server import npm_package

quick = settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])


@given(st.lists(known_strategies, max_size=3), st.lists(users, min_size=1, max_size=12), st.booleans())
@quick
def test_what_is_compiled_answers_as_the_sdk(strategies: list[Any], ids: list[str], enabled: bool) -> None:
    split = decider(feature(V2_FLAG, *strategies, enabled=enabled))
    assert split.not_compiled == {}
    compiled = compile_feature(split.document.features[V2_FLAG], {})
    assert [compiled(user) for user in ids] == [split.engine.is_on(V2_FLAG, user) for user in ids]


@given(st.lists(odd_strategies, min_size=1, max_size=3), st.lists(users, min_size=1, max_size=12))
@quick
def test_odd_flags_answer_as_the_sdk_too(strategies: list[Any], ids: list[str]) -> None:
    flags = document(feature(V2_FLAG, *strategies))
    try:
        compile_feature(flags.features[V2_FLAG], flags.segments)
    except NotCompiled:
        return
    split = decider(feature(V2_FLAG, *strategies))
    assert split.not_compiled == {}, "compiled, but not the same as the SDK"
    assert [split.split(user) for user in ids] == [split.engine.is_on(V2_FLAG, user) for user in ids]


@pytest.mark.parametrize(
    "strategy",
    [
        {"name": "flexibleRollout", "parameters": {"rollout": "50", "stickiness": "sessionId", "groupId": "g"}},
        {"name": "gradualRolloutSessionId", "parameters": {"percentage": "50", "groupId": "g"}},
        {"name": "default", "constraints": [{"contextName": "country", "operator": "IN", "values": ["pt"]}]},
        {"name": "default", "constraints": [{"contextName": "userId", "operator": "IN", "values": ['"']}]},
        {"name": "default", "segments": [7]},
    ],
)
def test_what_only_the_sdk_can_read_is_left_to_it(strategy: dict[str, Any]) -> None:
    split = decider(feature(V2_FLAG, strategy))
    assert V2_FLAG in split.not_compiled
    assert split.decide('"').pipeline in {"v1", "v2"}


def test_segments_are_compiled() -> None:
    segment = {"id": 7, "constraints": [{"contextName": "userId", "operator": "STR_ENDS_WITH", "values": ["@here"]}]}
    split = decider(feature(V2_FLAG, {"name": "default", "segments": [7]}), segments=(segment,))
    assert split.not_compiled == {}
    for user, pipeline in (("a@here", "v2"), ("a@there", "v1")):
        assert split.decide(user).pipeline == pipeline
        assert split.engine.is_on(V2_FLAG, user) is (pipeline == "v2")


def test_disabled_strategies_do_not_count() -> None:
    everybody = {"name": "default", "disabled": True}
    assert decider(feature(V2_FLAG, everybody)).decide("u").pipeline == "v1"
    named = {"name": "userWithId", "parameters": {"userIds": "vip"}}
    split = decider(feature(V2_FLAG, everybody, named))
    assert (split.decide("vip").pipeline, split.decide("u").pipeline) == ("v2", "v1")


def specification() -> Iterator[tuple[str, Feature, dict[int, Segment], str, bool]]:
    """The cases that can be asked about a user: (what, flag, segments, user id, expected).

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
            flags = {item["name"]: msgspec.convert(item, Feature) for item in json.loads(state)["features"]}
            parts = {item["id"]: msgspec.convert(item, Segment) for item in json.loads(state).get("segments", [])}
            if context.get("userId") and case["toggleName"] in flags:
                yield case["description"], flags[case["toggleName"]], parts, context["userId"], case["expectedResult"]


def state_of(suite: Any, flag: str) -> str:
    features = [item for item in suite["state"]["features"] if item["name"] == flag]
    return json.dumps([features, suite["state"].get("segments", []) if "segments" in json.dumps(features) else []])


@pytest.mark.unleash
def test_the_specifications_own_cases() -> None:
    compiled = 0
    for description, flag, segments, user, expected in specification():
        try:
            is_on = compile_feature(flag, segments)
        except NotCompiled:
            continue
        compiled += 1
        assert is_on(user) is expected, description
    assert compiled >= 30
