"""Reads what "Jobs" shows."""

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from uuid import UUID

from gateway.jobs.listing import ListedJob, NoSuchJob, WantedJobs, count_jobs, list_jobs, read_jobs
from gateway.jobs.orders.model import Kind, OrderRefused
from gateway.jobs.orders.preview import OrderPreview, preview_order
from gateway.jobs.orders.store import latest_orders
from gateway.jobs.run.given_now import GivenNow
from gateway.services import Services
from gateway.web.console.pages.jobs.view import JobsView, Material, jobs_view
from gateway.web.console.pages.jobs.wanted import PAGE, WantedPage
from gateway.web.console.pages.reading import read_now
from gateway.web.console.unread import Unread

ORDERS = 5


async def read_list(
    services: Services, wanted: WantedPage, now: datetime, asked: Material | None = None
) -> tuple[JobsView, WantedPage]:
    """The page, and what its parts ask for from now on: its rows keep their places. `asked`: what is said beside."""
    reads, jobs = services.reads, wanted.jobs(now)
    rows, newest, counts, orders = await asyncio.gather(
        read_now("The list of jobs", read_rows(services, wanted, jobs)),
        read_now("What is new", list_jobs(reads, jobs, limit=PAGE)) if wanted.held else nothing(),
        read_now("The counts", count_jobs(reads, wanted.jobs(now, any_status=True))),
        read_now("Orders for many jobs", latest_orders(reads, ORDERS)),
    )
    shown = rows if isinstance(rows, Unread) else rows[:PAGE]
    found = replace(
        asked or Material((), (), (), ()),
        rows=shown,
        counts=counts,
        orders=orders,
        pipelines=[*services.registry.usable, *services.registry.broken],
        more=not isinstance(rows, Unread) and (len(rows) > PAGE or len(wanted.held) == PAGE),
        new=count_new(newest, shown),
    )
    held = wanted.held or (() if isinstance(shown, Unread) else tuple(UUID(job.id) for job in shown))
    kept = replace(wanted, held=held)
    return jobs_view(kept, found, now, PAGE), kept


async def read_rows(services: Services, wanted: WantedPage, jobs: WantedJobs) -> Sequence[ListedJob]:
    """Those that the page holds, in their places; else a page and one more. None, behind a job that is gone."""
    if wanted.held:
        return await read_jobs(services.reads, wanted.held)
    try:
        return await list_jobs(services.reads, jobs, after=wanted.after, limit=PAGE + 1)
    except NoSuchJob:
        return []


async def read_preview(
    services: Services, kind: Kind, wanted: WantedPage, now: datetime
) -> OrderPreview | Unread | OrderRefused:
    """What an order for all that match would do."""
    given = GivenNow(services.flags, services.registry, services.settings.in_flight)
    try:
        return await read_now("How many there are", preview_order(services.reads, kind, wanted.jobs(now), given))
    except OrderRefused as error:
        return error


async def nothing() -> Sequence[ListedJob]:
    """Where nothing is held, nothing is new."""
    return []


def count_new(newest: Sequence[ListedJob] | Unread, shown: Sequence[ListedJob] | Unread) -> int:
    """Jobs that came since the page was opened."""
    if isinstance(newest, Unread) or isinstance(shown, Unread) or not newest:
        return 0
    if not shown:
        return len(newest)
    latest = max(job.created_at for job in shown)
    known = {job.id for job in shown}
    return sum(job.created_at >= latest and job.id not in known for job in newest)
