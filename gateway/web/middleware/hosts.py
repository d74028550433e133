"""Refuses requests that call the gateway by a name that is not its own.

A foreign page can make its own name lead here (DNS rebinding): the browser then takes our answers for the page's own,
and only the `Host` tells.
"""

from collections.abc import Awaitable, Callable
from functools import lru_cache
from typing import Final

from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Receive, Scope, Send

from gateway.config.hosts import ANY, is_listed, is_loopback, leads_nowhere_else, name_of, split_hosts
from gateway.config.settings import Settings
from gateway.web.middleware.authenticate import ALWAYS_OPEN

REFUSED: Final = "the gateway is not called so; ALLOWED_HOSTS lists its names"
KNOWN_HOSTS: Final = 64  # remembered, with what was found of them: a service has a few


class Hosts:
    """Stands before everything that answers with more than that the process lives."""

    def __init__(self, app: ASGIApp, is_allowed: Callable[[str], bool]) -> None:
        self._app = app
        self._is_allowed = lru_cache(KNOWN_HOSTS)(lambda host: is_allowed(name_of(host.decode("latin-1"))))

    def __call__(self, scope: Scope, receive: Receive, send: Send) -> Awaitable[None]:
        """No coroutine of its own: it only chooses between two."""
        if scope["type"] == "http" and scope["path"] not in ALWAYS_OPEN and not self._is_ours(scope):
            return JSONResponse({"detail": REFUSED}, 403)(scope, receive, send)
        return self._app(scope, receive, send)

    def _is_ours(self, scope: Scope) -> bool:
        """Where two are named, both count. Browsers always name one."""
        return all(map(self._is_allowed, [value for name, value in scope["headers"] if name == b"host"]))


def allowed_names(settings: Settings) -> Callable[[str], bool] | None:
    """Which names are ours; None where any may be."""
    listed = split_hosts(settings.allowed_hosts)
    if ANY in listed or not (listed or is_loopback(settings.host)):
        return None
    return (lambda name: is_listed(name, listed)) if listed else leads_nowhere_else
