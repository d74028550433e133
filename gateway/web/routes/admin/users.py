"""`/admin/users/{user_id}`: remove everything about one user."""

import structlog
from fastapi import APIRouter, Request
from pydantic import BaseModel, Field

from gateway.database.departure import forget_user
from gateway.errors import Refused
from gateway.services import Services
from gateway.web.database_route import DatabaseRoute
from gateway.web.routes.admin.rollout import FAILURES
from gateway.web.routes.jobs import database_errors
from gateway.web.routes.memory.body import PathUserId

router = APIRouter(route_class=DatabaseRoute, prefix="/users")
log = structlog.get_logger(__name__)


class Forgotten(BaseModel):
    """What was removed. Done again, it finds nothing left."""

    user_id: str
    removed: dict[str, int] = Field(description="table: rows; what belongs to a job alone goes with it, uncounted")


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
