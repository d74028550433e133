"""Refuses what a foreign web page makes a browser send: the answer is kept from the page, but the deed would be done.

A page can send a request that the browser does not ask about first, and a gateway on a private network has no key. Only
browsers send these headers, and no page can forge them; callers that are no browsers send none.
"""

from collections.abc import Awaitable, Collection
from typing import Final

from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Receive, Scope, Send

CHANGED_BY_GET: Final = ("/generate-soulprint/", "/test-embed", "/test-patch")  # what the service before this one did
ABOUT_NOBODY: Final = frozenset({"/health", "/health-deep", "/ready", "/status", "/metrics", "/openapi.json"})
ASKED_BY_NOBODY_ELSE: Final = frozenset({b"none", b"same-origin"})  # the address bar, or a page of ours
REFUSED: Final = "web pages of this origin may not call; CORS_ORIGINS lists those that may"


class CrossSite:
    """Stands before all routes of ours. `origins` are those whose pages may call, `*` for any."""

    def __init__(self, app: ASGIApp, origins: Collection[str]) -> None:
        self._app = app
        self._origins = origins

    def __call__(self, scope: Scope, receive: Receive, send: Send) -> Awaitable[None]:
        """No coroutine of its own: it only chooses between two."""
        if scope["type"] == "http" and self._is_foreign(scope) and not may_anybody(scope):
            return JSONResponse({"detail": REFUSED}, 403)(scope, receive, send)
        return self._app(scope, receive, send)

    def _is_foreign(self, scope: Scope) -> bool:
        """What an `Origin` says counts. Where there is none, which pages can arrange, the browser's own words do."""
        if "*" in self._origins:
            return False
        site = page = None
        for name, value in scope["headers"]:
            if name == b"origin":
                return value.decode("latin-1") not in self._origins
            if name == b"sec-fetch-site":
                site = value
            elif name == b"referer":
                page = origin_of(value.decode("latin-1"))
        return page not in self._origins and (page is not None or site not in {None, *ASKED_BY_NOBODY_ELSE})


def may_anybody(scope: Scope) -> bool:
    """Does such a request change nothing, and show nothing of a person to the page that makes it?"""
    method, path = scope["method"], scope["path"].rstrip("/")
    if method == "OPTIONS":
        return True
    if method not in ("GET", "HEAD") or scope["path"].startswith(CHANGED_BY_GET):
        return False
    return path in ABOUT_NOBODY or is_followed_link(scope)


def is_followed_link(scope: Scope) -> bool:
    """Has somebody followed a link in a window of their own? The page with the link does not see where it leads."""
    said = {name: value for name, value in scope["headers"] if name in (b"sec-fetch-mode", b"sec-fetch-dest")}
    return said == {b"sec-fetch-mode": b"navigate", b"sec-fetch-dest": b"document"}


def origin_of(address: str) -> str:
    """The origin of a page's address, as browsers write it: what is before the path."""
    return "/".join(address.split("/")[:3])
