"""How long a rollback took in this process: from its commit to the last start of a job that it was to keep away."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(slots=True)
class FlipClock:
    """Told of starts and of rollbacks, in whichever order it hears of them; all times are the database's."""

    rolled_back_at: datetime | None = None
    last_start: datetime | None = None

    def started(self, at: datetime) -> None:
        """A job that a rollback would keep away was started, for the first time."""
        if self.last_start is None or at > self.last_start:
            self.last_start = at

    def rolled_back(self, at: datetime) -> None:
        """A rollback was committed."""
        self.rolled_back_at = at

    def turned_on(self) -> None:
        """The candidate is on again: from now on starts of its jobs are not counted against the rollback."""
        self.rolled_back_at = None

    @property
    def seconds(self) -> float | None:
        """From the rollback's commit to the last such start; 0 if there was none since; None outside a rollback."""
        if self.rolled_back_at is None:
            return None
        if self.last_start is None:
            return 0.0
        return max((self.last_start - self.rolled_back_at).total_seconds(), 0.0)
