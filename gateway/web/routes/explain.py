"""`GET /explain/{user_id}`: why a user gets a pipeline, for operators."""

from typing import Any

from fastapi import APIRouter, Request

from gateway.rollout.explain import explain_user
from gateway.services import Services
from gateway.web.database_route import DatabaseRoute
from gateway.web.routes.jobs import database_errors

router = APIRouter(route_class=DatabaseRoute, tags=["operations"])


@router.get("/explain/{user_id}")
async def explain(request: Request, user_id: str) -> dict[str, Any]:
    """Say what is decided for a user now and why (`line` has it in one line), and what the user's last job got."""
    services: Services = request.state.services
    with database_errors():
        return (await explain_user(services.flags, services.database.pool, user_id)).json
