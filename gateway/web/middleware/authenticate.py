"""The gate before all routes: asks callers for a key, and keeps each of them to a rate. Only there when one is set."""

import time
from collections.abc import Callable
from typing import Final

from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Receive, Scope, Send

from gateway.config.forwarded_routes import UNLEASH_WEBHOOK
from gateway.web.auth import Access, shown_secrets
from gateway.web.heads import forwarded_for, is_preflight, network_of
from gateway.web.middleware.rate_limit import RateLimit

ALWAYS_OPEN: Final = frozenset({"/health", "/ready"})  # platforms ask them, from addresses of their own, without a key
OWN_TOKEN: Final = frozenset({UNLEASH_WEBHOOK})  # asks for a token of its own; kept to the rate all the same
NO_KEY: Final = "key required: Authorization: Bearer <key>, or X-API-Key"
TOO_MANY: Final = "too many requests"


class Gate:
    """Knows callers by key, and those without one by address."""

    def __init__(
        self,
        app: ASGIApp,
        access: Access,
        limit: RateLimit | None = None,
        *,
        proxies: int = 0,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """`proxies`: how many between the client and us append the address that they saw to X-Forwarded-For."""
        self._app = app
        self._access = access
        self._limit = limit
        self._proxies = proxies
        self._clock = clock

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        refusal = self._refusal(scope) if scope["type"] == "http" and scope["path"] not in ALWAYS_OPEN else None
        await (refusal or self._app)(scope, receive, send)

    def _refusal(self, scope: Scope) -> JSONResponse | None:
        caller = self._access.caller(shown_secrets(scope["headers"]))
        if self._limit is not None:
            who = caller or address_of(scope, self._proxies)
            seconds = self._limit.take(who, self._clock())
            if seconds:
                return JSONResponse({"detail": TOO_MANY}, 429, {"Retry-After": str(seconds)})
        if self._access.callers and caller is None and scope["path"] not in OWN_TOKEN and not is_preflight(scope):
            return JSONResponse({"detail": NO_KEY}, 401, {"WWW-Authenticate": "Bearer"})
        return None


def address_of(scope: Scope, proxies: int) -> str:
    """The client's network: its IPv4 address, or the /64 that an IPv6 client may choose from."""
    seen = forwarded_for(scope["headers"]) if proxies else []
    client = scope.get("client")
    text = seen[-proxies] if len(seen) >= proxies > 0 else (client[0] if client else "")
    return network_of(text)
