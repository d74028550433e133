"""Unleash's event log read backwards: what each flag was before and after each change, from what it is now."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from typing import Any

import msgspec

from flags.change.edit import FlagSetting, Strategies
from flags.document.document import Json

Settings = dict[str, FlagSetting | None]  # flag -> what is set; None: there is no such flag


class Event(msgspec.Struct, frozen=True, rename="camel"):
    """One line of the log. `group_id` is that of the transaction in which the change was made."""

    id: int
    type: str
    created_by: str = ""
    data: Any = None
    pre_data: Any = None
    feature_name: str | None = None
    environment: str | None = None
    group_id: str | None = None


class CannotUndo(Exception):
    """The flags are not what the log says, or it does not tell what they were before."""


@dataclass(frozen=True, slots=True)
class Replayed:
    """One change, with all flags before and after it."""

    author: str
    before: Settings
    after: Settings


def replay(now: Mapping[str, FlagSetting | None], events: Sequence[Event], environment: str) -> list[Replayed]:
    """`events`: newest first. The changes, oldest first. Raises CannotUndo.

    What was done in one transaction is one change; what says nothing about these flags here is none.
    """
    ours = [event for event in events if event.feature_name in now and event.environment in {None, environment}]
    settings, found = dict(now), list[Replayed]()
    for _, together in groupby(ours, key=lambda event: event.group_id or event.id):
        after, author = dict(settings), ""
        for event in together:
            flag, author = str(event.feature_name), event.created_by
            settings[flag] = undo(settings[flag], event)
        if settings != after:
            found.append(Replayed(author, dict(settings), after))
    return found[::-1]


def undo(setting: FlagSetting | None, event: Event) -> FlagSetting | None:
    """What the flag was before the event. Raises CannotUndo."""
    if event.type in {"feature-archived", "feature-deleted"}:
        raise CannotUndo(f"{event.type} does not tell what was there")
    if event.type in {"feature-created", "feature-revived"}:
        return None
    if event.type not in UNDONE:
        return setting
    if setting is None:
        raise CannotUndo(f"{event.type} of a flag that is not there")
    return UNDONE[event.type](setting, event)


def _off_again(setting: FlagSetting, _event: Event) -> FlagSetting:
    return _switched(setting, to=False)


def _on_again(setting: FlagSetting, _event: Event) -> FlagSetting:
    return _switched(setting, to=True)


def _switched(setting: FlagSetting, *, to: bool) -> FlagSetting:
    if setting.enabled == to:
        raise CannotUndo("the flag was switched again since")
    return replace(setting, enabled=to)


def _without_added(setting: FlagSetting, event: Event) -> FlagSetting:
    return replace(setting, strategies=tuple(_others(setting, _object(event.data))))


def _with_removed(setting: FlagSetting, event: Event) -> FlagSetting:
    return replace(setting, strategies=_in_order([*setting.strategies, _object(event.pre_data)]))


def _as_before_update(setting: FlagSetting, event: Event) -> FlagSetting:
    return replace(setting, strategies=_in_order([*_others(setting, _object(event.data)), _object(event.pre_data)]))


UNDONE = {
    "feature-environment-enabled": _off_again,
    "feature-environment-disabled": _on_again,
    "feature-strategy-add": _without_added,
    "feature-strategy-remove": _with_removed,
    "feature-strategy-update": _as_before_update,
}


def _others(setting: FlagSetting, left: Json) -> Iterator[Json]:
    """All strategies but the one that the event left behind, which must still be so."""
    same = [one for one in setting.strategies if one.get("id") == left.get("id")]
    if len(same) != 1 or _said(same[0]) != _said(left):
        raise CannotUndo("a strategy was changed again since")
    return (one for one in setting.strategies if one is not same[0])


def _said(strategy: Json) -> tuple[Any, ...]:
    """What of a strategy decides; the log and the flags leave out different empty fields."""
    lists = (strategy.get("constraints") or [], strategy.get("segments") or [])
    return strategy.get("name"), strategy.get("parameters") or {}, *lists, bool(strategy.get("disabled"))


def _in_order(strategies: Sequence[Json]) -> Strategies:
    return tuple(sorted(strategies, key=lambda one: one.get("sortOrder") or 0))


def _object(value: Any) -> Json:
    if not isinstance(value, dict):
        raise CannotUndo("the event does not tell what was there")
    return value
