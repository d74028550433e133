"""`GET /jobs/{job_id}`: where a job is; for operators, `POST /jobs/{job_id}/cancel` and `/retry`."""

import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any, Literal

from fastapi import APIRouter, Depends, Request
from psycopg.rows import dict_row
from pydantic import BaseModel, Field

from gateway.database.pool import Pool, load_sql
from gateway.database.reads import ReadTooLong
from gateway.database.retry import AWAY
from gateway.errors import Conflict, NotFound, Unavailable
from gateway.jobs.store import JobStore
from gateway.services import Services
from gateway.web.auth import DENIED, operator
from gateway.web.database_route import DatabaseRoute
from gateway.web.routes.imports.body import ErrorAnswer

ERRORS: dict[int | str, dict[str, Any]] = {404: {"model": ErrorAnswer}, 503: {"model": ErrorAnswer}}

router = APIRouter(route_class=DatabaseRoute, tags=["jobs"], responses=ERRORS)
changes = APIRouter(
    route_class=DatabaseRoute, tags=["jobs"], responses=ERRORS | DENIED, dependencies=[Depends(operator)]
)
SHOW_JOB = load_sql(Path(__file__).with_name("jobs.sql"))["show_job"]


class Job(BaseModel):
    """A job as its caller may see it. Times are UTC; `seconds` is from the first claim to the end, or to now."""

    job_id: str
    status: Literal["pending", "processing", "complete", "failed", "cancelled"]
    step: str | None
    progress: int
    pipeline: str | None
    reason: str | None
    attempts: int
    accepted_at: datetime | None = Field(description="null where the service before this one wrote no time at all")
    started_at: datetime | None
    updated_at: datetime | None
    completed_at: datetime | None
    wait_seconds: float | None
    run_seconds: float | None
    error: str | None
    cause: str | None = Field(
        description="Whose fault it is: `input` (the file or the request), `pipeline`, `operator` (cancelled), or "
        "`dependency:` with its name (`database`, `storage`, `provider`). Of the last attempt, while it waits."
    )
    warnings: list[str] = Field(
        description="What of the export was left out or could not be read, counted; empty until it is complete."
    )
    waiting_for: Literal["storage", "provider"] | None = Field(
        default=None, description="The service that it waits for: it goes on by itself when that can be used again."
    )


@router.get("/jobs/{job_id}")
async def show_job(request: Request, job_id: uuid.UUID) -> Job:
    """Show one job: status, step, progress, pipeline and why, timings, and the error if it failed."""
    with database_errors():
        return await read_job(request.state.services.database.pool, job_id)


@changes.post("/jobs/{job_id}/cancel")
async def cancel_job(request: Request, job_id: uuid.UUID) -> Job:
    """Cancel a job: at once when it waits, within two seconds when it runs. One that is over stays as it is."""
    pool = request.state.services.database.pool
    with database_errors():
        await JobStore(pool).request_cancel(str(job_id))
        return await read_job(pool, job_id)


@changes.post("/jobs/{job_id}/retry", responses={409: {"model": ErrorAnswer}})
async def retry_job(request: Request, job_id: uuid.UUID) -> Job:
    """Run a failed or cancelled job again; its finished steps are not repeated."""
    services: Services = request.state.services
    pool = services.database.pool
    with database_errors():
        await read_job(pool, job_id)
        if not await JobStore(pool, lambda: services.base).retry(str(job_id)):
            raise Conflict(f"job {job_id} has not failed, or the same request runs again already")
        return await read_job(pool, job_id)


async def read_job(pool: Pool, job_id: uuid.UUID) -> Job:
    """The job as its caller sees it. Raises `NotFound`."""
    async with pool.connection() as connection:
        cursor = connection.cursor(row_factory=dict_row)
        row = await (await cursor.execute(SHOW_JOB, {"id": job_id})).fetchone()
    if row is None:
        raise NotFound(f"no job {job_id}")
    return job_of(row)


@contextmanager
def database_errors() -> Iterator[None]:
    """A database that does not answer, or not in time, is a 503."""
    try:
        yield
    except ReadTooLong as error:
        raise Unavailable(str(error)) from None
    except AWAY as error:
        raise Unavailable("the database is not available") from error


def job_of(row: dict[str, Any]) -> Job:
    """A row as its caller sees it: a cancelled job is `failed` in the table, and `cancelled` here."""
    started, completed = row["started_at"], row["completed_at"]
    return Job(
        job_id=row["job_id"],
        status="cancelled" if row["cancelled"] else row["status"],
        step=row["current_step"],
        progress=row["progress"],
        pipeline=row["pipeline"],
        reason=row["reason"],
        attempts=row["attempts"],
        accepted_at=row["created_at"],
        started_at=started,
        updated_at=row["updated_at"],
        completed_at=completed,
        wait_seconds=seconds_between(row["created_at"], started),
        run_seconds=seconds_between(started, completed),
        error=row["error_message"],
        cause=row["failure_cause"],
        warnings=row["warnings"],
        waiting_for=(row["waiting_for"] or "").partition("_")[0] or None,
    )


def seconds_between(start: datetime | None, end: datetime | None) -> float | None:
    """Seconds, None while one of the two has not happened."""
    return None if start is None or end is None else (end - start).total_seconds()
