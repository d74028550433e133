"""`/console/now`: what is asked for, what is in force, what users got; the dial, the ramp, users called by name."""

from fastapi import APIRouter
from starlette.responses import Response

from gateway.web.console.forms import Form
from gateway.web.console.page import OpenPage
from gateway.web.console.pages.now import orders, turns
from gateway.web.console.pages.now.forced import routes as forced
from gateway.web.console.pages.now.shown import show_page

router = APIRouter()
for part in (turns.router, forced.router, orders.router):
    router.include_router(part)


@router.get("/console/now")
async def show_now(page: OpenPage) -> Response:
    """The page. What was typed into the dial's form may stand in the address: it is shown again, and sets nothing."""
    return await show_page(page, Form(dict(page.query)))
