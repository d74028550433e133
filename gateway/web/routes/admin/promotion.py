"""`/admin/rollout/promote` and `/demote`: make a version the base for every process, and undo it."""

from fastapi import APIRouter, Request
from pydantic import BaseModel, Field

from gateway.errors import Conflict
from gateway.rollout.history import By
from gateway.rollout.promotion import PromotionRefused, check_promotion, demote, promote
from gateway.rollout.ramp.store import latest
from gateway.services import Services
from gateway.web.auth import actor_of
from gateway.web.routes.admin.rollout import FAILURES, control_errors
from gateway.web.routes.admin.rollout_body import Reasoned
from gateway.web.routes.jobs import database_errors

router = APIRouter(prefix="/rollout")


class Promoting(Reasoned):
    """Which version becomes the base; `preview`: only say what that would do."""

    pipeline: str
    preview: bool = False


class BaseShown(BaseModel):
    """The base in force in this process."""

    base: str
    changed: bool
    lines: list[str] = Field(description="what it does, in words")


@router.post("/promote", responses=FAILURES)
async def promote_version(request: Request, asked: Promoting) -> BaseShown:
    """Make a version the base: its flag is not asked any more. Refused (409) unless nobody would move."""
    services: Services = request.state.services
    with control_errors(), database_errors():
        rollout = await services.steering.changes.read()
        ramp = await latest(services.database.pool)
        try:
            promotion = check_promotion(
                asked.pipeline, rollout, services.flags.state().override, ramp, services.registry.usable
            )
            by = By(actor_of(request, asked.actor), "http", asked.why)
            done = not asked.preview and await promote(services.database.pool, promotion, by)
        except PromotionRefused as error:
            raise Conflict(str(error)) from None
        await services.steering.watch.look()
    return BaseShown(base=services.base, changed=done, lines=promotion.lines)


@router.post("/demote", responses={409: FAILURES[409], 503: FAILURES[503]})
async def demote_version(request: Request, asked: Reasoned) -> BaseShown:
    """Undo it: the base is again what BASE_PIPELINE says, and the flags of newer versions are asked again.

    Refused (409) if that version is not there any more.
    """
    services: Services = request.state.services
    with database_errors():
        by = By(actor_of(request, asked.actor), "http", asked.why)
        try:
            was = await demote(services.database.pool, by, services.settings.base_pipeline, services.registry.usable)
        except PromotionRefused as error:
            raise Conflict(str(error)) from None
        await services.steering.watch.look()
    lines = [f"the flag of {was} decides again"] if was else ["nothing was promoted"]
    return BaseShown(base=services.base, changed=was is not None, lines=lines)
