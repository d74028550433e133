"""`/admin/*`: what operators may do over HTTP. Every route of it stands behind one guard."""

from collections.abc import Callable
from typing import Any

from fastapi import APIRouter, Depends

from gateway.routes.admin import rollout

Guard = Callable[..., Any]  # a FastAPI dependency that raises unless the caller is an operator

PARTS: tuple[APIRouter, ...] = (rollout.router,)


def admin_router(guard: Guard) -> APIRouter:
    """All admin routes, guarded."""
    router = APIRouter(prefix="/admin", dependencies=[Depends(guard)], tags=["admin"])
    for part in PARTS:
        router.include_router(part)
    return router
