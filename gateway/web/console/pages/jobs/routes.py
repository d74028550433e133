"""`/console/jobs`: what waits, runs, failed."""

from fastapi import APIRouter
from starlette.responses import Response

from gateway.web.console.page import OpenPage

router = APIRouter(prefix="/console/jobs")


@router.get("")
async def show_jobs(page: OpenPage) -> Response:
    """The page."""
    return await page.show("jobs/jobs.html", None)
