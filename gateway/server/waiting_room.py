"""What a process answers from its first moment: that it lives and waits for its database; then, its application."""

import time
from collections.abc import AsyncIterator, MutableMapping
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from typing import Any

from fastapi import FastAPI
from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Receive, Scope, Send

from gateway.web.routes.ops import SERVICE

RETRY_AFTER_SECONDS = "5"


class ReplaceableApp:
    """Stands between the server and the application, which comes and goes."""

    def __init__(self) -> None:
        self._room = WaitingRoom()
        self._app: ASGIApp = self._room
        self._state: MutableMapping[str, Any] = {}  # the server's own: every request gets a copy

    def waits_for(self, error: str) -> None:
        """Name in /ready the error that the database's absence gives."""
        self._room.error = error

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            self._state = scope["state"]
            await live(receive, send)
        else:
            await self._app(scope, receive, send)

    @asynccontextmanager
    async def showing(self, app: FastAPI) -> AsyncIterator[None]:
        """Answer with this application, alive for as long as this is open."""
        async with app.router.lifespan_context(app) as state:
            self._state.update(state or {})
            self._app = app
            try:
                yield
            finally:
                self._app = self._room


class WaitingRoom:
    """Answers without a database: alive, not ready, and nothing is accepted."""

    def __init__(self) -> None:
        self.error: str | None = None
        self._since = time.monotonic()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await self.answer(scope["path"].rstrip("/"))(scope, receive, send)

    def answer(self, path: str) -> JSONResponse:
        """The same fields as the application's own answers."""
        if path == "/health":
            now = datetime.now(UTC).isoformat()
            return JSONResponse({"status": "ok", "service": SERVICE, "timestamp": now, "processors_available": True})
        headers = {"Retry-After": RETRY_AFTER_SECONDS}
        if path == "/ready":
            waited = round(time.monotonic() - self._since, 1)
            database = {"ok": False, "detail": {"error": self.error or "starting", "waited_seconds": waited}}
            return JSONResponse({"ready": False, "checks": {"database": database}}, 503, headers)
        return JSONResponse({"detail": "the database is not available"}, 503, headers)


async def live(receive: Receive, send: Send) -> None:
    """The server's lifespan: the application's own begins and ends in `showing`."""
    while True:
        message = await receive()
        if message["type"] == "lifespan.startup":
            await send({"type": "lifespan.startup.complete"})
        else:
            await send({"type": "lifespan.shutdown.complete"})
            return
