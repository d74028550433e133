"""What a page is asked for: whom, or the users of a version since a time; and whose data is to be put back."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Final, Self
from urllib.parse import urlencode

from gateway.config.moments import end_of, parse_since

PATH: Final = "/console/who"
SINCE: Final = "24h"
PAGE: Final = 40


@dataclass(frozen=True, slots=True)
class WantedUsers:
    """`subject`: a user's id or a job's, exactly. `after`: the last user of the page before."""

    subject: str = ""
    version: str = ""
    since: str = SINCE
    after: str = ""
    problem: str = ""  # with `since`

    @classmethod
    def read(cls, query: Mapping[str, str], now: datetime) -> Self:
        """From an address; what cannot be is left out."""
        since, problem = query.get("since", SINCE).strip()[:40] or SINCE, ""
        try:
            parse_since(since, now)
        except (ValueError, OverflowError):
            problem = f"{since!r} is neither an age (7d, 24h, 90m), a day (today, yesterday), a time (20:40) nor a date"
        return cls(
            subject=text_of(query, "subject", 256) or text_of(query, "user_id", 256),
            version=text_of(query, "version", 20),
            since=since,
            after=text_of(query, "after", 256),
            problem=problem,
        )

    def moment(self, now: datetime) -> datetime:
        """Since when; by a wrong word, as usual."""
        return parse_since(SINCE if self.problem else self.since, now)

    def end(self, now: datetime) -> datetime | None:
        """Where that ends; None: now."""
        return None if self.problem else end_of(self.since, now)

    def address(self, path: str = PATH, **changed: Any) -> str:
        """A link that keeps what was asked for."""
        wanted = replace(self, **changed)
        since = "" if wanted.since == SINCE else wanted.since
        fields = {"subject": wanted.subject, "version": wanted.version, "since": since, "after": wanted.after}
        query = urlencode({name: value for name, value in fields.items() if value})
        return f"{path}?{query}" if query else path


@dataclass(frozen=True, slots=True)
class WantedRestore:
    """As `gateway rollback --to --from`: whose results are put back, and to what."""

    to: str | None = None
    source: str | None = None
    after: str = ""

    @classmethod
    def read(cls, query: Mapping[str, str]) -> Self:
        """From an address, or a form."""
        to, source = text_of(query, "to", 20), text_of(query, "from", 20)
        return cls(to or None, source or None, text_of(query, "after", 256))

    def address(self, path: str = f"{PATH}/restore", **changed: Any) -> str:
        """A link to the same."""
        wanted = replace(self, **changed)
        fields = {"to": wanted.to, "from": wanted.source, "after": wanted.after}
        query = urlencode({name: value for name, value in fields.items() if value})
        return f"{path}?{query}" if query else path


def text_of(query: Mapping[str, str], name: str, most: int) -> str:
    return query.get(name, "").replace("\0", "").strip()[:most]
