"""The application: middleware, routes and errors over open services, which every request finds in its state."""

from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, nullcontext
from importlib.metadata import version
from typing import NotRequired, TypedDict

import psycopg
from fastapi import APIRouter, FastAPI
from fastapi.exceptions import RequestValidationError
from fastapi.telemetry import TelemetryConfig

from gateway.config.forwarded_routes import forwarded_routes
from gateway.config.settings import Settings
from gateway.jobs.run.process_pool import ProcessCompute
from gateway.services import Services
from gateway.telemetry.metrics import Metrics
from gateway.web.auth import operator
from gateway.web.console.mount import mount_console, open_console
from gateway.web.error_answers import AnswerDatabaseFault, AnswerUnexpected, answer_invalid
from gateway.web.forward.forwarder import Forwarder
from gateway.web.forward.upstream import Upstream, head_rules, open_upstream
from gateway.web.health import DeepHealth
from gateway.web.metrics_page import MetricsPage
from gateway.web.middleware.install import (
    add_cors,
    add_gate,
    limit_bodies,
    refuse_foreign_names,
    refuse_foreign_pages,
)
from gateway.web.middleware.instrument import Exchange
from gateway.web.middleware.trace_context import TraceContext
from gateway.web.middleware.trailing_slash import TrailingSlash
from gateway.web.readiness import Readiness
from gateway.web.routes import jobs, ops, unleash_webhook
from gateway.web.routes.admin import admin_router
from gateway.web.routes.imports.process_full import mount_process_full
from gateway.web.routes.memory import router as memory_router
from pipelines.contract import Compute

# FastAPI's own spans and log records hold whole paths, and so ids of users; ours hold templates.
SILENT = TelemetryConfig(tracing=False, metrics=False, logs=False, operation_spans=False, auto_configure=False)
DESCRIPTION = "Accepts chat exports and lets one of two pipelines, picked per user by a flag, make soulprints of them."


class State(TypedDict):
    """The typed lifespan state: what `request.state` holds for every route."""

    services: Services
    worker_alive: Callable[[], bool] | None
    stopping: Callable[[], bool]
    deep_health: DeepHealth
    readiness: Readiness
    metrics_page: MetricsPage
    large_bodies: NotRequired[Compute]  # reads them, in a process of its own


def create_app(
    services: Services,
    *,
    worker_alive: Callable[[], bool] | None = None,
    stopping: Callable[[], bool] = lambda: False,
    routers: tuple[APIRouter, ...] = (),
) -> FastAPI:
    """Build the application.

    `worker_alive` tells whether the worker beside it runs, None when there is none; `stopping`, whether the process is
    about to end.
    """
    upstream = open_upstream(services.settings)
    console = open_console(services)
    large_bodies = ProcessCompute(1)  # for them alone: they never wait behind jobs

    @asynccontextmanager
    async def lifespan(_app: FastAPI) -> AsyncIterator[State]:
        async with upstream or nullcontext(), console or nullcontext():
            yield {**state_of(services, worker_alive, stopping), "large_bodies": large_bodies}

    app = FastAPI(
        title="Soulprint gateway",
        version=version("soulprint-gateway"),
        description=DESCRIPTION,
        lifespan=lifespan,
        strict_content_type=False,
        redirect_slashes=False,
        docs_url=None,  # its pages load scripts from elsewhere
        redoc_url=None,
        telemetry=SILENT,
    )
    app.add_middleware(TrailingSlash)
    mount_process_full(app, services, compute=large_bodies)
    for router in (ops.router, jobs.router, memory_router, *routers, *tokened_routers(services.settings)):
        app.include_router(router)
    limit_bodies(app, services.settings)
    refuse_foreign_pages(app, services.settings)
    add_cors(app, services.settings)
    add_forwarder(app, services, upstream)  # outside of the limit: how large a body may be, the old service judges
    add_gate(app, services.settings)
    refuse_foreign_names(app, services.settings)
    mount_console(app, console)
    if services.tracing.on:
        app.add_middleware(TraceContext)
    app.add_middleware(Exchange, metrics=services.metrics)
    add_error_answers(app, services.metrics)
    return app


def add_forwarder(app: FastAPI, services: Services, upstream: Upstream | None) -> None:
    """Pass the routes on that are the old service's, where there is one."""
    if upstream is not None:
        settings, routes = services.settings, forwarded_routes(services.settings.forward_routes)
        app.add_middleware(
            Forwarder, upstream=upstream, routes=routes, rules=head_rules(settings), metrics=services.metrics
        )


def add_error_answers(app: FastAPI, metrics: Metrics) -> None:
    """Input that is not valid, faults of the database, and errors of the code itself."""
    app.add_exception_handler(RequestValidationError, answer_invalid)
    app.add_exception_handler(psycopg.Error, AnswerDatabaseFault(metrics))
    app.add_exception_handler(Exception, AnswerUnexpected(metrics))


def tokened_routers(settings: Settings) -> Iterator[APIRouter]:
    """Routes that are there only where the token is set that they ask for."""
    if settings.operators:
        yield from (jobs.changes, admin_router(operator))
    if settings.unleash_webhook_token is not None:
        yield unleash_webhook.router


def state_of(
    services: Services, worker_alive: Callable[[], bool] | None, stopping: Callable[[], bool] = lambda: False
) -> State:
    """What every request finds."""
    return {
        "services": services,
        "worker_alive": worker_alive,
        "stopping": stopping,
        "deep_health": DeepHealth(services),
        "readiness": Readiness(services.database),
        "metrics_page": MetricsPage(services),
    }


def create_worker_app(services: Services, *, worker_alive: Callable[[], bool]) -> FastAPI:
    """What a worker process answers, beside its jobs: health, readiness and metrics."""

    @asynccontextmanager
    async def lifespan(_app: FastAPI) -> AsyncIterator[State]:
        yield state_of(services, worker_alive)

    app = FastAPI(
        title="Soulprint gateway worker", lifespan=lifespan, openapi_url=None, redirect_slashes=False, telemetry=SILENT
    )
    app.include_router(ops.router)
    app.add_middleware(TrailingSlash)
    app.add_middleware(Exchange, metrics=services.metrics)
    add_error_answers(app, services.metrics)
    return app
