"""`/admin/jobs`: the newest jobs, page by page, and how many there are of each status."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Depends, Query, Request

from gateway.errors import NotFound
from gateway.jobs.listing import JobCount, ListedJob, NoSuchJob, Status, WantedJobs, Whose, count_jobs, list_jobs
from gateway.services import Services
from gateway.web.database_route import DatabaseRoute
from gateway.web.routes.admin.rollout import FAILURES
from gateway.web.routes.admin.since import Since, moment_of
from gateway.web.routes.imports.body import ErrorAnswer
from gateway.web.routes.jobs import database_errors

router = APIRouter(route_class=DatabaseRoute, prefix="/jobs")
UNKNOWN: dict[int | str, dict[str, Any]] = {404: {"model": ErrorAnswer, "description": "There is no job `after`"}}


def wanted_jobs(
    status: Status | None = None,
    user: Annotated[str | None, Query(max_length=200)] = None,
    pipeline: Annotated[str | None, Query(max_length=20)] = None,
    cause: Annotated[Whose | None, Query(description="whose fault it is that it failed")] = None,
    since: Since = None,
) -> WantedJobs:
    """Which jobs are asked for."""
    return WantedJobs(status, user, pipeline, cause, None if since is None else moment_of(since))


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
