"""Gives every request its id and its answer protective headers; counts and times it by route, method and status."""

import re
import secrets
import time
from itertools import count
from typing import Any

from prometheus_client import Histogram
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from gateway.telemetry.log import REQUEST_ID
from gateway.telemetry.metrics import Metrics
from gateway.web.forward.forwarder import PassedOn

UNKNOWN_ROUTE = "unknown"
KNOWN_METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
SANE_ID = re.compile(rb"[A-Za-z0-9._-]{1,128}")
# Answers are data about one user: no browser shows them as a page, frames them, guesses at their type or keeps them.
PROTECTIVE = (
    (b"x-content-type-options", b"nosniff"),
    (b"cache-control", b"no-store"),
    (b"content-security-policy", b"default-src 'none'; frame-ancestors 'none'"),
    (b"referrer-policy", b"no-referrer"),
)
ANSWER_HEADERS = "gateway.answer_headers"  # in a scope: what its answer gets in place of these


class Exchange:
    """One request and its answer, seen from outside. Metric children are kept: finding one costs more than counting."""

    def __init__(self, app: ASGIApp, metrics: Metrics) -> None:
        self._app = app
        self._seconds = metrics.http_seconds
        self._in_flight = 0
        metrics.http_in_flight.set_function(lambda: self._in_flight)
        self._prefix = secrets.token_hex(8)
        self._numbers = count()
        self._children: dict[tuple[str, str, int], Histogram] = {}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return await self._app(scope, receive, send)
        request_id = incoming_id(scope["headers"]) or f"{self._prefix}{next(self._numbers):08x}"
        header = (b"x-request-id", request_id.encode("ascii"))
        status = 500

        async def send_with_id(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                headers = message.get("headers", ())
                if isinstance(scope.get("endpoint"), PassedOn):  # the old service's answers are not touched
                    if not any(name == b"x-request-id" for name, _ in headers):
                        message["headers"] = [*headers, header]
                else:
                    message["headers"] = [*headers, *scope.get(ANSWER_HEADERS, PROTECTIVE), header]
            await send(message)

        token = REQUEST_ID.set(request_id)
        started = time.perf_counter()
        self._in_flight += 1
        try:
            await self._app(scope, receive, send_with_id)
        finally:
            self._in_flight -= 1
            self._observe(scope, status, time.perf_counter() - started)
            REQUEST_ID.reset(token)

    def _observe(self, scope: Scope, status: int, seconds: float) -> None:
        key = (scope["method"], route_template(scope), status)
        child = self._children.get(key)
        if child is None:
            method = key[0] if key[0] in KNOWN_METHODS else "other"
            child = self._seconds.labels(method, key[1], str(status))
            if method == key[0]:
                self._children[key] = child
        child.observe(seconds)


def route_template(scope: Scope) -> str:
    """The path as it was declared (`/jobs/{job_id}`): bounded, whatever paths are asked for."""
    route: Any = scope.get("route")
    if route is None:
        route = scope.get("endpoint")
    template = getattr(route, "path", None)
    return template if isinstance(template, str) else UNKNOWN_ROUTE


def incoming_id(headers: list[tuple[bytes, bytes]]) -> str | None:
    """The caller's own request id, when it is one that can be logged as it is."""
    for name, value in headers:
        if name == b"x-request-id":
            return value.decode("ascii") if SANE_ID.fullmatch(value) else None
    return None
