"""The flag document (Unleash's client-features format): read, checked, cut down to the flags that matter."""

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import msgspec

from flags.model import V2_NAMES, FlagNames

Json = dict[str, Any]


class BadDocument(ValueError):
    """Not a flag document; the message says what is wrong with it, and where."""


class Constraint(msgspec.Struct, frozen=True, rename="camel"):
    """A condition on one field of the context. `values` serves the set and text operators, `value` the numeric ones."""

    context_name: str
    operator: str
    values: tuple[str, ...] | None = None
    value: str | None = None
    inverted: bool = False
    case_insensitive: bool = False


class Strategy(msgspec.Struct, frozen=True, rename="camel"):
    """One way to be on. A flag is on for a user if any of its strategies is."""

    name: str
    parameters: dict[str, Any] | None = None
    constraints: tuple[Constraint, ...] | None = None
    segments: tuple[int, ...] | None = None
    disabled: bool | None = None
    title: str | None = None

    def parameter(self, key: str) -> str | None:
        """A parameter as the engine takes it: text, or nothing."""
        value = (self.parameters or {}).get(key)
        return value if isinstance(value, str) else None


class Parent(msgspec.Struct, frozen=True):
    """A flag that this one depends on."""

    feature: str


class Feature(msgspec.Struct, frozen=True):
    """One flag."""

    name: str
    enabled: bool
    strategies: tuple[Strategy, ...] | None = None
    dependencies: tuple[Parent, ...] | None = None


class Segment(msgspec.Struct, frozen=True):
    """Constraints that several strategies share by id."""

    id: int
    constraints: tuple[Constraint, ...] = ()


class _Shape(msgspec.Struct, frozen=True):
    features: tuple[Feature, ...]
    segments: tuple[Segment, ...] | None = None


@dataclass(frozen=True, slots=True)
class FlagDocument:
    """A good document: typed for us, and as JSON for the engine."""

    revision: str  # a hash of what it says: equal content, equal revision
    features: Mapping[str, Feature]
    segments: Mapping[int, Segment]
    engine_json: str  # only our flags, those that they depend on, and their segments
    names: FlagNames = V2_NAMES


def read_document(body: bytes, names: FlagNames = V2_NAMES) -> FlagDocument:
    """Parse and check; other flags than `names` and what they depend on are left out. Raises BadDocument."""
    try:
        raw = msgspec.json.decode(body)
        shape = msgspec.convert(raw, _Shape)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
        raise BadDocument(f"not a flag document: {error}") from error
    if len({feature.name for feature in shape.features}) != len(shape.features):
        raise BadDocument("not a flag document: two flags have the same name")
    wanted = _with_parents(names, {feature.name: feature for feature in shape.features})
    settled = [_settled(feature) for feature in raw["features"] if feature["name"] in wanted]
    features = {feature["name"]: msgspec.convert(feature, Feature) for feature in settled}
    used = {
        number for feature in features.values() for one in feature.strategies or () for number in one.segments or ()
    }
    segments = {segment.id: segment for segment in shape.segments or () if segment.id in used}
    return FlagDocument(
        revision=name_content(features.values(), segments.values()),
        features=features,
        segments=segments,
        engine_json=msgspec.json.encode(
            {
                "version": 2,
                "features": settled,
                "segments": [segment for segment in raw.get("segments") or [] if segment["id"] in used],
            }
        ).decode(),
        names=names,
    )


def name_content(features: Iterable[Feature], segments: Iterable[Segment] = ()) -> str:
    """A short name for what the flags say, not for how: equal in all processes, whatever other flags do meanwhile."""
    said = (
        [_bare(feature) for feature in sorted(features, key=lambda feature: feature.name)],
        sorted(segments, key=lambda segment: segment.id),
    )
    return hashlib.sha256(msgspec.json.encode(said, order="sorted")).hexdigest()[:12]


def _bare(feature: Feature) -> Feature:
    """Without what only some of Unleash's APIs tell: titles, and empty lists in place of nothing."""
    strategies = tuple(
        msgspec.structs.replace(
            strategy,
            title=None,
            disabled=None,
            segments=strategy.segments or None,
            constraints=tuple(
                msgspec.structs.replace(constraint, values=constraint.values or None)
                for constraint in strategy.constraints or ()
            ),
        )
        for strategy in feature.strategies or ()
    )
    return msgspec.structs.replace(feature, strategies=strategies, dependencies=feature.dependencies or None)


def _with_parents(names: FlagNames, features: Mapping[str, Feature]) -> set[str]:
    wanted, queue = set[str](), [name for name in names.both if name in features]
    while queue:
        name = queue.pop()
        wanted.add(name)
        parents = (parent.feature for parent in features[name].dependencies or ())
        queue += [parent for parent in parents if parent in features and parent not in wanted]
    return wanted


def _settled(feature: Json) -> Json:
    """The flag as we let the engine see it: without disabled strategies (which it would take for enabled ones; the
    server leaves them out as well), and without chance: the same user must always get the same answer."""
    strategies = feature.get("strategies") or []
    alive = [_sticky(strategy) for strategy in strategies if not strategy.get("disabled")]
    none_left = bool(strategies) and not alive
    return {**feature, "enabled": feature["enabled"] and not none_left, "strategies": alive}


def _sticky(strategy: Json) -> Json:
    """A strategy that draws lots at each question draws them by user instead."""
    parameters = strategy.get("parameters") or {}
    if strategy["name"] == "flexibleRollout" and parameters.get("stickiness") == "random":
        return {**strategy, "parameters": {**parameters, "stickiness": "userId"}}
    if strategy["name"] == "gradualRolloutRandom":
        sticky = {"rollout": parameters.get("percentage"), "stickiness": "userId"}
        return {**strategy, "name": "flexibleRollout", "parameters": {**parameters, **sticky}}
    return strategy
