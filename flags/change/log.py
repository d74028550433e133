"""What the home of the flags tells of changes that were made there, one by one, with their authors."""

from dataclasses import dataclass

from flags.model import Rollout


@dataclass(frozen=True, slots=True)
class LoggedChange:
    """One change that somebody made."""

    author: str
    before: Rollout
    after: Rollout


@dataclass(frozen=True, slots=True)
class ChangeLog:
    """The changes after a mark, oldest first, and the mark of the newest."""

    mark: int
    author: str | None  # of the newest change, whenever it was; None: there is none
    changes: tuple[LoggedChange, ...] = ()
