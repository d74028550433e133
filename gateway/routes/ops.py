"""What platforms and operators ask a process: `/health`, `/ready`, `/metrics`."""

import asyncio
import time
from datetime import UTC, datetime
from typing import Annotated, Any, Literal

import psycopg
import psycopg_pool
from fastapi import APIRouter, Header, Request, Response
from prometheus_client import exposition
from pydantic import BaseModel

from gateway.services import Services

SERVICE = "soulprint-gateway"
CHECK_SECONDS = 1.0

router = APIRouter(tags=["operations"])


class Health(BaseModel):
    """`/health`: can this process serve at all."""

    status: Literal["ok", "unavailable"]
    service: str
    timestamp: datetime
    processors_available: bool


class Check(BaseModel):
    """One thing that readiness depends on."""

    ok: bool
    detail: dict[str, Any] = {}


class Ready(BaseModel):
    """`/ready`: every check by name."""

    ready: bool
    checks: dict[str, Check]


@router.get("/health", responses={503: {"model": Health}})
async def health(request: Request, response: Response) -> Health:
    """Answer from memory: the pipelines were imported at start, and the loop is alive if this is read."""
    complete = request.state.services.registry.complete
    response.status_code = 200 if complete else 503
    return Health(
        status="ok" if complete else "unavailable",
        service=SERVICE,
        timestamp=datetime.now(UTC),
        processors_available=complete,
    )


@router.get("/ready", responses={503: {"model": Ready}})
async def ready(request: Request, response: Response) -> Ready:
    """Say whether accepts and jobs would work now, and if not, which part is missing."""
    services: Services = request.state.services
    checks = {"database": await check_database(services), "flags": check_flags(services)}
    if request.state.worker_alive is not None:
        checks["worker"] = Check(ok=request.state.worker_alive())
    is_ready = all(check.ok for check in checks.values())
    response.status_code = 200 if is_ready else 503
    return Ready(ready=is_ready, checks=checks)


async def check_database(services: Services) -> Check:
    """One round trip, given up after a second."""
    started = time.perf_counter()
    try:
        async with asyncio.timeout(CHECK_SECONDS):
            async with services.database.pool.connection(timeout=CHECK_SECONDS) as connection:
                await connection.execute("select 1")
    except (psycopg.Error, psycopg_pool.PoolTimeout, TimeoutError, OSError) as error:
        return Check(ok=False, detail={"error": type(error).__name__})
    return Check(ok=True, detail={"milliseconds": round((time.perf_counter() - started) * 1000, 2)})


def check_flags(services: Services) -> Check:
    """Known flags are enough to be ready: old ones still decide, and their health and age are told."""
    state = services.flags.state()
    detail = {
        "source": state.source,
        "healthy": state.healthy,
        "age_seconds": round(state.age_seconds, 1),
        "revision": state.revision,
        "dial": state.dial,
        "error": state.error,
    }
    if state.override is not None:
        override = state.override
        detail["override"] = {"actor": override.actor, "why": override.why, "since": override.since.isoformat()}
    return Check(ok=state.known, detail=detail)


@router.get("/metrics", response_class=Response, responses={200: {"content": {"text/plain": {}}}})
async def metrics(request: Request, accept: Annotated[str | None, Header()] = None) -> Response:
    """All metrics of this process, as OpenMetrics when asked for."""
    services: Services = request.state.services
    await services.reading.refresh()
    registry = services.metrics.registry
    render, content_type = exposition.choose_encoder(accept or "")
    return Response(render(registry), headers={"Content-Type": content_type})
