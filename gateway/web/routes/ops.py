"""What platforms and operators ask a process: `/health`, `/ready`, `/health-deep`, `/metrics`."""

import asyncio
from datetime import UTC, datetime
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Header, Request, Response
from pydantic import BaseModel

from gateway.confinement.model import UNTRIED, Confinement
from gateway.database.retry import DATABASE_ERRORS
from gateway.services import Services
from gateway.web.auth import Access, shown_secrets
from gateway.web.health import count_alive

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
    """One thing that readiness depends on; if it is not `required`, it is only told."""

    ok: bool
    required: bool = True
    detail: dict[str, Any] = {}


class Ready(BaseModel):
    """`/ready`: every check by name."""

    ready: bool
    checks: dict[str, Check]


@router.head("/health", include_in_schema=False)
@router.get("/health", responses={503: {"model": Health}})
async def health(request: Request, response: Response) -> Health:
    """Answer from memory: the pipelines were imported at start, and the loop is alive if this is read.

    503 where the base cannot be imported. A broken candidate gets no users; `/ready` tells of it.
    """
    services: Services = request.state.services
    usable = services.base in services.registry.usable
    response.status_code = 200 if usable else 503
    return Health(
        status="ok" if usable else "unavailable",
        service=SERVICE,
        timestamp=datetime.now(UTC),
        processors_available=usable,
    )


@router.head("/ready", include_in_schema=False)
@router.get("/ready", responses={503: {"model": Ready}})
async def ready(request: Request, response: Response) -> Ready:
    """Say whether accepts and jobs would work now, and if not, which part is missing."""
    services: Services = request.state.services
    writable = await request.state.readiness.look()
    checks = {"database": Check(ok=writable.ok, detail=dict(writable.detail)), "flags": check_flags(services)}
    checks["candidate"] = check_candidate(services)
    alive = request.state.worker_alive
    if alive is not None:
        checks["worker"] = Check(ok=alive())
        if services.confinement is not UNTRIED:
            checks["confinement"] = check_confinement(services.confinement)
    elif writable.ok:
        checks["worker"] = await check_other_workers(services)
    if request.state.stopping():
        checks["process"] = Check(ok=False, detail={"stopping": True})
    is_ready = all(check.ok or not check.required for check in checks.values())
    response.status_code = 200 if is_ready else 503
    return Ready(ready=is_ready, checks=checks)


def check_confinement(found: Confinement) -> Check:
    """Which restrictions stand that keep the processes of runs and comparisons to their folders. Jobs run without."""
    return Check(ok=found.whole, required=False, detail={"standing": found.standing, "missing": dict(found.missing)})


async def check_other_workers(services: Services) -> Check:
    """Workers of other processes. Without any, jobs wait; but what is accepted is not lost, so accepting goes on."""
    try:
        async with asyncio.timeout(CHECK_SECONDS):
            alive = await count_alive(services)
    except DATABASE_ERRORS as error:
        return Check(ok=False, required=False, detail={"error": type(error).__name__})
    return Check(ok=alive > 0, required=False, detail={"alive": alive})


def check_candidate(services: Services) -> Check:
    """Could the candidate be imported? If not, it gets no users, and the stable pipeline goes on serving."""
    name = services.flags.versions.candidate
    why = services.registry.broken.get(name)
    detail = {"pipeline": name} if why is None else {"pipeline": name, "error": why.partition(":")[0]}
    return Check(ok=why is None, required=False, detail=detail)


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
    if state.warnings:
        detail["warnings"] = list(state.warnings)
    if state.override is not None:
        override = state.override
        detail["override"] = {"actor": override.actor, "why": override.why, "since": override.since.isoformat()}
    return Check(ok=state.known, detail=detail)


class Part(BaseModel):
    """One part of the deep check. Operators also see how it was found to be."""

    status: Literal["healthy", "degraded", "unhealthy"]
    detail: dict[str, Any] | None = None


class Deep(BaseModel):
    """`/health-deep`: every part by name; one that is unhealthy makes the whole so."""

    timestamp: datetime
    overall: Literal["healthy", "unhealthy"]
    checks: dict[str, Part]


@router.head("/health-deep", include_in_schema=False)
@router.get("/health-deep", responses={503: {"model": Deep}}, response_model_exclude_none=True)
async def health_deep(request: Request, response: Response) -> Deep:
    """Ask everything around this process how it is, each for a limited time. Details are for operators."""
    findings = await request.state.deep_health.look()
    access = Access.of(request.state.services.settings)
    shows = access.is_operator(shown_secrets(request.scope["headers"]))
    is_healthy = all(finding.status != "unhealthy" for finding in findings.values())
    response.status_code = 200 if is_healthy else 503
    return Deep(
        timestamp=datetime.now(UTC),
        overall="healthy" if is_healthy else "unhealthy",
        checks={
            name: Part(status=found.status, detail=dict(found.detail) if shows else None)
            for name, found in findings.items()
        },
    )


@router.get("/metrics", response_class=Response, responses={200: {"content": {"text/plain": {}}}})
async def metrics(request: Request, accept: Annotated[str | None, Header()] = None) -> Response:
    """All metrics of this process, as OpenMetrics when asked for."""
    page, content_type = await request.state.metrics_page.read(accept or "")
    return Response(page, headers={"Content-Type": content_type})
