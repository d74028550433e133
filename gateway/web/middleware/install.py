"""Puts the protections around an application that its settings ask for; those not asked for cost nothing."""

from fastapi import FastAPI
from starlette.middleware.cors import CORSMiddleware

from gateway.config.origins import split_origins
from gateway.config.settings import Settings
from gateway.jobs.roles import PATHS
from gateway.web.auth import Access
from gateway.web.middleware.authenticate import Gate
from gateway.web.middleware.body_limit import BodyLimit, OpenBodies
from gateway.web.middleware.cross_site import CrossSite
from gateway.web.middleware.hosts import Hosts, allowed_names
from gateway.web.middleware.rate_limit import RateLimit

EXPORTS = frozenset({*PATHS, "/process-import", "/create-soulprint"})  # what takes one: a large body
METHODS = ("GET", "POST", "PUT", "DELETE")
HEADERS = ("Authorization", "Content-Type", "X-API-Key", "X-Request-Id")


def add_cors(app: FastAPI, settings: Settings) -> None:
    """Let the listed web pages call, never with cookies: what a page may do depends on the key that it shows."""
    if origins := split_origins(settings.cors_origins):
        app.add_middleware(
            CORSMiddleware,
            allow_origins=origins,
            allow_methods=METHODS,
            allow_headers=HEADERS,
            expose_headers=("X-Pipeline", "X-Request-Id", "Retry-After"),
            allow_credentials=False,
        )


def limit_bodies(app: FastAPI, settings: Settings) -> None:
    """Limit each body, and all that are open together."""
    largest = settings.max_body_bytes
    bodies = OpenBodies(max(settings.max_open_body_bytes, largest))
    app.add_middleware(BodyLimit, limit=largest, bodies=bodies, large=EXPORTS)


def refuse_foreign_names(app: FastAPI, settings: Settings) -> None:
    """Answer to our own names alone, where they are known."""
    if (is_allowed := allowed_names(settings)) is not None:
        app.add_middleware(Hosts, is_allowed=is_allowed)


def refuse_foreign_pages(app: FastAPI, settings: Settings) -> None:
    """Let no other web pages change anything, or see what is about a person."""
    app.add_middleware(CrossSite, origins=frozenset(split_origins(settings.cors_origins)))


def add_gate(app: FastAPI, settings: Settings) -> None:
    """Ask for keys and keep a rate, if one of the two is set."""
    access, per_minute = Access.of(settings), settings.rate_limit_per_minute
    if access.callers or per_minute is not None:
        limit = None if per_minute is None else RateLimit(per_minute)
        app.add_middleware(Gate, access=access, limit=limit, proxies=settings.trusted_proxies)
