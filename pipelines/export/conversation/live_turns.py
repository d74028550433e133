"""The turns of a conversation that is kept as a list: in the order of time, or where turns name the one that they
follow, the branch that the user sees."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final

from pipelines.export.conversation.times import seconds
from pipelines.export.parts.decode import Turn
from pipelines.export.parts.wire import GrokResponse, WireMessage

_ROOTS: Final = frozenset(["", "00000000-0000-4000-8000-000000000000", "00000000-0000-0000-0000-000000000000"])


@dataclass(frozen=True, slots=True)
class _Place:
    """Where a turn stands in the list, and what it says about its order; the turn itself is not held."""

    n: int
    ident: str | None
    parent: str | None
    time: float | None


def live_turns(flat: Sequence[Turn], leaf: Any) -> Iterator[tuple[str, WireMessage]]:
    """(fallback id, message), newest first. `leaf` is the id of the last turn that the user sees, where it is known."""
    places = [place for n in range(len(flat)) if (place := _place(flat[n], n)) is not None]
    for n in _branch(places, leaf) if any(place.parent is not None for place in places) else _by_time(places):
        wire = _wire(flat[n])
        if wire is not None:
            yield f"message-{n}", wire


def _place(turn: Turn, n: int) -> _Place | None:
    wire = _wire(turn)
    if wire is None:
        return None
    time = seconds(wire.create_time) or seconds(wire.created_at)
    return _Place(n, _name(wire.uuid), _name(wire.parent_message_uuid), time)


def _wire(turn: Turn) -> WireMessage | None:
    if not isinstance(turn, GrokResponse):
        return turn
    said = turn.response
    if said is None:
        return None
    return WireMessage(id=said.response_id, text=said.message, sender=said.sender, create_time=said.create_time)


def _name(value: Any) -> str | None:
    return value if isinstance(value, str) else None


def _by_time(places: list[_Place]) -> Iterator[int]:
    """As they stand in the file, unless each has a time: then the latest first."""
    order = places
    if all(place.time is not None for place in places):
        order = sorted(places, key=lambda place: place.time or 0.0)
    yield from (place.n for place in reversed(order))


def _branch(places: list[_Place], leaf: Any) -> Iterator[int]:
    """From the leaf up to the root. A turn whose parent is not in the file follows the one before it there."""
    by_name = {place.ident: at for at, place in enumerate(places) if place.ident is not None}
    followed = {place.parent for place in places}
    leaves = [at for at, place in enumerate(places) if place.ident not in followed] or list(range(len(places)))
    at = by_name.get(leaf) if isinstance(leaf, str) else None
    if at is None:
        at = max(leaves, key=lambda at: (places[at].time or 0.0, at))
    seen: set[int] = set()
    while at is not None and at not in seen:
        seen.add(at)
        yield places[at].n
        at = _parent(places, at, by_name)


def _parent(places: list[_Place], at: int, by_name: dict[str, int]) -> int | None:
    parent = places[at].parent
    if parent in by_name:
        return by_name[parent]
    return None if parent is None or parent in _ROOTS or at == 0 else at - 1
