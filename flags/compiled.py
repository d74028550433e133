"""A flag compiled to one function of the user id, a hundred times faster than the SDK, with the same answers. Pure."""

import re
from collections.abc import Callable, Mapping

from flags.constraints import NotCompiled, Test, compile_constraint
from flags.document import Constraint, Feature, Segment, Strategy
from flags.hashing import bucket_of, digest

IsOn = Callable[[str], bool]

_PERCENT = re.compile(r"0|[1-9]\d?|100")
_PLAIN_ID = re.compile(r'[^"\\\x00-\x1f]*')
_PERCENT_PARAMETER = {"flexibleRollout": "rollout", "gradualRolloutUserId": "percentage"}


def group_of(feature: Feature) -> str:
    """The group whose hash cuts this flag's buckets: its first rollout's group, else its name."""
    for strategy in feature.strategies or ():
        if strategy.name in _PERCENT_PARAMETER and (group := strategy.parameter("groupId")):
            return group
    return feature.name


def compile_feature(feature: Feature, segments: Mapping[int, Segment]) -> IsOn:
    """A function that says whether the flag is on for a user. Raises NotCompiled."""
    if not feature.enabled:
        return lambda _user: False
    if feature.dependencies:
        raise NotCompiled("depends on another flag")
    if not feature.strategies:
        return lambda _user: True
    parts = [_compile_strategy(strategy, feature, segments) for strategy in feature.strategies]
    return parts[0] if len(parts) == 1 else _any_of(tuple(parts))


def _any_of(parts: tuple[IsOn, ...]) -> IsOn:
    def is_on(user: str) -> bool:
        return any(part(user) for part in parts)

    return is_on


def _compile_strategy(strategy: Strategy, feature: Feature, segments: Mapping[int, Segment]) -> IsOn:
    reached = _reach(strategy, feature)
    tests = tuple(compile_constraint(constraint) for constraint in _constraints(strategy, segments))
    if not tests:
        return reached
    return _constrained(reached, tests, f"{group_of(feature)}:".encode())


def _constraints(strategy: Strategy, segments: Mapping[int, Segment]) -> tuple[Constraint, ...]:
    constraints = strategy.constraints or ()
    for segment_id in strategy.segments or ():
        if segment_id not in segments:
            raise NotCompiled(f"segment {segment_id} is not in the document")
        constraints += segments[segment_id].constraints
    return constraints


def _constrained(reached: IsOn, tests: tuple[Test, ...], prefix: bytes) -> IsOn:
    def is_on(user: str) -> bool:
        bucket = bucket_of(digest(prefix + user.encode()))
        return all(test(user, bucket) for test in tests) and reached(user)

    return is_on


def _reach(strategy: Strategy, feature: Feature) -> IsOn:
    match strategy.name:
        case "default":
            return lambda _user: True
        case "userWithId":
            return _listed(strategy)
        case "flexibleRollout" | "gradualRolloutUserId":
            return _rollout(strategy, feature)
        case name:
            raise NotCompiled(f"strategy {name}")


def _listed(strategy: Strategy) -> IsOn:
    text = strategy.parameter("userIds")
    if text is None or not _PLAIN_ID.fullmatch(text):
        raise NotCompiled("user ids that are not plain text")
    return frozenset(part.strip() for part in text.split(",")).__contains__


def _rollout(strategy: Strategy, feature: Feature) -> IsOn:
    text = strategy.parameter(_PERCENT_PARAMETER[strategy.name])
    if text is None or not _PERCENT.fullmatch(text):
        raise NotCompiled(f"rollout {text!r}")
    flexible = strategy.name == "flexibleRollout"
    if flexible and strategy.parameter("stickiness") not in {None, "default", "userId"}:
        raise NotCompiled("sticky on something else than the user")
    group = strategy.parameter("groupId") or (feature.name if flexible else None)
    if group is None or not _PLAIN_ID.fullmatch(group):
        raise NotCompiled(f"group {group!r}")
    limit, prefix = int(text), f"{group}:".encode()
    return lambda user: digest(prefix + user.encode()) % 100 < limit
