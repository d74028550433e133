"""`/console/who`: which version a user gets and why; who got one."""

from fastapi import APIRouter
from starlette.responses import Response

from gateway.web.console.page import OpenPage

router = APIRouter(prefix="/console/who")


@router.get("")
async def show_who(page: OpenPage) -> Response:
    """The page."""
    return await page.show("who/who.html", None)
