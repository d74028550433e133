"""`/console/off`: everybody gets the base, with one click, in every state."""

from fastapi import APIRouter
from starlette.responses import Response

from gateway.rollout.all_off.switch import NotOff
from gateway.web.console.page import OpenPage

router = APIRouter(prefix="/console/off")


@router.post("")
async def turn_all_off(page: OpenPage) -> Response:
    """Do it. Why is asked afterwards."""
    try:
        await page.services.steering.off.turn_all_off(page.by(""))
    except NotOff as error:
        return await page.show("off/failed.html", str(error), 503, path="/console/now")
    return page.leads_to("/console/now")
