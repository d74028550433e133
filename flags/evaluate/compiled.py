"""A flag of the form that the gateway writes, compiled to one function of the user id; all others are the SDK's."""

import re
from collections.abc import Callable, Sequence

from flags.document.document import Constraint, Feature, Strategy
from flags.document.rollout import group_of, is_plain
from flags.evaluate.hashing import bucket_of, digest

IsOn = Callable[[str], bool]

_PERCENT = re.compile(r"0|[1-9]\d?|100")
_BUCKETS = re.compile(r"0|[1-9]\d{0,4}")
STICKY = ("userId", "default")
PARAMETERS = {"rollout", "stickiness", "groupId"}


class NotCompiled(Exception):
    """This flag holds something that the gateway never writes; the message says what."""


def compile_feature(feature: Feature) -> IsOn:
    """A function that says whether the flag is on for a user. Raises NotCompiled.

    What decides whether a flag is compiled is its form alone, never its percentage or somebody's answer: a dial that
    is moved keeps the engine and the hash that it had.
    """
    if found := foreign_parts(feature):
        raise NotCompiled("; ".join(found))
    if not feature.enabled:
        return lambda _user: False
    if not feature.strategies:
        return lambda _user: True
    return _any_of([_compile_strategy(strategy) for strategy in feature.strategies])


def foreign_parts(feature: Feature) -> tuple[str, ...]:
    """What in a flag the gateway never writes, in words; such a flag is served as Unleash's own SDK reads it."""
    parents = [f"a dependency on the flag {parent.feature}" for parent in feature.dependencies or ()]
    found = [part for strategy in feature.strategies or () for part in _foreign_in(strategy)]
    groups = {strategy.parameter("groupId") for strategy in feature.strategies or ()}
    several = ["several groups"] if len(groups) > 1 and not found else []
    return tuple(dict.fromkeys([*parents, *found, *several]))


def _foreign_in(strategy: Strategy) -> list[str]:
    if strategy.name != "flexibleRollout":
        return [f"strategy {strategy.name}"]
    found = []
    parameters = strategy.parameters or {}
    if not _PERCENT.fullmatch(strategy.parameter("rollout") or ""):
        found.append(f"a rollout of {parameters.get('rollout')!r}")
    if strategy.parameter("stickiness") not in STICKY:
        found.append(f"sticky on {parameters.get('stickiness')!r}")
    group = strategy.parameter("groupId")
    if not group or not is_plain(group):
        found.append(f"the group {parameters.get('groupId')!r}")
    found += [f"a parameter {name}" for name in parameters if name not in PARAMETERS]
    found += [f"segment {number}" for number in strategy.segments or ()]
    return found + [_name_of(item) for item in strategy.constraints or () if not _is_ours(item)]


def _is_ours(constraint: Constraint) -> bool:
    values = constraint.values or ()
    if constraint.inverted or constraint.case_insensitive:
        return False
    match constraint.context_name, constraint.operator:
        case "userId", ("IN" | "NOT_IN"):
            return bool(values) and constraint.value is None and all(map(is_plain, values))
        case "bucket", "NUM_LT":
            return not values and bool(_BUCKETS.fullmatch(constraint.value or ""))
        case _:
            return False


def _name_of(constraint: Constraint) -> str:
    how = " inverted" if constraint.inverted else ""
    return f"a constraint on {constraint.context_name} ({constraint.operator}{how})"


def _compile_strategy(strategy: Strategy) -> IsOn:
    """Cheap and selective tests first: the rollout turns most users away; its hash also gives the bucket."""
    limit = int(strategy.parameter("rollout") or "0")
    prefix = f"{strategy.parameter('groupId')}:".encode()
    constraints = strategy.constraints or ()
    lists = [_list_test(item) for item in constraints if item.context_name == "userId"]
    buckets = [int(item.value or "0") for item in constraints if item.context_name == "bucket"]
    if limit == 0 or (buckets and min(buckets) == 0):
        return lambda _user: False
    if buckets and min(buckets) < limit * 100:
        return _all_of([_below(prefix, min(buckets)), *lists])
    return _all_of([*([] if limit == 100 else [_within(prefix, limit)]), *lists])


def _within(prefix: bytes, limit: int) -> IsOn:
    return lambda user: digest(prefix + user.encode()) % 100 < limit


def _below(prefix: bytes, limit: int) -> IsOn:
    """A bucket below a limit lies within the percentage, because buckets nest in percentiles."""
    return lambda user: bucket_of(digest(prefix + user.encode())) < limit


def _list_test(constraint: Constraint) -> IsOn:
    members = frozenset(constraint.values or ())
    if constraint.operator == "IN":
        return members.__contains__
    return lambda user: user not in members


def _any_of(parts: Sequence[IsOn]) -> IsOn:
    match parts:
        case [only]:
            return only
        case [one, other]:
            return lambda user: one(user) or other(user)
        case _:
            return lambda user: any(part(user) for part in parts)


def _all_of(parts: Sequence[IsOn]) -> IsOn:
    match parts:
        case []:
            return lambda _user: True
        case [only]:
            return only
        case [one, other]:
            return lambda user: one(user) and other(user)
        case _:
            return lambda user: all(part(user) for part in parts)


__all__ = ["IsOn", "NotCompiled", "compile_feature", "foreign_parts", "group_of"]
