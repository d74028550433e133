"""Flag documents for tests: by hand, and generated."""

import json
from typing import Any

from hypothesis import strategies as st

from flags.change.edit import with_percent
from flags.control import UNNAMEABLE
from flags.document.document import FlagDocument, read_document
from flags.document.rollout import group_of
from flags.evaluate.decider import Decider, decide_by
from flags.evaluate.flag import Sdk
from flags.evaluate.sdk import SdkEngine
from flags.model import SHADOW_FLAG, V2_FLAG

Json = dict[str, Any]


def feature(name: str, *strategies: Json, enabled: bool = True, **more: Any) -> Json:
    return {"name": name, "type": "release", "enabled": enabled, "strategies": list(strategies), **more}


def document(*features: Json, segments: tuple[Json, ...] = ()) -> FlagDocument:
    return read_document(json.dumps({"version": 2, "features": features, "segments": segments}).encode())


def decider(*features: Json, same_share: float = 10.0, segments: tuple[Json, ...] = ()) -> Decider:
    return decide_by(document(*features, segments=segments), same_share=same_share, sdk=Sdk("tests"))


def ask_sdk(split: Decider, user: str, flag: str = V2_FLAG) -> bool:
    """The SDK's own answer, compiled or not."""
    part = split.document.parts[flag]
    return SdkEngine(part, group_of(part.feature), "tests", "development").is_on(user)


def split_at(percent: float, shadow: float = 0, *more: Json) -> Decider:
    """Both flags as the gateway makes them."""
    return decider(
        feature(V2_FLAG, *with_percent((), V2_FLAG, percent), *more),
        feature(SHADOW_FLAG, *with_percent((), SHADOW_FLAG, shadow)),
    )


# Users: as production has them (UUIDs), and as anybody may send them.
plain_text = st.text(st.characters(exclude_categories=("Cs", "Cc")), min_size=1, max_size=12)
users = st.one_of(st.uuids().map(str), plain_text, st.sampled_from(["u1", "u2", "U1", "user 3", "é", "a:b", "0", "42"]))
nameable = users.filter(lambda user: UNNAMEABLE not in user)  # all that a flag may be told to name

_values = st.lists(st.one_of(st.sampled_from(["u1", "u2", "U1", "user 3", "é", "4", "u", ""]), plain_text), max_size=4)
_clean_values = _values.map(lambda values: [value for value in values if '"' not in value and "\\" not in value])
_groups = st.sampled_from([V2_FLAG, "another", "groupe é", "a:b"])


def _constraint(name: str, operator: str, **said: Any) -> Json:
    return {"contextName": name, "operator": operator, **said}


# The form that the gateway writes.
constraints = st.one_of(
    st.builds(_constraint, st.just("userId"), st.sampled_from(["IN", "NOT_IN"]), values=_clean_values.filter(bool)),
    st.builds(_constraint, st.just("bucket"), st.just("NUM_LT"), value=st.integers(0, 10_001).map(str)),
)


def _rollout(name: Any, parameters: Any, said: Any) -> Json:
    return {"name": name, "parameters": parameters, "constraints": said}


def _in_group(group: str) -> st.SearchStrategy[list[Json]]:
    parameters = st.fixed_dictionaries(
        {
            "rollout": st.integers(0, 100).map(str),
            "stickiness": st.sampled_from(["userId", "default"]),
            "groupId": st.just(group),
        }
    )
    strategy = st.builds(_rollout, st.just("flexibleRollout"), parameters, st.lists(constraints, max_size=3))
    return st.lists(strategy, max_size=3)


our_strategies = _groups.flatmap(_in_group)  # all strategies of a flag in one group

# What nobody should write, and somebody will: every field empty, missing, of another kind, or odd.
_texts = st.sampled_from(
    ["", "0", "1", "3", "50", "100", "101", "-1", "0.5", "+5", "007", " 50", "random", "sessionId", "userId", "default",
     "u1,u2", 'a"b', "a\\b", V2_FLAG, "x" * 300]
)  # fmt: skip
_anything: st.SearchStrategy[Any] = st.one_of(_texts, _texts, _texts, st.sampled_from([None, 5, 0.5, True, [], {}]))
_parameters = st.one_of(
    st.dictionaries(
        st.sampled_from(["rollout", "percentage", "stickiness", "groupId", "userIds", "other"]), _anything, max_size=5
    ),
    st.fixed_dictionaries(
        {
            "rollout": st.sampled_from(["0", "1", "3", "50", "100"]),
            "stickiness": st.sampled_from(["userId", "default"]),
        },
        optional={"groupId": st.sampled_from(["", "g", V2_FLAG])},
    ),
    st.sampled_from([None, {}, [], "x"]),
)
_odd_constraints = st.one_of(
    constraints,
    st.fixed_dictionaries(
        {
            "contextName": st.sampled_from(
                ["userId", "bucket", "appName", "environment", "country", "currentTime", ""]
            ),
            "operator": st.sampled_from(
                [
                    "IN",
                    "NOT_IN",
                    "NUM_LT",
                    "NUM_GTE",
                    "STR_CONTAINS",
                    "STR_ENDS_WITH",
                    "SEMVER_EQ",
                    "DATE_AFTER",
                    "WHAT",
                ]
            ),
        },
        optional={
            "values": st.one_of(_values, st.sampled_from([None, "u1", [5]])),
            "value": st.one_of(
                st.sampled_from(["1", "1.2.3", "2099-01-01T00:00:00Z", "x", "", "1e2", None, 5]), _texts
            ),
            "inverted": st.booleans(),
            "caseInsensitive": st.booleans(),
        },
    ),
)
odd_strategies = st.builds(
    _rollout,
    st.sampled_from(
        ["default", "flexibleRollout", "flexibleRollout", "userWithId", "gradualRolloutUserId",
         "gradualRolloutSessionId", "gradualRolloutRandom", "somethingElse", ""]
    ),
    _parameters,
    st.one_of(st.lists(_odd_constraints, max_size=2), st.none()),
)  # fmt: skip
