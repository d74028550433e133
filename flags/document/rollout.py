"""Reads a rollout out of flag strategies, as a person would: percentage, named users, version."""

import re
from collections.abc import Iterable

from flags.document.document import Constraint, Feature, FlagDocument, Strategy, assemble, name_content
from flags.model import Pipeline, VersionRollout

PERCENT_PARAMETER = {"flexibleRollout": "rollout", "gradualRolloutUserId": "percentage"}
_WHOLE = re.compile(r"0|[1-9]\d?|100")
_PLAIN = re.compile(r'[^"\\\x00-\x1f]*')
_EVERYONE = 100.0


def read_version(version: Pipeline, feature: Feature) -> VersionRollout:
    """One version's flag, as its strategies say."""
    strategies = feature.strategies or ()
    return VersionRollout(
        pipeline=version,
        percent=percent_of(feature),
        enabled=feature.enabled,
        forced_in=_unique(user for strategy in strategies for user in named_users(strategy)),
        forced_out=_unique(user for strategy in strategies for user in excluded_users(strategy)),
        group=group_of(feature),
        content=name_content([feature]),
    )


def check_percentages(document: FlagDocument) -> FlagDocument:
    """Without flags that the engine would silently take for "off": numbers without quotes, fractions."""
    odd = {name: why for name, part in document.parts.items() if (why := _odd_percentage(part.feature))}
    parts = {name: part for name, part in document.parts.items() if name not in odd}
    return assemble(parts, {**document.broken, **odd}, document.versions) if odd else document


def _odd_percentage(feature: Feature) -> str | None:
    for strategy in feature.strategies or ():
        said = (strategy.parameters or {}).get("rollout")
        if strategy.name == "flexibleRollout" and not (isinstance(said, str) and _WHOLE.fullmatch(said)):
            return (
                f'{feature.name}: rollout {said!r} must be a whole percentage in quotes, like "25"; '
                "fractions are made by `gateway rollout set`"
            )
    return None


def is_plain(text: str) -> bool:
    """Whether the engine, which pastes values into a rule text, takes it as it stands."""
    return _PLAIN.fullmatch(text) is not None


def group_of(feature: Feature) -> str:
    """The group whose hash cuts this flag's buckets: its first rollout's group, else its name."""
    for strategy in feature.strategies or ():
        if strategy.name in PERCENT_PARAMETER and (group := strategy.parameter("groupId")) is not None:
            return group  # also an empty one: that is what Unleash hashes by
    return feature.name


def percent_of(feature: Feature) -> float:
    """The share that the flag reaches by chance: the widest strategy that names no users, 0 to 100."""
    if not feature.strategies:
        return _EVERYONE
    return max((strategy_percent(strategy) for strategy in feature.strategies if not is_list(strategy)), default=0.0)


def strategy_percent(strategy: Strategy) -> float:
    """One strategy's percentage: its whole percents, cut by a limit on the bucket (a hundredth of a percent each)."""
    whole = _whole_percent(strategy)
    limits = [_bucket_limit(constraint) for constraint in strategy.constraints or ()]
    return min([whole, *(limit for limit in limits if limit is not None)])


def is_list(strategy: Strategy) -> bool:
    """Whether the strategy is for users called by name."""
    return strategy.name == "userWithId" or any(names(constraint) for constraint in strategy.constraints or ())


def named_users(strategy: Strategy) -> tuple[str, ...]:
    """The users that a list strategy puts in."""
    if strategy.name == "userWithId":
        users = (part.strip() for part in (strategy.parameter("userIds") or "").split(","))
        return tuple(user for user in users if user)
    return tuple(
        user for constraint in strategy.constraints or () if names(constraint) for user in constraint.values or ()
    )


def excluded_users(strategy: Strategy) -> tuple[str, ...]:
    """The users that a rollout strategy leaves out by name."""
    return tuple(
        user for constraint in strategy.constraints or () if excludes(constraint) for user in constraint.values or ()
    )


def excludes(constraint: Constraint) -> bool:
    """Whether the constraint leaves users out by name."""
    return constraint.context_name == "userId" and constraint.operator == ("IN" if constraint.inverted else "NOT_IN")


def names(constraint: Constraint) -> bool:
    """Whether the constraint calls users in by name."""
    return constraint.context_name == "userId" and constraint.operator == ("NOT_IN" if constraint.inverted else "IN")


def _whole_percent(strategy: Strategy) -> float:
    match strategy.name:
        case "default":
            return _EVERYONE
        case "flexibleRollout":
            text = strategy.parameter("rollout")
        case "gradualRolloutUserId" | "gradualRolloutSessionId":
            text = strategy.parameter("percentage")
        case _:
            return 0.0
    return float(text) if text and _WHOLE.fullmatch(text) else 0.0


def _bucket_limit(constraint: Constraint) -> float | None:
    if constraint.context_name != "bucket" or constraint.operator != "NUM_LT" or constraint.inverted:
        return None
    try:
        return min(max(float(constraint.value or ""), 0.0), 10_000.0) / 100
    except ValueError:
        return None


def _unique(users: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(users))
