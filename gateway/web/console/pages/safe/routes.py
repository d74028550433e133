"""`/console/safe`: what is known of a version that is rolled out, and what is not yet."""

from datetime import UTC, datetime

from fastapi import APIRouter
from starlette.responses import Response

from gateway.web.console.page import OpenPage
from gateway.web.console.pages.safe.read import read_safe

router = APIRouter(prefix="/console/safe")


@router.get("")
async def show_safe(page: OpenPage) -> Response:
    """The page; `version` says about which."""
    now = datetime.fromtimestamp(page.now, UTC)
    view = await read_safe(page.services, page.console.cached, page.query.get("version"), now)
    return await page.show("safe/safe.html", view)
