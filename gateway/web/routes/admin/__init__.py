"""`/admin/*` and `/explain/*`: what operators may do over HTTP. Every route of it stands behind one guard."""

from collections.abc import Callable
from typing import Any

from fastapi import APIRouter, Depends

from gateway.web.auth import DENIED
from gateway.web.routes import explain
from gateway.web.routes.admin import guard as guarding
from gateway.web.routes.admin import history, jobs, promotion, ramp, restore, rollout, shadow, users
from gateway.web.routes.admin.text import refuse_nul

Guard = Callable[..., Any]  # a FastAPI dependency that raises unless the caller is an operator

PARTS: tuple[APIRouter, ...] = (
    rollout.router,
    history.router,
    promotion.router,
    ramp.router,
    guarding.router,
    restore.router,
    shadow.router,
    users.router,
    jobs.router,
)  # each under /admin


def admin_router(guard: Guard) -> APIRouter:
    """All of an operator's routes, guarded."""
    router = APIRouter(dependencies=[Depends(guard), Depends(refuse_nul)], responses=DENIED)
    for part in PARTS:
        router.include_router(part, prefix="/admin", tags=["admin"])
    router.include_router(explain.router)
    return router
