"""Puts the console before the gateway's other routes, where an operator's token is set."""

import time
from collections.abc import Callable
from typing import get_args

import psycopg
import structlog
from fastapi import FastAPI, Request
from fastapi.telemetry import TelemetryConfig
from starlette.middleware.gzip import GZipMiddleware
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.types import ASGIApp, Receive, Scope, Send

from gateway.database.retry import first_line
from gateway.services import Services
from gateway.web.console.access import headers, login
from gateway.web.console.access.door import Door
from gateway.web.console.assets import load_assets
from gateway.web.console.cached import CachedReads
from gateway.web.console.limits import LoginLimits, OpenStreams
from gateway.web.console.live import stream
from gateway.web.console.page import open_page
from gateway.web.console.pages import PAGES
from gateway.web.console.parts import Console, console_of
from gateway.web.console.rendering import Templates
from gateway.web.middleware.instrument import ANSWER_HEADERS
from gateway.web.middleware.trailing_slash import TrailingSlash

SILENT = TelemetryConfig(tracing=False, metrics=False, logs=False, operation_spans=False, auto_configure=False)
log = structlog.get_logger(__name__)


class ConsoleFirst:
    """Answers `/console` and what is below it; neither keys nor names, limits or the service behind us are asked."""

    def __init__(self, app: ASGIApp, console: ASGIApp) -> None:
        self._app = app
        self._console = console

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        is_ours = scope["type"] == "http" and f"{scope['path']}/".startswith("/console/")
        await (self._console if is_ours else self._app)(scope, receive, send)


def mount_console(app: FastAPI, console: Console | None) -> None:
    """Before everything but what gives requests their id and counts them."""
    if console is not None:
        app.add_middleware(ConsoleFirst, console=create_console_app(console))


def open_console(services: Services, now: Callable[[], float] = time.time) -> Console | None:
    """What all pages share; None where no operator's token is set. Whoever opens it closes what it reads."""
    if not services.settings.operators:
        return None
    for outcome in get_args(login.Outcome):
        services.metrics.console_logins.labels(outcome)
    assets = load_assets()
    return Console(
        services=services,
        operators=services.settings.operators,
        templates=Templates(assets=assets),
        assets=assets,
        limits=LoginLimits(),
        streams=OpenStreams(),
        cached=CachedReads(time.monotonic),
        now=now,
    )


def create_console_app(console: Console) -> ASGIApp:
    """The console's own application, behind its door."""
    app = FastAPI(openapi_url=None, docs_url=None, redoc_url=None, redirect_slashes=False, telemetry=SILENT)
    app.state.console = console
    app.add_middleware(GZipMiddleware, minimum_size=1024, compresslevel=6)
    app.add_middleware(TrailingSlash)
    app.add_api_route("/console", lead_to_start, methods=["GET"])
    app.add_api_route("/console/static/{name}", send_file, methods=["GET"])
    for router in (login.router, stream.router, *PAGES):
        app.include_router(router)
    app.add_exception_handler(psycopg.Error, answer_database_away)
    app.add_exception_handler(404, answer_not_found)
    return Door(app, console)


async def lead_to_start() -> Response:
    """The first page."""
    return RedirectResponse("/console/now", 303)


async def send_file(request: Request, name: str) -> Response:
    """The stylesheet or the script: open to all, as the log-in needs them."""
    asset = console_of(request).assets.find(name)
    if asset is None:
        return HTMLResponse("there is no such file\n", 404)
    request.scope[ANSWER_HEADERS] = headers.FILE
    if "gzip" not in request.headers.get("accept-encoding", ""):
        return Response(asset.content, media_type=asset.media_type)
    return Response(asset.compressed, headers={"content-encoding": "gzip"}, media_type=asset.media_type)


async def answer_database_away(request: Request, error: Exception) -> Response:
    """A page that could not be read whole; what is known from memory stays, and so does the off button."""
    log.warning("database_away", during="console", error=first_line(error))
    problem = "The database does not answer. What stands above is known from memory; all off works all the same."
    return await open_page(request).show("failed.html", problem, 503)


async def answer_not_found(request: Request, _error: Exception) -> Response:
    """No such page."""
    return await open_page(request).show("failed.html", "There is no such page.", 404)
