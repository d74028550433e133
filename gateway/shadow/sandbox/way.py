"""When a comparison's process makes way: it stands still while a job of a user runs, but for a small share of a core.

A lower priority alone would not do: on cores that share caches and memory, who runs beside a job slows it.
"""

from dataclasses import dataclass
from typing import Final

FLOOR: Final = 0.05  # of a core, that a comparison gets however many jobs run: evidence still comes
MOST_OWED: Final = 0.2  # seconds: who could not use its share for long does not make up for it all at once


@dataclass(slots=True)
class Way:
    """One process. Times are in seconds; `at` and `used` are those of the last look."""

    at: float
    used: float = 0.0  # its processor time
    held: bool = False  # it is to stand still
    held_seconds: float = 0.0  # so far
    counted: float = 0.0  # towards its time limit: what passed, and of the time beside users' jobs its share
    _owed: float = 0.0  # processor time

    def look(self, at: float, used: float, *, beside_jobs: bool) -> None:
        """What is so now. `beside_jobs`: a job of a user runs here."""
        passed, took = at - self.at, used - self.used
        self.at, self.used = at, used
        if self.held:
            self.held_seconds += passed
        if beside_jobs:
            self.counted += FLOOR * passed
            self._owed = min(self._owed + FLOOR * passed - took, MOST_OWED)
            self.held = self._owed <= 0
        else:
            self.counted += passed
            self._owed, self.held = 0.0, False
