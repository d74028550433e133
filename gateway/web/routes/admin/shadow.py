"""`/admin/shadow`: what comparisons say together, the latest pairs, and one pair with its samples."""

from typing import Annotated, Any
from uuid import UUID

import msgspec
from fastapi import APIRouter, HTTPException, Query, Request
from fastapi.responses import Response

from gateway.database.reads import Reads
from gateway.services import Services
from gateway.shadow.compare.model import Class
from gateway.shadow.report.queries import Wanted, list_pairs, parse_pair, read_pair, read_report
from gateway.web.database_route import DatabaseRoute
from gateway.web.routes.admin.since import Since, Until, end_moment, moment_of
from gateway.web.routes.jobs import database_errors

router = APIRouter(route_class=DatabaseRoute, prefix="/shadow")

Pair = Annotated[str | None, Query(description="two versions, v2:v3", pattern=r"^v[1-9]\d*:v[1-9]\d*$")]


@router.get("")
async def show_report(
    request: Request,
    since: Since = None,
    until: Until = None,
    field: Annotated[str | None, Query(max_length=100)] = None,
    pair: Pair = None,
) -> Response:
    """Rates of difference beside the same rates between equal runs, with intervals; kinds, costs, outcomes."""
    moment, end = moment_of(since), end_moment(until, since)
    two, declared = parse_pair(pair) if pair else None, request.state.services.registry.declared
    with database_errors():
        return answer(await read_report(reads_of(request), moment, field, until=end, pair=two, declared=declared))


@router.get("/pairs")
async def show_pairs(  # noqa: PLR0913, PLR0917 - each is a field of the query
    request: Request,
    since: Since = None,
    until: Until = None,
    class_: Annotated[Class | None, Query(alias="class")] = None,
    kind: Annotated[str | None, Query(max_length=100)] = None,
    harm: Annotated[bool, Query(description="only pairs with harms, the worst first")] = False,  # noqa: FBT002 - a query
    after: Annotated[UUID | None, Query(description="the last pair of the page before")] = None,
    limit: Annotated[int, Query(ge=1, le=500)] = 50,
) -> Response:
    """List the latest pairs, newest first, or those with harms, without anybody's words."""
    moment, wanted = moment_of(since), Wanted(class_, kind, harm, until=end_moment(until, since))
    with database_errors():
        return answer(await list_pairs(reads_of(request), moment, wanted, after=after, limit=limit))


@router.get("/pairs/{job_id}", responses={404: {"description": "There is no comparison of this job"}})
async def show_pair(request: Request, job_id: UUID) -> Response:
    """Show one pair field by field, with bounded samples of the user's words."""
    with database_errors():
        pair = await read_pair(reads_of(request), str(job_id))
    if pair is None:
        raise HTTPException(404, "there is no comparison of this job")
    return answer(pair)


def reads_of(request: Request) -> Reads:
    services: Services = request.state.services
    return services.reads


def answer(document: Any) -> Response:
    return Response(msgspec.json.encode(document), media_type="application/json")
