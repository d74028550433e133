"""The list of jobs as a page shows it: counts, rows with the one thing that can be done, orders for all that match."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from gateway.jobs.listing import JobCount, ListedJob
from gateway.jobs.orders.model import STATUSES as ORDERED
from gateway.jobs.orders.model import JobOrder, Kind
from gateway.jobs.orders.preview import OrderPreview
from gateway.web.console.pages.jobs.wanted import CAUSES, PATH, STATUSES, WantedPage
from gateway.web.console.unread import Unread
from gateway.web.console.wording import THIN, clock_text, count_text, span_text, when_text

RECENT_SECONDS: Final = 900.0  # so long an order that has ended is shown
OPEN: Final = ("pending", "processing")
WAITS: Final = {
    "storage": "waits for the storage", "storage_access": "waits for a right at the storage",
    "provider": "waits for the provider", "provider_access": "waits for a right at the provider",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class CountLink:
    """How many jobs have a status, and where they are listed."""

    status: str
    count: str
    path: str
    current: bool


@dataclass(frozen=True, slots=True)
class JobRow:
    """One job, ready to print. `action`: the one thing that can be done with it."""

    id: str
    user_id: str
    at: datetime
    when: str
    pipeline: str | None
    status: str
    where: str
    tries: str
    took: str
    cause: str
    action: str = ""
    done_by: str = ""  # the path of the action


@dataclass(frozen=True, slots=True)
class OrderLine:
    """One order for many jobs."""

    id: int
    line: str
    said: str
    running: bool
    share: float  # of its jobs that were looked at, 0 to 100


@dataclass(frozen=True, slots=True)
class Offer:
    """What can be done with all that match."""

    kind: Kind
    text: str
    path: str


@dataclass(frozen=True, slots=True)
class Confirm:
    """An order before it is given."""

    kind: Kind
    line: str
    button: str
    jobs: int
    why: str = ""
    problem: str = ""


@dataclass(frozen=True, slots=True)
class JobsView:
    """The page."""

    wanted: WantedPage
    pipelines: tuple[str, ...]
    steps: tuple[str, ...]
    counts: tuple[CountLink, ...] | Unread
    rows: tuple[JobRow, ...] | Unread
    back: str
    statuses: tuple[str, ...] = STATUSES
    causes: tuple[str, ...] = CAUSES
    offers: tuple[Offer, ...] = ()
    orders: tuple[OrderLine, ...] = ()
    confirm: Confirm | None = None
    waiting: str = ""  # `12 new`
    newest: str = ""
    older: str = ""
    first: str = ""
    problem: str = ""  # why what was asked for was not done


@dataclass(frozen=True, slots=True)
class Material:
    """What the page is made of."""

    rows: Sequence[ListedJob] | Unread
    counts: Sequence[JobCount] | Unread
    orders: Sequence[JobOrder] | Unread
    pipelines: Sequence[str]
    more: bool = False  # there are older ones
    new: int = 0
    preview: OrderPreview | Unread | None = None
    typed: dict[str, str] = field(default_factory=dict)
    problem: str = ""


def jobs_view(wanted: WantedPage, found: Material, now: datetime, page: int) -> JobsView:
    """The page from what was read. `page`: at most so many rows."""
    rows = found.rows if isinstance(found.rows, Unread) else tuple(row_of(job, now) for job in found.rows)
    shown = () if isinstance(found.rows, Unread) else found.rows
    counts = found.counts if isinstance(found.counts, Unread) else tuple(count_links(wanted, found.counts))
    orders = () if isinstance(found.orders, Unread) else tuple(order_lines(found.orders))
    return JobsView(
        wanted=wanted,
        pipelines=tuple(found.pipelines),
        steps=tuple(dict.fromkeys(job.step for job in shown if job.step)),
        counts=counts,
        rows=rows,
        back=wanted.address(),
        offers=() if isinstance(counts, Unread) else tuple(offers(wanted, counts)),
        orders=orders,
        confirm=None if found.preview is None else confirm_of(found.preview, found.typed),
        waiting=f"{count_text(found.new, page)} new" if found.new else "",
        newest=wanted.address(held=(), after=None),
        older=wanted.address(held=(), after=shown[-1].id) if found.more and shown else "",
        first=wanted.address(held=(), after=None) if wanted.after else "",
        problem=found.problem,
    )


def row_of(job: ListedJob, now: datetime) -> JobRow:
    """One job."""
    action = "Cancel job" if job.status in OPEN else "Retry job" if job.status in ORDERED["retry"] else ""
    return JobRow(
        id=job.id,
        user_id=job.user_id,
        at=job.created_at,
        when=when_text(job.created_at, now),
        pipeline=job.pipeline,
        status=job.status,
        where=where_text(job),
        tries=f"{job.attempts} tries" if (job.attempts or 0) > 1 else "",
        took=took_text(job, now),
        cause=(job.cause or "").replace(":", ": ") if job.status in ORDERED["retry"] else "",
        action=action if job.pipeline or action == "Cancel job" else "",
        done_by=f"{PATH}/cancel" if job.status in OPEN else f"{PATH}/retry",
    )


def where_text(job: ListedJob) -> str:
    """`facts 60 %`; what it waits for; of one that ended without a result, where."""
    if job.waiting_for:
        return WAITS.get(job.waiting_for, f"waits for {job.waiting_for}")
    step = job.step or ""
    if job.status == "processing" and job.progress is not None:
        return f"{step} {job.progress}{THIN}%".strip()
    return f"at {step}" if job.status in ORDERED["retry"] and step else ""


def took_text(job: ListedJob, now: datetime) -> str:
    """How long it ran, or waits."""
    if job.started_at is None:
        return f"waits {span_text(max((now - job.created_at).total_seconds(), 0.0))}" if job.status == "pending" else ""
    return span_text(max(((job.completed_at or now) - job.started_at).total_seconds(), 0.0))


def count_links(wanted: WantedPage, counts: Sequence[JobCount]) -> list[CountLink]:
    """One for each status; the one that is listed leads back to all."""
    return [
        CountLink(
            one.status,
            f"{one.jobs:,}{'+' if one.more else ''}",
            wanted.address(status=None if wanted.status == one.status else one.status, after=None, held=()),
            wanted.status == one.status,
        )
        for one in counts
    ]


def offers(wanted: WantedPage, counts: Sequence[CountLink]) -> list[Offer]:
    """What can be ordered for all jobs that match, where there are any."""
    found = []
    kinds: tuple[tuple[Kind, str], ...] = (("retry", "Retry"), ("cancel", "Cancel"))
    for kind, verb in kinds:
        for one in counts:
            if one.status in ORDERED[kind] and one.count != "0" and wanted.status in {None, one.status}:
                path = wanted.address(status=one.status, after=None, held=())
                more = f"{path}{'&' if '?' in path else '?'}all={kind}"
                found.append(Offer(kind, f"{verb} all {one.count} {one.status} …", more))
    return found


def confirm_of(preview: OrderPreview | Unread, typed: dict[str, str]) -> Confirm | None:
    """What the order would do, and its button."""
    if isinstance(preview, Unread):
        return None
    what = f"{preview.jobs:,} job{'' if preview.jobs == 1 else 's'}"
    verb = "Retry" if preview.kind == "retry" else "Cancel"
    return Confirm(preview.kind, preview.line, f"{verb} {what}", preview.jobs, typed.get("why", ""))


def order_lines(orders: Sequence[JobOrder]) -> list[OrderLine]:
    """Those that are under way, and those that ended lately."""
    return [
        OrderLine(
            id=one.id,
            line=one.line,
            said=f"{one.kind}, {one.actor}, {clock_text(one.started_at)}{f': {one.why}' if one.why else ''}"
            + ("" if one.state == "running" else f" ({one.state})"),
            running=one.state == "running",
            share=min(100.0 * one.looked_at / max(one.expected, 1), 100.0),
        )
        for one in orders
        if one.state == "running" or (one.now - (one.ended_at or one.now)).total_seconds() < RECENT_SECONDS
    ]
