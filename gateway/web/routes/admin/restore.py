"""`/admin/restore`: put users' data back to what a pipeline last published; a worker does it."""

from dataclasses import asdict
from datetime import datetime
from typing import Annotated, Literal

from fastapi import APIRouter, Query, Request
from fastapi.responses import Response
from pydantic import BaseModel, Field

from gateway.database.as_csv import as_csv
from gateway.errors import BadRequest
from gateway.restore.listing import Meant, RestoreUser, list_restore
from gateway.restore.model import Run
from gateway.restore.order import NotMeant, Order, count_leaving, order_restore
from gateway.restore.store import RestoreStore
from gateway.rollout.history import By
from gateway.services import Services
from gateway.web.auth import actor_of
from gateway.web.database_route import DatabaseRoute
from gateway.web.routes.admin.rollout import FAILURES
from gateway.web.routes.admin.rollout_body import Reasoned
from gateway.web.routes.jobs import database_errors

router = APIRouter(route_class=DatabaseRoute, prefix="/restore")


class UsersShown(BaseModel):
    """Users whose live result another pipeline made."""

    restorable: int = Field(description="they have a result of the target")
    published_since: int = Field(description="of those: the live result is newer than the run's start")
    missing: int = Field(description="they never had a result of the target")
    can_rerun: int = Field(description="of those: it is known which export they sent")
    under_way: int = Field(description="jobs of other pipelines that will still publish")


class RunShown(BaseModel):
    """One run. It is unfinished while `state` is running, whoever died meanwhile."""

    id: int
    target: str
    source: str | None = Field(
        serialization_alias="from", description="users of this version alone; none: of all others"
    )
    state: Literal["running", "done", "superseded"]
    restored: int
    chunks_gone: int = Field(description="of those: the chunks of then were not kept any more")
    actor: str
    why: str
    started_at: datetime
    updated_at: datetime


class LeavingShown(BaseModel):
    """Users of the version that is left, by the newest older version of which a result of theirs is kept."""

    by_version: dict[str, int]
    missing: int = Field(description="nothing older is kept of them: they keep what they have")


class RestoreShown(BaseModel):
    """The latest run, and whom a run would find now."""

    run: RunShown | None
    target: str
    users: UsersShown
    leaving: LeavingShown | None = Field(None, description="where a version to leave was named")


class Restoring(Reasoned):
    """Whose last results to put back: by default the base's, or for users of `from` those of the newest older one."""

    to: str | None = None
    source: str | None = Field(None, alias="from", description="the version to leave: only its users are touched")


@router.get("", responses={503: FAILURES[503]})
async def show_restore(
    request: Request, to: str | None = None, source: Annotated[str | None, Query(alias="from")] = None
) -> RestoreShown:
    """Show the latest run, and count whom a run to this pipeline, from that one, would find now; changes nothing.

    By default, one like the latest.
    """
    services: Services = request.state.services
    pool = services.database.pool
    with database_errors():
        run = await RestoreStore(pool).latest()
        if to is None and source is None and run is not None:
            source = run.source
        store = RestoreStore(pool, source)
        leaving = None if source is None else await count_leaving(store, source)
        latest = run.target if run else services.base
        target = to or (next(iter(leaving.by_version), latest) if leaving else latest)
        same = run is not None and (run.target, run.source) == (target, source)
        users = await store.count(target, run.started_at if run and same else None)
    return RestoreShown(
        run=shown(run),
        target=target,
        users=UsersShown(**asdict(users)),
        leaving=None if leaving is None else LeavingShown(**asdict(leaving)),
    )


@router.get(
    "/users", responses={200: {"content": {"text/csv": {}}}, 503: FAILURES[503]}, response_model=list[RestoreUser]
)
async def show_restore_users(  # noqa: PLR0913, PLR0917 - each is a field of the query
    request: Request,
    to: Annotated[str | None, Query(max_length=20)] = None,
    source: Annotated[str | None, Query(alias="from", max_length=20)] = None,
    after: Annotated[str | None, Query(max_length=200, description="the last user of the page before")] = None,
    limit: Annotated[int, Query(ge=1, le=10_000)] = 1000,
    format_: Annotated[Literal["json", "csv"], Query(alias="format")] = "json",
) -> Response | list[RestoreUser]:
    """List whom a run would find, in the order of their ids: what they would get, and who still has a job under way."""
    services: Services = request.state.services
    with database_errors():
        users = await list_restore(services.reads, Meant(to, source, services.base), after=after, limit=limit)
    return Response(as_csv(RestoreUser, users), media_type="text/csv") if format_ == "csv" else users


@router.post("", responses={400: FAILURES[400], 503: FAILURES[503]})
async def start_restore(request: Request, asked: Restoring) -> RestoreShown:
    """Begin, or go on with an unfinished run to the same pipeline; a run the other way round ends.

    With `from`, each user of that version gets the last result of the newest older one that is kept of them.
    """
    services: Services = request.state.services
    registry, store = services.registry, RestoreStore(services.database.pool, asked.source)
    with database_errors():
        try:
            order = Order(asked.to, asked.source, [*registry.usable, *registry.broken])
            by = By(actor_of(request, asked.actor), "http", asked.why)
            targets, _ = await order_restore(store, order, services.base, by)
        except NotMeant as error:
            raise BadRequest(str(error)) from None
    return await show_restore(request, next(iter(targets), None), asked.source)


def shown(run: Run | None) -> RunShown | None:
    return None if run is None else RunShown(**{name: getattr(run, name) for name in RunShown.model_fields})
