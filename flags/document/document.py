"""The flag document (Unleash's client-features format): read, checked, cut down to the flags that matter."""

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, TypeVar

import msgspec

from flags.model import TWO_VERSIONS, Versions

Json = dict[str, Any]
T = TypeVar("T")


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


@dataclass(frozen=True, slots=True)
class FlagPart:
    """One of our flags, with all that it needs: the flags that it depends on, and their segments."""

    feature: Feature
    parents: tuple[Feature, ...]
    segments: tuple[Segment, ...]
    raw_features: tuple[Json, ...]  # the flag and its parents as the engine may see them
    raw_segments: tuple[Json, ...]

    @property
    def engine_json(self) -> str:
        """For an engine that answers for this flag alone."""
        return _encode(self.raw_features, self.raw_segments)


@dataclass(frozen=True, slots=True)
class FlagDocument:
    """What of a document can be used: each of our flags read for itself, and the names of those that cannot be read."""

    revision: str  # a hash of what it says: equal content, equal revision
    parts: Mapping[str, FlagPart]
    broken: Mapping[str, str]  # our flags that cannot be read, and why
    versions: Versions = TWO_VERSIONS  # whose flags were read

    @property
    def features(self) -> dict[str, Feature]:
        """Our flags and those that they depend on."""
        parents = {parent.name: parent for part in self.parts.values() for parent in part.parents}
        return {**parents, **{name: part.feature for name, part in self.parts.items()}}

    @property
    def engine_json(self) -> str:
        """All of it again, to be kept and read later."""
        features = {raw["name"]: raw for part in self.parts.values() for raw in reversed(part.raw_features)}
        segments = {raw["id"]: raw for part in self.parts.values() for raw in part.raw_segments}
        return _encode(features.values(), segments.values())


def read_document(body: bytes, versions: Versions = TWO_VERSIONS) -> FlagDocument:
    """Parse; our flags are each read for themselves, what others do does not matter. Raises BadDocument."""
    try:
        raw = msgspec.json.decode(body)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
        raise BadDocument(f"not a flag document: {error}") from error
    if not isinstance(raw, dict) or not isinstance(raw.get("features"), list):
        raise BadDocument("not a flag document: an object with a list of `features` is expected")
    source = RawDocument(raw["features"], raw.get("segments") or [])
    parts: dict[str, FlagPart] = {}
    broken: dict[str, str] = {}
    for flag in versions.flags:
        try:
            if (part := source.part(flag)) is not None:
                parts[flag] = part
        except BadDocument as error:
            broken[flag] = str(error)
    return assemble(parts, broken, versions)


def assemble(parts: Mapping[str, FlagPart], broken: Mapping[str, str], versions: Versions) -> FlagDocument:
    """A document of parts that may have come at different times."""
    features = {parent.name: parent for part in parts.values() for parent in part.parents}
    features |= {name: part.feature for name, part in parts.items()}
    segments = {segment.id: segment for part in parts.values() for segment in part.segments}
    return FlagDocument(name_content(features.values(), segments.values()), parts, broken, versions)


class RawDocument:
    """The flags and segments of a document, by name and id, as they came."""

    def __init__(self, features: list[Any], segments: Any) -> None:
        self._features: dict[str, list[Any]] = {}
        self._nameless = 0
        for feature in features:
            name = feature.get("name") if isinstance(feature, dict) else None
            if isinstance(name, str):
                self._features.setdefault(name, []).append(feature)
            else:
                self._nameless += 1
        self._segments = segments if isinstance(segments, list) else []

    def part(self, flag: str) -> FlagPart | None:
        """One flag with what it needs; None if there is no such flag. Raises BadDocument."""
        if flag not in self._features:
            if self._nameless:
                raise BadDocument(
                    f"{flag} is missing, and {self._nameless} flags have no `name`: it may be one of them"
                )
            return None
        raw, found = list[Json](), list[Feature]()
        queue = [flag]
        while queue:
            name = queue.pop(0)
            if name in {feature.name for feature in found} or name not in self._features:
                continue
            feature, settled = self._read(name)
            found.append(feature)
            raw.append(settled)
            queue += [parent.feature for parent in feature.dependencies or ()]
        segments = self._used(found)
        typed = tuple(_convert(flag, segment, Segment) for segment in segments)
        return FlagPart(found[0], tuple(found[1:]), typed, tuple(raw), tuple(segments))

    def _read(self, name: str) -> tuple[Feature, Json]:
        raw, *more = self._features[name]
        if more:
            raise BadDocument(f"{name}: two flags have the same name")
        _convert(name, raw, Feature)
        settled = _settled(raw)
        return _convert(name, settled, Feature), settled

    def _used(self, features: Iterable[Feature]) -> list[Json]:
        used = {
            number
            for feature in features
            for strategy in feature.strategies or ()
            for number in strategy.segments or ()
        }
        return [item for item in self._segments if isinstance(item, dict) and item.get("id") in used]


def _convert(flag: str, raw: Any, form: type[T]) -> T:
    try:
        return msgspec.convert(raw, form)
    except (msgspec.MsgspecError, RecursionError) as error:
        raise BadDocument(f"{flag}: {error}") from error


def _encode(features: Iterable[Json], segments: Iterable[Json]) -> str:
    return msgspec.json.encode({"version": 2, "features": list(features), "segments": list(segments)}).decode()


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


def _settled(feature: Json) -> Json:
    """The flag as we let the engine see it: without disabled strategies (which it would take for enabled ones; the
    server leaves them out as well), and without chance: the same user must always get the same answer."""
    strategies = feature.get("strategies") or []
    alive = [_sticky(feature["name"], strategy) for strategy in strategies if not strategy.get("disabled")]
    none_left = bool(strategies) and not alive
    return {**feature, "enabled": feature["enabled"] and not none_left, "strategies": alive}


def _sticky(flag: str, strategy: Json) -> Json:
    """A strategy that draws lots at each question draws them by user instead."""
    parameters = strategy.get("parameters") or {}
    if strategy["name"] == "flexibleRollout" and parameters.get("stickiness") == "random":
        return {**strategy, "parameters": {**parameters, "stickiness": "userId"}}
    if strategy["name"] == "gradualRolloutRandom":
        group = parameters.get("groupId") or flag
        sticky = {"rollout": parameters.get("percentage"), "stickiness": "userId", "groupId": group}
        return {**strategy, "name": "flexibleRollout", "parameters": sticky}
    return strategy
