"""Answers `/process-full/` as `/process-full`. A redirect would lead callers behind a proxy to `http://`."""

from starlette.types import ASGIApp, Receive, Scope, Send


class TrailingSlash:
    """Takes one slash off the end of a path; no route of ours ends in one."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and scope["path"].endswith("/") and scope["path"] != "/":
            scope["path"] = scope["path"][:-1]
        await self._app(scope, receive, send)
