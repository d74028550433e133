"""When a comparison's process makes way: it stands still while a job of a user runs, but for a small share of a core.

A lower priority alone would not do: on cores that share caches and memory, who runs beside a job slows it.
"""

from dataclasses import dataclass
from typing import Final

FLOOR: Final = 0.02  # of a core, that a comparison gets however many jobs run: evidence comes, and few accepts meet one
BURST: Final = 0.01  # seconds of processor time that it goes on for: too short to be seen in what a user waits for
MOST_OWED: Final = 0.02  # the same: who could not use its share for long does not make up for it all at once
SHORTEST: Final = 0.005  # seconds between two looks, whatever is owed
HELD_LOOK: Final = 0.2  # seconds at most until it is seen that jobs have ended
FREE_LOOK: Final = 1.0  # where nothing is to be seen but that its time is over: jobs that come are heard of


@dataclass(slots=True)
class Way:
    """One process. Times are in seconds; `at` and `used` are those of the last look."""

    at: float
    used: float = 0.0  # its processor time
    held: bool = False  # it is to stand still
    held_seconds: float = 0.0  # so far
    counted: float = 0.0  # towards its time limit: what passed, and of the time beside users' jobs its share
    beside_jobs: bool = False  # as of the last look
    _owed: float = 0.0  # processor time

    def look(self, at: float, used: float, *, beside_jobs: bool) -> None:
        """What is so from now on; what passed counts by what was so before. `beside_jobs`: there are some."""
        passed, took = at - self.at, used - self.used
        self.at, self.used = at, used
        self.counted += FLOOR * passed if self.beside_jobs else passed
        if self.held:
            self.held_seconds += passed
        if self.beside_jobs and beside_jobs:
            self._owed = min(self._owed + FLOOR * passed - took, MOST_OWED)
            self.held = self._owed < BURST if self.held else self._owed <= 0
        else:
            self._owed, self.held = 0.0, beside_jobs
        self.beside_jobs = beside_jobs

    @property
    def next_look(self) -> float:
        """Seconds until there may be something to do."""
        if not self.beside_jobs:
            return FREE_LOOK
        if self.held:
            return min(max((BURST - self._owed) / FLOOR, SHORTEST), HELD_LOOK)
        return max(self._owed, SHORTEST)  # sooner it cannot have used it
