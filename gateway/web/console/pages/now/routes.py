"""`/console/now`: what is asked for, what is in force, and the dial."""

from fastapi import APIRouter
from starlette.responses import Response

from gateway.web.console.page import OpenPage

router = APIRouter(prefix="/console/now")


@router.get("")
async def show_now(page: OpenPage) -> Response:
    """The page."""
    return await page.show("now/now.html", None)
