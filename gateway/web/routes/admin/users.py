"""`/admin/users`: who had which version since when; what is remembered of one user, and removing it."""

from collections.abc import Sequence
from typing import Annotated, Literal

import structlog
from fastapi import APIRouter, Path, Query, Request
from fastapi.responses import Response
from pydantic import BaseModel, Field

from gateway.database.as_csv import as_csv
from gateway.database.departure import forget_user
from gateway.errors import NotFound, Refused
from gateway.jobs.memories.forget import forget_facts
from gateway.jobs.memories.listing import RememberedFact, list_facts
from gateway.jobs.outcomes import POINTS, Outcomes, read_outcomes
from gateway.jobs.users import VersionUser, VersionUsers, count_users, list_users
from gateway.services import Services
from gateway.web.database_route import DatabaseRoute
from gateway.web.routes.admin.rollout import FAILURES
from gateway.web.routes.admin.since import Since, Until, end_moment, moment_of
from gateway.web.routes.imports.body import ErrorAnswer
from gateway.web.routes.jobs import database_errors
from gateway.web.routes.memory.body import PathUserId

router = APIRouter(route_class=DatabaseRoute, prefix="/users")
log = structlog.get_logger(__name__)


class Forgotten(BaseModel):
    """What was removed. Done again, it finds nothing left."""

    user_id: str
    removed: dict[str, int] = Field(description="table: rows; what belongs to a job alone goes with it, uncounted")


@router.get("/by-version", responses={503: FAILURES[503]})
async def show_users_by_version(request: Request, since: Since = None, until: Until = None) -> list[VersionUsers]:
    """Count the users whom each version served since then, and why; the newest version first.

    Of the newest 50,000 jobs; where there were more, `only_since` says since when the counts hold.
    """
    services: Services = request.state.services
    moment, end = moment_of(since), end_moment(until, since)
    with database_errors():
        return await count_users(services.reads, moment, end)


@router.get("/outcomes", responses={503: FAILURES[503]})
async def show_outcomes(
    request: Request,
    since: Since = None,
    until: Until = None,
    points: Annotated[int, Query(ge=1, le=POINTS)] = POINTS,
) -> list[Outcomes]:
    """Say how users' first job of each version ended since then, as running sums in at most so many points.

    `low` and `high` hold what the share of failed users may be, however often one looks.
    """
    services: Services = request.state.services
    moment, end = moment_of(since), end_moment(until, since)
    with database_errors():
        return await read_outcomes(services.reads, moment, points, until=end)


@router.get("", responses={200: {"content": {"text/csv": {}}}, 503: FAILURES[503]}, response_model=list[VersionUser])
async def show_users_of_version(  # noqa: PLR0913, PLR0917 - each is a field of the query
    request: Request,
    pipeline: Annotated[str, Query(max_length=20)],
    since: Since = None,
    until: Until = None,
    after: Annotated[str | None, Query(max_length=200, description="the last user of the page before")] = None,
    limit: Annotated[int, Query(ge=1, le=10_000)] = 1000,
    format_: Annotated[Literal["json", "csv"], Query(alias="format")] = "json",
) -> Response | list[VersionUser]:
    """List the users whom a version served since then, in the order of their ids."""
    services: Services = request.state.services
    moment, end = moment_of(since), end_moment(until, since)
    with database_errors():
        users = await list_users(services.reads, pipeline, moment, until=end, after=after, limit=limit)
    if format_ == "csv":
        return Response(as_csv(VersionUser, users), media_type="text/csv")
    return users


class FactsForgotten(BaseModel):
    """What was forgotten. The next import of the same export does not bring it back."""

    user_id: str
    facts: int = Field(description="each value once, over all versions; whatever else said the same words counts too")
    removed: dict[str, int] = Field(description="kind of rows: how many held the words; conversations stay")


@router.get("/{user_id}/facts", responses={503: FAILURES[503]})
async def show_facts(
    request: Request, user_id: PathUserId, pipeline: Annotated[str | None, Query(max_length=20)] = None
) -> list[RememberedFact]:
    """List what a version remembers of one user, by default the version whose result is live: in force, then ended."""
    services: Services = request.state.services
    with database_errors():
        return await list_facts(services.database.pool, user_id, pipeline)


@router.delete("/{user_id}/facts", responses={503: FAILURES[503]})
async def forget_all_facts(request: Request, user_id: PathUserId) -> FactsForgotten:
    """Forget everything that any version remembers of one user. Cannot be undone."""
    return await _forget_facts(request, user_id, None)


@router.delete("/{user_id}/facts/{fact_id}", responses={404: {"model": ErrorAnswer}, 503: FAILURES[503]})
async def forget_fact(
    request: Request, user_id: PathUserId, fact_id: Annotated[str, Path(max_length=64)]
) -> FactsForgotten:
    """Forget one fact, by its id: out of what every version remembers and has published. Cannot be undone."""
    forgotten = await _forget_facts(request, user_id, [fact_id])
    if not forgotten.facts:
        raise NotFound("nothing with this id is remembered of this user")
    return forgotten


async def _forget_facts(request: Request, user_id: str, ids: Sequence[str] | None) -> FactsForgotten:
    services: Services = request.state.services
    with database_errors():
        done = await forget_facts(services.database.pool, user_id, ids)
    log.info("facts_forgotten", facts=done.facts, rows=sum(done.removed.values()))
    return FactsForgotten(user_id=user_id, facts=done.facts, removed=done.removed)


@router.delete("/{user_id}", responses={503: FAILURES[503]})
async def forget(request: Request, user_id: PathUserId) -> Forgotten:
    """Remove everything about one user from every table, jobs under way included. Cannot be undone."""
    services: Services = request.state.services
    with database_errors():
        removed = await forget_user(services.database.pool, user_id)
    if not removed:
        raise Refused("user_id", "no user of this database can have this id", place="path")
    log.info("user_forgotten", rows=sum(removed.values()))
    return Forgotten(user_id=user_id, removed=removed)
