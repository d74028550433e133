"""Flag documents for tests: by hand, and generated."""

import json
from typing import Any

from hypothesis import strategies as st

from flags.change.edit import with_percent
from flags.document.document import FlagDocument, read_document
from flags.evaluate.decider import Decider
from flags.model import SHADOW_FLAG, V2_FLAG

Json = dict[str, Any]


def feature(name: str, *strategies: Json, enabled: bool = True, **more: Any) -> Json:
    return {"name": name, "type": "release", "enabled": enabled, "strategies": list(strategies), **more}


def document(*features: Json, segments: tuple[Json, ...] = ()) -> FlagDocument:
    return read_document(json.dumps({"version": 2, "features": features, "segments": segments}).encode())


def decider(*features: Json, same_share: float = 10.0, segments: tuple[Json, ...] = ()) -> Decider:
    return Decider(
        document(*features, segments=segments), same_share=same_share, app_name="tests", environment="development"
    )


def split_at(percent: float, shadow: float = 0, *more: Json) -> Decider:
    """Both flags as the gateway makes them."""
    return decider(
        feature(V2_FLAG, *with_percent((), V2_FLAG, percent), *more),
        feature(SHADOW_FLAG, *with_percent((), SHADOW_FLAG, shadow)),
    )


# Users: as production has them (UUIDs), and as anybody may send them.
plain_text = st.text(st.characters(exclude_categories=("Cs", "Cc")), min_size=1, max_size=12)
users = st.one_of(st.uuids().map(str), plain_text, st.sampled_from(["u1", "u2", "U1", "user 3", "é", "a:b", "0", "42"]))

_values = st.lists(st.one_of(st.sampled_from(["u1", "u2", "U1", "user 3", "é", "4", "u", ""]), plain_text), max_size=4)
_clean_values = _values.map(lambda values: [value for value in values if '"' not in value and "\\" not in value])
_percents = st.integers(0, 100).map(str)
_groups = st.sampled_from([V2_FLAG, "another", "groupe é", "a:b"])


def _constraint(name: str, operator: str, inverted: bool, **said: Any) -> Json:
    return {"contextName": name, "operator": operator, "inverted": inverted, **said}


constraints = st.one_of(
    st.builds(
        _constraint,
        st.sampled_from(["userId", "bucket"]),
        st.sampled_from(["IN", "NOT_IN"]),
        st.booleans(),
        values=_clean_values,
    ),
    st.builds(
        _constraint,
        st.just("userId"),
        st.sampled_from(["STR_STARTS_WITH", "STR_ENDS_WITH", "STR_CONTAINS"]),
        st.booleans(),
        values=_clean_values.filter(bool),
    ),
    st.builds(
        _constraint,
        st.just("bucket"),
        st.sampled_from(["NUM_LT", "NUM_LTE", "NUM_GT", "NUM_GTE", "NUM_EQ"]),
        st.booleans(),
        value=st.one_of(st.integers(0, 10_000).map(str), st.sampled_from(["10.5", "0.25", "9999"])),
    ),
)


def _rollout(name: str, parameters: Json, said: list[Json]) -> Json:
    return {"name": name, "parameters": parameters, "constraints": said}


_said = st.lists(constraints, max_size=3)
known_strategies = st.one_of(
    st.builds(_rollout, st.just("default"), st.just({}), _said),
    st.builds(
        _rollout,
        st.just("flexibleRollout"),
        st.fixed_dictionaries(
            {"rollout": _percents, "stickiness": st.sampled_from(["userId", "default"])}, optional={"groupId": _groups}
        ),
        _said,
    ),
    st.builds(
        _rollout,
        st.just("gradualRolloutUserId"),
        st.fixed_dictionaries({"percentage": _percents, "groupId": _groups}),
        _said,
    ),
    st.builds(_rollout, st.just("userWithId"), _clean_values.map(lambda values: {"userIds": ", ".join(values)}), _said),
)

# What nobody should write, and somebody will.
odd_strategies = st.one_of(
    st.builds(
        _rollout,
        st.sampled_from(["default", "flexibleRollout", "userWithId", "gradualRolloutUserId", "somethingElse"]),
        st.dictionaries(
            st.sampled_from(["rollout", "percentage", "stickiness", "groupId", "userIds"]),
            st.sampled_from(["50", "100", "101", "-1", "0.5", "", "+5", "007", "random", "sessionId", 'a"b', "userId"]),
            max_size=4,
        ),
        st.lists(
            st.one_of(
                constraints,
                st.builds(
                    _constraint,
                    st.sampled_from(["userId", "bucket", "appName", "environment", "country", "currentTime"]),
                    st.sampled_from(["IN", "NOT_IN", "NUM_LT", "STR_CONTAINS", "SEMVER_EQ", "DATE_AFTER", "WHAT"]),
                    st.booleans(),
                    values=_values,
                    value=st.sampled_from(["1", "1.2.3", "2026-01-01T00:00:00Z", "x", ""]),
                    caseInsensitive=st.booleans(),
                ),
            ),
            max_size=2,
        ),
    ),
    known_strategies,
)
