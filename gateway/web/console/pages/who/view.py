"""Who had which version, ready to print: counts, the list of one version, what can be put back."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from gateway.jobs.users import MOST_JOBS, VersionUser, VersionUsers
from gateway.web.console.pages.who.subject import SubjectView
from gateway.web.console.pages.who.wanted import PAGE, PATH, WantedRestore, WantedUsers
from gateway.web.console.unread import Unread
from gateway.web.console.wording import count_text, day_text, reason_text


@dataclass(frozen=True, slots=True)
class VersionRow:
    """One version: how many users it served."""

    version: str
    users: str
    failed: str
    live: str
    why: str
    path: str  # the list of them
    csv: str
    restore: str  # where their data is put back; empty for the base


@dataclass(frozen=True, slots=True)
class UserRow:
    """One user of the list."""

    user_id: str
    path: str
    jobs: str
    failed: str
    last: str
    at: datetime
    when: str
    live: str


@dataclass(frozen=True, slots=True)
class WhoView:
    """The page."""

    wanted: WantedUsers
    subject: SubjectView | Unread | None
    counts: tuple[VersionRow, ...] | Unread
    span: str  # `since ...`
    only_since: str = ""  # there were more jobs than are looked at
    users: tuple[UserRow, ...] | Unread | None = None
    more: str = ""
    first: str = ""
    restored: str = ""  # what the last data rollback tells


@dataclass(frozen=True, slots=True)
class Material:
    """What the page is made of."""

    subject: SubjectView | Unread | None
    counts: Sequence[VersionUsers] | Unread
    users: Sequence[VersionUser] | Unread | None
    base: str
    restored: str = ""


def who_view(wanted: WantedUsers, found: Material, now: datetime) -> WhoView:
    """The page from what was read."""
    counts = found.counts
    only = [] if isinstance(counts, Unread) else [one.only_since for one in counts if one.only_since]
    users, more = found.users, ""
    if users is not None and not isinstance(users, Unread) and len(users) > PAGE:
        more = wanted.address(after=users[PAGE - 1].user_id)
    return WhoView(
        wanted=wanted,
        subject=found.subject,
        counts=counts if isinstance(counts, Unread) else tuple(version_row(one, wanted, found.base) for one in counts),
        span=span_text(wanted.moment(now), wanted.end(now)),
        only_since=f"Of the newest {MOST_JOBS:,} jobs, since {day_text(max(only))}." if only else "",
        users=users if users is None or isinstance(users, Unread) else tuple(map(user_row, users[:PAGE])),
        more=more,
        first=wanted.address(after="") if wanted.after else "",
        restored=found.restored,
    )


def span_text(since: datetime, until: datetime | None) -> str:
    """`since 2026-11-28 20:40 UTC`; of a day that is over, `on 2026-11-27 UTC`."""
    return f"since {day_text(since)}" if until is None else f"on {since.astimezone(UTC):%Y-%m-%d} UTC"


def version_row(one: VersionUsers, wanted: WantedUsers, base: str) -> VersionRow:
    """How many users one version served."""
    reasons = sorted(one.reasons.items(), key=lambda pair: -pair[1])
    return VersionRow(
        version=one.pipeline,
        users=f"{count_text(one.users)} user{'' if one.users == 1 else 's'}",
        failed=count_text(one.failed) if one.failed else "",
        live=count_text(one.live),
        why=", ".join(f"{reason_text(reason)} {count_text(users)}" for reason, users in reasons),
        path=wanted.address(version=one.pipeline, after="", subject=""),
        csv=wanted.address(f"{PATH}/users.csv", version=one.pipeline, after="", subject=""),
        restore="" if one.pipeline == base else WantedRestore(source=one.pipeline).address(),
    )


def user_row(one: VersionUser) -> UserRow:
    """One user."""
    return UserRow(
        user_id=one.user_id,
        path=WantedUsers(subject=one.user_id).address(),
        jobs=f"{one.jobs:,} job{'' if one.jobs == 1 else 's'}",
        failed=f"{one.failed:,} failed" if one.failed else "",
        last=one.last_status,
        at=one.last_at,
        when=day_text(one.last_at),
        live=one.live or "nothing",
    )
