"""`/admin/rollout/guard`: what the guard finds. `/admin/ramp/preview`: what it takes to know, at each step."""

from datetime import datetime
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Query, Request
from pydantic import BaseModel, Field

from flags.control import check_percent
from gateway.rollout.guard.describe import describe_guarded
from gateway.rollout.guard.looks import GuardLook, list_looks
from gateway.rollout.guard.pricing import price_steps
from gateway.rollout.guard.store import all_latest
from gateway.rollout.guard.verdict import Phase
from gateway.services import Services
from gateway.web.database_route import DatabaseRoute
from gateway.web.routes.admin.ramp import Found
from gateway.web.routes.admin.rollout import FAILURES, control_errors
from gateway.web.routes.admin.rollout_body import PriceShown
from gateway.web.routes.admin.since import Since, Until, end_moment, moment_of
from gateway.web.routes.admin.text import BIGGEST_ID
from gateway.web.routes.jobs import database_errors

router = APIRouter(route_class=DatabaseRoute)


class GuardShown(BaseModel):
    """One version since its dial last rose from 0. `verdict` is whole: every number that `findings` say in words."""

    pipeline: str
    against: str = Field(description="what most of its users would have had without it, when the dial rose")
    state: Literal["watching", "acting", "rolled_back", "would_roll_back"]
    since: datetime
    why: str = Field(description="it was turned off, or would have been")
    phase: Phase
    findings: list[Found]
    verdict: dict[str, Any]
    looked_at: datetime | None
    acted_at: datetime | None


class Steps(BaseModel):
    """Of which ramp."""

    steps: list[float] = Field(min_length=1, max_length=20)
    pipeline: str | None = None


@router.get("/rollout/guard", responses={503: FAILURES[503]})
async def show_guard(request: Request) -> list[GuardShown]:
    """Show what the guard found last of each version."""
    services: Services = request.state.services
    with database_errors():
        async with services.reads.connection() as connection:
            found = await all_latest(connection)
    return [GuardShown.model_validate(describe_guarded(rollout)) for rollout in found]


@router.get("/rollout/guard/looks", responses={503: FAILURES[503]})
async def show_looks(  # noqa: PLR0913, PLR0917 - each is a field of the query
    request: Request,
    pipeline: Annotated[str | None, Query(max_length=20)] = None,
    since: Since = None,
    until: Until = None,
    before_id: Annotated[int | None, Query(le=BIGGEST_ID)] = None,
    limit: Annotated[int, Query(ge=1, le=500)] = 50,
) -> list[GuardLook]:
    """List what the guard found at each look, newest first: where an answer changed, and once a minute."""
    services: Services = request.state.services
    moment, end = moment_of(since), end_moment(until, since)
    with database_errors():
        return await list_looks(services.reads, moment, pipeline, until=end, before_id=before_id, limit=limit)


@router.post("/ramp/preview", responses=FAILURES)
async def preview_ramp(request: Request, asked: Steps) -> list[PriceShown]:
    """Say at each step how long it takes to know whether the version fails twice as often; changes nothing."""
    services: Services = request.state.services
    with control_errors(), database_errors():
        for step in asked.steps:
            check_percent(step)
        pipeline = asked.pipeline or services.flags.versions.candidate
        prices = await price_steps(services.reads, pipeline, asked.steps)
    return [PriceShown.model_validate(price, from_attributes=True) for price in prices]
