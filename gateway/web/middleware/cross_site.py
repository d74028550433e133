"""Refuses what a foreign web page makes a browser send: the answer is kept from the page, but the deed would be done.

A page can send a request that the browser does not ask about first, and a gateway on a private network has no key. Only
browsers send these headers, and no page can forge them; callers that are no browsers send none.
"""

from collections.abc import Collection
from typing import Final

from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Receive, Scope, Send

SAFE_METHODS: Final = frozenset({"GET", "HEAD", "OPTIONS"})
CHANGED_BY_GET: Final = ("/generate-soulprint/", "/test-embed", "/test-patch")  # what the service before this one did
ASKED_BY_NOBODY_ELSE: Final = frozenset({b"none", b"same-origin"})  # the address bar, or a page of ours
REFUSED: Final = "web pages of this origin may not call; CORS_ORIGINS lists those that may"


class CrossSite:
    """Stands before all routes of ours. `origins` are those whose pages may call, `*` for any."""

    def __init__(self, app: ASGIApp, origins: Collection[str]) -> None:
        self._app = app
        self._origins = origins

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and changes(scope["method"], scope["path"]) and self._is_foreign(scope):
            await JSONResponse({"detail": REFUSED}, 403)(scope, receive, send)
        else:
            await self._app(scope, receive, send)

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


def changes(method: str, path: str) -> bool:
    """May such a request change something?"""
    return method not in SAFE_METHODS or path.startswith(CHANGED_BY_GET)


def origin_of(address: str) -> str:
    """The origin of a page's address, as browsers write it: what is before the path."""
    return "/".join(address.split("/")[:3])
