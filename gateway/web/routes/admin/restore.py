"""`/admin/restore`: put users' data back to what a pipeline last published; a worker does it."""

from dataclasses import asdict
from datetime import datetime
from typing import Literal

from fastapi import APIRouter, Request
from pydantic import BaseModel, Field

from gateway.errors import BadRequest
from gateway.restore.model import Run
from gateway.restore.store import RestoreStore
from gateway.rollout.history import By
from gateway.services import Services
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
    state: Literal["running", "done", "superseded"]
    restored: int
    chunks_gone: int = Field(description="of those: the chunks of then were not kept any more")
    actor: str
    why: str
    started_at: datetime
    updated_at: datetime


class RestoreShown(BaseModel):
    """The latest run, and whom a run would find now."""

    run: RunShown | None
    target: str
    users: UsersShown


class Restoring(Reasoned):
    """Whose last results to put back; by default, the base's."""

    to: str | None = None


@router.get("", responses={503: FAILURES[503]})
async def show_restore(request: Request, to: str | None = None) -> RestoreShown:
    """Show the latest run, and count whom a run to this pipeline would find now; changes nothing."""
    services: Services = request.state.services
    store = RestoreStore(services.database.pool)
    with database_errors():
        run = await store.latest()
        target = to or (run.target if run else services.base)
        users = await store.count(target, run.started_at if run and run.target == target else None)
    return RestoreShown(run=shown(run), target=target, users=UsersShown(**asdict(users)))


@router.post("", responses={400: FAILURES[400], 503: FAILURES[503]})
async def start_restore(request: Request, asked: Restoring) -> RestoreShown:
    """Begin, or go on with an unfinished run to the same pipeline; a run the other way round ends."""
    services: Services = request.state.services
    store, target = RestoreStore(services.database.pool), asked.to or services.base
    with database_errors():
        if services.registry.lacks(target) and not await store.keeps(target):
            raise BadRequest(f"there is no pipeline {target}, and no result of it is kept")
        await store.begin(target, By(asked.actor, "http", asked.why), by_worker=True)
    return await show_restore(request, target)


def shown(run: Run | None) -> RunShown | None:
    return None if run is None else RunShown(**{name: getattr(run, name) for name in RunShown.model_fields})
