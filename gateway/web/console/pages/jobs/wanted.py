"""Which jobs a page is asked for, as its address says it; and the rows that it holds while somebody reads."""

import binascii
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Final, Self, get_args
from urllib.parse import urlencode
from uuid import UUID

from gateway.config.moments import end_of, parse_since
from gateway.jobs.listing import Status, WantedJobs, Whose

PATH: Final = "/console/jobs"
SINCE: Final = "24h"
PAGE: Final = 40
STATUSES: Final[tuple[Status, ...]] = get_args(Status)
CAUSES: Final[tuple[Whose, ...]] = get_args(Whose)


@dataclass(frozen=True, slots=True)
class WantedPage:
    """What is typed in the filters. `held`: the jobs of the page, which keep their places whatever becomes of them."""

    status: Status | None = None
    pipeline: str = ""
    step: str = ""
    user: str = ""
    cause: Whose | None = None
    since: str = SINCE
    after: UUID | None = None
    held: tuple[UUID, ...] = ()
    problem: str = ""  # with `since`

    @classmethod
    def read(cls, query: Mapping[str, str], now: datetime) -> Self:
        """From an address, or a form; what cannot be is left out."""
        since, problem = query.get("since", SINCE).strip()[:40], ""
        try:
            if since:
                parse_since(since, now)
        except (ValueError, OverflowError):
            problem = f"{since!r} is neither an age (7d, 24h, 90m), a day (today, yesterday), a time (20:40) nor a date"
        return cls(
            status=next((name for name in STATUSES if name == query.get("status")), None),
            pipeline=text_of(query, "pipeline", 20),
            step=text_of(query, "step", 100),
            user=text_of(query, "user", 200),
            cause=next((name for name in CAUSES if name == query.get("cause")), None),
            since=since,
            after=id_of(query.get("after", "")),
            held=unpacked(query.get("held", "")),
            problem=problem,
        )

    def jobs(self, now: datetime, *, any_status: bool = False) -> WantedJobs:
        """For the reads."""
        since = None if self.problem or not self.since else parse_since(self.since, now)
        until = None if since is None else end_of(self.since, now)
        status = None if any_status else self.status
        return WantedJobs(status, self.user or None, self.pipeline or None, self.cause, since, self.step or None, until)

    @property
    def fields(self) -> dict[str, str]:
        """As a form sends them; what is not asked for is left out."""
        found = {
            "status": self.status, "pipeline": self.pipeline, "step": self.step, "user": self.user, "cause": self.cause
        }  # fmt: skip
        return {name: value for name, value in found.items() if value} | {"since": self.since}

    def address(self, path: str = PATH, **changed: Any) -> str:
        """A link with these filters; `since` stands in it where it is not the usual one."""
        wanted = replace(self, **changed)
        fields = wanted.fields
        if wanted.since == SINCE:
            del fields["since"]
        if wanted.after is not None:
            fields["after"] = str(wanted.after)
        if wanted.held:
            fields["held"] = packed(wanted.held)
        query = urlencode(fields)
        return f"{path}?{query}" if query else path


def text_of(query: Mapping[str, str], name: str, most: int) -> str:
    return query.get(name, "").replace("\0", "").strip()[:most]


def id_of(text: str) -> UUID | None:
    """A job's id; None, where it is none."""
    with suppress(ValueError):
        return UUID(text)
    return None


def packed(ids: Iterable[UUID]) -> str:
    """Ids of jobs, short enough for an address."""
    return urlsafe_b64encode(b"".join(one.bytes for one in ids)).decode().rstrip("=")


def unpacked(text: str) -> tuple[UUID, ...]:
    """The ids again; none, where the text is no such thing."""
    try:
        found = urlsafe_b64decode(text + "=" * (-len(text) % 4)) if text.isascii() else b""
    except (binascii.Error, ValueError):
        return ()
    if len(found) % 16 or len(found) > 16 * PAGE:
        return ()
    return tuple(UUID(bytes=found[start : start + 16]) for start in range(0, len(found), 16))
