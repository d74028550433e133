"""The gate before all routes: asks callers for a key, and keeps each of them to a rate. Only there when one is set."""

import ipaddress
import time
from collections.abc import Callable
from typing import Final

from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Receive, Scope, Send

from gateway.config.forwarded_routes import UNLEASH_WEBHOOK
from gateway.web.auth import Access, Headers, shown_secrets
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


def is_preflight(scope: Scope) -> bool:
    """A browser asking whether it may send a request: it shows no key, and learns nothing but that."""
    return scope["method"] == "OPTIONS" and any(
        name == b"access-control-request-method" for name, _ in scope["headers"]
    )


def address_of(scope: Scope, proxies: int) -> str:
    """The client's network: its IPv4 address, or the /64 that an IPv6 client may choose from."""
    seen = forwarded_for(scope["headers"]) if proxies else []
    client = scope.get("client")
    text = seen[-proxies] if len(seen) >= proxies > 0 else (client[0] if client else "")
    return network_of(text)


def network_of(text: str) -> str:
    """An IPv4 address as it is, the /64 of an IPv6 address."""
    try:
        address = ipaddress.ip_address(text)
    except ValueError:
        return "unknown"  # a Unix socket, or a proxy that writes something else: one bucket for all of them
    return str(address) if address.version == 4 else str(ipaddress.ip_network((address, 64), strict=False))


def forwarded_for(headers: Headers) -> list[str]:
    """The addresses of X-Forwarded-For, the nearest last. All but those of our own proxies may be invented."""
    lines = [value.decode("latin-1") for name, value in headers if name == b"x-forwarded-for"]
    return [part.strip() for part in ",".join(lines).split(",") if part.strip()]
