"""`/admin/ramp`: start a ramp, look at it, pause, resume, abort."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Literal

from fastapi import APIRouter, Request
from pydantic import BaseModel, Field

from gateway.errors import Conflict, NotFound
from gateway.rollout.guard.verdict import Phase
from gateway.rollout.history import By
from gateway.rollout.ramp.describe import describe
from gateway.rollout.ramp.orders import RampOrders
from gateway.rollout.ramp.plan import Plan, Ramp, RampError
from gateway.rollout.ramp.store import latest
from gateway.services import Services
from gateway.web.auth import actor_of
from gateway.web.database_route import DatabaseRoute
from gateway.web.routes.admin.rollout import FAILURES, control_errors
from gateway.web.routes.admin.rollout_body import Addressed, Reasoned
from gateway.web.routes.imports.body import ErrorAnswer
from gateway.web.routes.jobs import database_errors

router = APIRouter(route_class=DatabaseRoute, prefix="/ramp")


class Found(BaseModel):
    """One gate's answer, with its numbers in words."""

    check: str
    phase: Phase
    message: str


class RampShown(BaseModel):
    """The latest ramp. `step` counts from 1; `target` is its dial; `in_force_since` is null while it is being taken."""

    id: int
    pipeline: str | None = Field(description="whose dial; null in ramps of an older release: the candidate's")
    state: Literal["running", "paused", "done", "aborted", "rolled_back"]
    version: str = Field(description="names the ramp and its state, for `expected_version`")
    steps: list[float]
    step: int
    target: float
    in_force_since: datetime | None
    hold_seconds: float
    min_jobs: int
    auto_rollback: bool
    margin: float
    note: str
    findings: list[Found]
    actor: str
    why: str
    started_at: datetime
    looked_at: datetime | None
    ended_at: datetime | None


class Expecting(BaseModel):
    """An order for a ramp as its giver saw it."""

    expected_version: str | None = Field(
        None, max_length=100, description="the ramp's `version` (`none`: there was no ramp); a 409 if it is another now"
    )


class Order(Reasoned, Expecting):
    """An order to the active ramp."""


class RampPlan(Addressed, Expecting):
    """What to do: percentages, rising, each held for `hold_seconds` and for ended jobs of `min_jobs` users."""

    steps: list[float] = Field(min_length=1, max_length=100)
    hold_seconds: float = Field(3600.0, ge=0)
    min_jobs: int = Field(200, ge=1, le=2**31 - 1)
    auto_rollback: bool = Field(default=True, description="false: the guard only says what it would do")
    margin: float = Field(
        0.05, gt=0, le=1, description="by so much the share of failed users may be higher at most, 0 to 1"
    )


class Abort(Order):
    """`off`: turn the flag off too; else the dial stays where it is."""

    off: bool = False


@router.get("", responses={404: {"model": ErrorAnswer}, 503: FAILURES[503]})
async def show_ramp(request: Request) -> RampShown:
    """Show the latest ramp: where it is, what it waits for, and what the guard found."""
    with database_errors():
        ramp = await latest(request.state.services.database.pool)
    if ramp is None:
        raise NotFound("there has been no ramp yet")
    return shown(ramp)


@router.post("/start", responses=FAILURES)
async def start_ramp(request: Request, plan: RampPlan) -> RampShown:
    """Store a plan; the workers carry it out."""
    wanted = plan_of(plan)
    with failures():
        return shown(await orders(request).start(wanted, signed(request, plan), expected=plan.expected_version))


@router.post("/pause", responses=FAILURES)
async def pause_ramp(request: Request, asked: Order) -> RampShown:
    """Leave the dial where it is until it is resumed. The guard goes on guarding."""
    with failures():
        return shown(await orders(request).pause(signed(request, asked), expected=asked.expected_version))


@router.post("/resume", responses=FAILURES)
async def resume_ramp(request: Request, asked: Order) -> RampShown:
    """Go on with the first step that is not below the dial; its time and its evidence begin anew."""
    with failures():
        return shown(await orders(request).resume(signed(request, asked), expected=asked.expected_version))


@router.post("/abort", responses=FAILURES)
async def abort_ramp(request: Request, asked: Abort) -> RampShown:
    """End the ramp; the dial stays where it is, unless `off`."""
    with failures():
        return shown(
            await orders(request).abort(signed(request, asked), off=asked.off, expected=asked.expected_version)
        )


def orders(request: Request) -> RampOrders:
    services: Services = request.state.services
    return RampOrders(services.database.pool, services.steering.changes)


def plan_of(asked: RampPlan) -> Plan:
    return Plan(
        tuple(asked.steps), asked.hold_seconds, asked.min_jobs, asked.auto_rollback, asked.pipeline, asked.margin
    )


def signed(request: Request, asked: Reasoned) -> By:
    return By(actor_of(request, asked.actor), "http", asked.why)


@contextmanager
def failures() -> Iterator[None]:
    """What cannot be done is a 409 that says why."""
    try:
        with control_errors(), database_errors():
            yield
    except RampError as error:
        raise Conflict(str(error)) from None


def shown(ramp: Ramp) -> RampShown:
    return RampShown.model_validate(describe(ramp))
