"""Which rows of the history are one turning off: by the flags, by the override, or by both, within two minutes."""

from collections.abc import Iterable
from datetime import timedelta
from typing import Final

from gateway.rollout.follower import is_rollback
from gateway.rollout.history import Entry

CHANGES: Final = frozenset({"rollout", "override", "base"})
TOGETHER: Final = timedelta(seconds=120)


def latest_off(entries: Iterable[Entry]) -> tuple[Entry, ...]:
    """The newest changes, if they are what turned everything off; newest first, as the entries come."""
    found: list[Entry] = []
    for entry in entries:
        if entry.what not in CHANGES:
            continue
        if not is_rollback(entry) or (found and found[0].at - entry.at > TOGETHER):
            break
        found.append(entry)
    return tuple(found)
