"""Remembers the trace that a request came with. Stands in the application only where tracing is on."""

from starlette.types import ASGIApp, Receive, Scope, Send

from gateway.telemetry.tracing.traceparent import TRACEPARENT


class TraceContext:
    """Keeps the header `traceparent` for as long as its request is answered. What is in it is not judged here."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return await self._app(scope, receive, send)
        token = TRACEPARENT.set(traceparent(scope["headers"]))
        try:
            await self._app(scope, receive, send)
        finally:
            TRACEPARENT.reset(token)


def traceparent(headers: list[tuple[bytes, bytes]]) -> str | None:
    """The header, if it was sent."""
    for name, value in headers:
        if name == b"traceparent":
            return value.decode("latin-1")
    return None
