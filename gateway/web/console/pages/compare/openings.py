"""Who opened which pair: one line in the log an opening, however often the page is asked for its news."""

from dataclasses import dataclass, field
from typing import Final

import structlog

STILL_OPEN: Final = 60.0  # a page that stands open asks more often than that
MOST: Final = 1_000
log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Openings:
    """One a process. A page's own script asks again and again; a person who opens a pair is always written down."""

    _seen: dict[tuple[str, str], float] = field(default_factory=dict)

    def note(self, operator: str, job_id: str, now: float, *, live: bool) -> None:
        """Somebody sees a pair; `live`: it was the page that asked, not a person."""
        key = operator, job_id
        before = self._seen.pop(key, None)
        self._seen[key] = now
        while len(self._seen) > MOST:
            del self._seen[next(iter(self._seen))]
        if not (live and before is not None and now - before <= STILL_OPEN):
            log.info("pair_opened", operator=operator, job_id=job_id)
