"""What undoes a change of the rollout: the inverse of its rows in the history, applied to the flags as they are now."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace

from flags.change.edit import Named
from flags.change.put_back import PutBack
from flags.model import Pipeline, Rollout
from gateway.rollout.rows import Json

Row = tuple[Json, Json]  # a row's `before` and `after`, as `rollout_json` makes them
FORCED = ("forced_in", "forced_out")


class NotUndoable(Exception):
    """There is nothing that would undo this; the message says why."""


@dataclass(frozen=True, slots=True)
class UndoPlan:
    """What is put back of each version's flag, and of the share that is compared."""

    flags: tuple[tuple[Pipeline, PutBack], ...]  # what gives a version to fewer users comes first
    shadow_percent: float | None  # None: as it is
    led_to: str  # the version of the rollout after the change: while it stands, nothing came after

    def on(self, rollout: Rollout) -> Rollout:
        """The rollout afterwards; only its `version` is not known before."""
        back = dict(self.flags)
        versions = (back.get(one.pipeline, PutBack()).on(one) for one in rollout.versions)
        shadow = rollout.shadow_percent if self.shadow_percent is None else self.shadow_percent
        return replace(rollout, versions=tuple(versions), shadow_percent=shadow)

    def reaches(self, before: Rollout) -> Collection[Pipeline]:
        """The versions that more users would get than now."""
        after = self.on(before)
        return [one.pipeline for one in after.ladder if one.dial > before.of(one.pipeline).dial]


def plan_undo(rows: Sequence[Row]) -> UndoPlan:
    """The inverse of one change, of which these are the rows: one a version. Raises NotUndoable."""
    named = sorted((row for row in rows if "candidate" in row[1]), key=_rises)
    flags = [(str(after["candidate"]), inverse_of(before, after)) for before, after in named]
    changed = [(version, back) for version, back in flags if back != PutBack()]
    shadows = {
        before["shadow_percent"] for before, after in rows if before["shadow_percent"] != after["shadow_percent"]
    }
    if not changed and not shadows:
        raise NotUndoable("what it changed is not in its row (a segment, a strategy): undo it where it was made")
    return UndoPlan(tuple(changed), next(iter(shadows), None), str(rows[0][1]["version"]))


def inverse_of(before: Json, after: Json) -> PutBack:
    """What puts one version's flag back. Raises NotUndoable."""
    if before.get("group") != after.get("group"):
        raise NotUndoable("it changed by which hash users are spread, which is put back where it was changed")
    turned = before["enabled"] != after["enabled"]
    same_percent = before["percent"] == after["percent"] and not (turned and before["enabled"])
    return PutBack(
        percent=None if same_percent else before["percent"],
        enabled=before["enabled"] if turned else None,
        named=tuple(_names(before, after)),
    )


def _names(before: Json, after: Json) -> Iterable[tuple[str, Named | None]]:
    """Users whom the change named, or whose name it took away, with what was said of them before."""
    users = dict.fromkeys(user for row in (before, after) for field in FORCED for user in row[field])
    for user in users:
        if (was := _named(before, user)) != _named(after, user):
            yield user, was


def _named(row: Json, user: str) -> Named | None:
    if user in row["forced_in"]:
        return "in"
    return "out" if user in row["forced_out"] else None


def _rises(row: Row) -> bool:
    """Would undoing it give the version to more users?"""
    before, after = row
    old, new = ((row["percent"] if row["enabled"] else 0.0) for row in (before, after))
    return bool(old > new)
