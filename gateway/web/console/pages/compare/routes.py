"""`/console/compare`: pairs of results, the worst first."""

from fastapi import APIRouter
from starlette.responses import Response

from gateway.web.console.page import OpenPage

router = APIRouter(prefix="/console/compare")


@router.get("")
async def show_compare(page: OpenPage) -> Response:
    """The page."""
    return await page.show("compare/compare.html", None)
