"""The trace that the request at hand came with: set by the middleware, read where its accept is marked."""

from contextvars import ContextVar

TRACEPARENT: ContextVar[str | None] = ContextVar("traceparent", default=None)
