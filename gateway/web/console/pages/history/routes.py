"""`/console/history`: who changed what, and the way back."""

from fastapi import APIRouter
from starlette.responses import Response

from gateway.web.console.page import OpenPage

router = APIRouter(prefix="/console/history")


@router.get("")
async def show_history(page: OpenPage) -> Response:
    """The page."""
    return await page.show("history/history.html", None)
