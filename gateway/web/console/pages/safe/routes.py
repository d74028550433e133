"""`/console/safe`: what is known of the candidate, and what is not yet."""

from fastapi import APIRouter
from starlette.responses import Response

from gateway.web.console.page import OpenPage

router = APIRouter(prefix="/console/safe")


@router.get("")
async def show_safe(page: OpenPage) -> Response:
    """The page."""
    return await page.show("safe/safe.html", None)
