"""Which rows of the history a page is asked for, as its address says it."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Final, Self, get_args
from urllib.parse import urlencode

from gateway.config.moments import parse_since
from gateway.rollout.rows import WantedEntries, What

PATH: Final = "/console/history"
WHATS: Final[tuple[What, ...]] = get_args(What)
BIGGEST: Final = 2**63 - 1


@dataclass(frozen=True, slots=True)
class WantedRows:
    """What is typed in the filters. `upto`: the newest row when the page was opened; newer ones wait."""

    what: What | None = None
    who: str = ""
    since: str = ""
    before: int | None = None
    upto: int | None = None
    problem: str = ""  # with `since`

    @classmethod
    def read(cls, query: Mapping[str, str], now: datetime) -> Self:
        """From an address; what cannot be is left out."""
        since, problem = query.get("since", "").strip()[:40], ""
        try:
            if since:
                parse_since(since, now)
        except (ValueError, OverflowError):
            problem = f"{since!r} is neither an age (7d, 24h, 90m), a day (today, yesterday), a time (20:40) nor a date"
        what = next((name for name in WHATS if name == query.get("what")), None)
        who = query.get("who", "").replace("\0", "").strip()[:200]
        return cls(what, who, since, row_id(query.get("before")), row_id(query.get("upto")), problem)

    def entries(self, now: datetime) -> WantedEntries:
        """For the read."""
        since = None if self.problem or not self.since else parse_since(self.since, now)
        return WantedEntries(self.what, self.who or None, None, since)

    @property
    def narrows(self) -> bool:
        """Is anything left out?"""
        return bool(self.what or self.who or self.since)

    def address(self, **changed: Any) -> str:
        """A link with these filters."""
        wanted = replace(self, **changed)
        fields = {
            "what": wanted.what, "who": wanted.who, "since": wanted.since, "before": wanted.before, "upto": wanted.upto
        }  # fmt: skip
        query = urlencode({name: value for name, value in fields.items() if value})
        return f"{PATH}?{query}" if query else PATH


def row_id(text: str | None) -> int | None:
    """A row's id; None, where it is none."""
    found = int(text) if text and text.isascii() and text.isdecimal() and len(text) <= 19 else 0
    return found if 0 < found <= BIGGEST else None
