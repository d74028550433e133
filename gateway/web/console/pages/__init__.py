"""The console's pages, a folder each: routes (thin), read (asks), view (what is shown, ready to print), templates."""

from fastapi import APIRouter

from gateway.web.console.pages.compare import routes as compare
from gateway.web.console.pages.history import routes as history
from gateway.web.console.pages.jobs import routes as jobs
from gateway.web.console.pages.now import routes as now
from gateway.web.console.pages.off import routes as off
from gateway.web.console.pages.safe import routes as safe
from gateway.web.console.pages.who import routes as who

PAGES: tuple[APIRouter, ...] = (
    now.router,
    safe.router,
    compare.router,
    who.router,
    history.router,
    jobs.router,
    off.router,
)
