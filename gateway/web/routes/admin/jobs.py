"""`/admin/jobs`: the newest jobs, page by page, how many there are of each status, and orders for all that match."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Depends, Path, Query, Request
from pydantic import BaseModel, Field

from gateway.errors import BadRequest, NotFound
from gateway.jobs.listing import JobCount, ListedJob, NoSuchJob, Status, WantedJobs, Whose, count_jobs, list_jobs
from gateway.jobs.orders.model import JobOrder, Kind, OrderRefused
from gateway.jobs.orders.preview import preview_order
from gateway.jobs.orders.store import begin_order, latest_orders, read_order, stop_order
from gateway.jobs.run.given_now import GivenNow
from gateway.rollout.history import By
from gateway.services import Services
from gateway.web.auth import actor_of
from gateway.web.database_route import DatabaseRoute
from gateway.web.routes.admin.rollout import FAILURES
from gateway.web.routes.admin.rollout_body import Reasoned
from gateway.web.routes.admin.since import Since, Until, end_moment, moment_of
from gateway.web.routes.admin.text import BIGGEST_ID, Storable
from gateway.web.routes.imports.body import ErrorAnswer
from gateway.web.routes.jobs import database_errors

router = APIRouter(route_class=DatabaseRoute, prefix="/jobs")
UNKNOWN: dict[int | str, dict[str, Any]] = {404: {"model": ErrorAnswer, "description": "There is no job `after`"}}


def wanted_jobs(  # noqa: PLR0913, PLR0917 - each is a field of the query
    status: Status | None = None,
    user: Annotated[str | None, Query(max_length=200)] = None,
    pipeline: Annotated[str | None, Query(max_length=20)] = None,
    cause: Annotated[Whose | None, Query(description="whose fault it is that it failed")] = None,
    since: Since = None,
    step: Annotated[str | None, Query(max_length=100, description="where it is, or where it failed")] = None,
    until: Until = None,
) -> WantedJobs:
    """Which jobs are asked for."""
    began = None if since is None else moment_of(since)
    return WantedJobs(status, user, pipeline, cause, began, step, end_moment(until, since))


Wanted = Annotated[WantedJobs, Depends(wanted_jobs)]


@router.get("", responses={503: FAILURES[503], **UNKNOWN})
async def show_jobs(
    request: Request,
    wanted: Wanted,
    after: Annotated[UUID | None, Query(description="the last job of the page before")] = None,
    limit: Annotated[int, Query(ge=1, le=500)] = 50,
) -> list[ListedJob]:
    """List jobs, the newest first; `after` pages on to older ones."""
    services: Services = request.state.services
    with database_errors():
        try:
            return await list_jobs(services.reads, wanted, after=after, limit=limit)
        except NoSuchJob as error:
            raise NotFound(str(error)) from None


@router.get("/counts", responses={503: FAILURES[503]})
async def show_job_counts(request: Request, wanted: Wanted) -> list[JobCount]:
    """Count jobs by status; counting stops at 1,000, and `more` says so."""
    services: Services = request.state.services
    with database_errors():
        return await count_jobs(services.reads, wanted)


class Ordering(Reasoned):
    """Which jobs, and what is done with them. `preview`: only say what it would do."""

    kind: Kind
    status: Status
    user: Storable | None = Field(None, max_length=200)
    pipeline: Storable | None = Field(None, max_length=20)
    cause: Whose | None = None
    since: str | None = Field(None, max_length=40, description="7d, 24h, 90m, 20:40, today, yesterday, or a date")
    until: str | None = Field(None, max_length=40, description="before then; of `yesterday`, else the day's end")
    step: Storable | None = Field(None, max_length=100)
    preview: bool = False


class Ordered(BaseModel):
    """What an order does. `order` is null where it was only asked, or where the same one is under way."""

    order: int | None
    jobs: int
    more: bool = Field(description="there are more jobs than one order takes")
    by_pipeline: dict[str, int] = Field(description="of a retry: what each would get now")
    moved: int = Field(description="jobs that would run as another version than before")
    line: str


@router.post("/orders", responses={400: FAILURES[400], 503: FAILURES[503]})
async def order_jobs(request: Request, asked: Ordering) -> Ordered:
    """Run all failed jobs that match again, or cancel all that are open: a worker does it, batch by batch."""
    services: Services = request.state.services
    since = None if asked.since is None else moment_of(asked.since)
    until = end_moment(asked.until, asked.since)
    wanted = WantedJobs(asked.status, asked.user, asked.pipeline, asked.cause, since, asked.step, until)
    given = GivenNow(services.flags, services.registry, services.settings.in_flight)
    order: int | None = None
    with database_errors():
        try:
            found = await preview_order(services.reads, asked.kind, wanted, given)
            if not asked.preview:
                by = By(actor_of(request, asked.actor), "http", asked.why)
                order = await begin_order(services.database.pool, asked.kind, wanted, by, expected=found.jobs)
        except OrderRefused as error:
            raise BadRequest(str(error)) from None
    return Ordered(
        order=order,
        jobs=found.jobs,
        more=found.more,
        by_pipeline=found.by_pipeline,
        moved=found.moved,
        line=found.line,
    )


@router.get("/orders", responses={503: FAILURES[503]})
async def show_orders(request: Request, limit: Annotated[int, Query(ge=1, le=100)] = 20) -> list[JobOrder]:
    """List the orders for many jobs, the newest first, and how far each is."""
    services: Services = request.state.services
    with database_errors():
        return await latest_orders(services.reads, limit)


@router.post("/orders/{order_id}/stop", responses={503: FAILURES[503], 404: {"model": ErrorAnswer}})
async def stop_jobs_order(request: Request, order_id: Annotated[int, Path(ge=1, le=BIGGEST_ID)]) -> JobOrder:
    """Leave the jobs that it has not come to as they are. One that is over stays as it is."""
    services: Services = request.state.services
    with database_errors():
        await stop_order(services.database.pool, order_id)
        order = await read_order(services.database.pool, order_id)
    if order is None:
        raise NotFound(f"no order {order_id}")
    return order
