"""The middleware that passes requests on: judged by path, streamed both ways, counted by route and outcome."""

import asyncio
from dataclasses import dataclass
from typing import Literal

import httpx
import structlog
from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Receive, Scope, Send

from gateway.config.forwarded_routes import ForwardedRoutes
from gateway.telemetry.metrics import Metrics
from gateway.web.forward.body import ClientGone, RequestBody, without_body
from gateway.web.forward.headers import (
    HeadRules,
    Loop,
    RequestHead,
    UnclearAnswer,
    UnclearRequest,
    answer_headers,
    request_head,
)
from gateway.web.forward.upstream import Upstream
from gateway.web.heads import is_preflight

Outcome = Literal["answered", "refused", "unreachable", "slow", "cut_off", "client_gone"]
log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class PassedOn:
    """Stands in the scope where an endpoint would, so that requests are measured under their template."""

    path: str


class Forwarder:
    """Answers the routes that are passed on; the application answers the others."""

    def __init__(
        self, app: ASGIApp, upstream: Upstream, routes: ForwardedRoutes, rules: HeadRules, metrics: Metrics
    ) -> None:
        self._app = app
        self._upstream = upstream
        self._routes = routes
        self._rules = rules
        self._forwarded = metrics.forwarded

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        name = self._routes.name(scope["path"]) if scope["type"] == "http" else None
        if name is None:
            await self._app(scope, receive, send)
            return
        scope["endpoint"] = PassedOn(name)
        outcome = await self._answer(scope, receive, send)
        self._forwarded.labels(name, outcome).inc()
        if outcome != "answered":
            log.warning("request_not_forwarded", route=name, outcome=outcome)

    async def _answer(self, scope: Scope, receive: Receive, send: Send) -> Outcome:
        try:
            head = request_head(scope, self._upstream.host, self._upstream.prefix, self._rules)
        except UnclearRequest as unclear:
            await JSONResponse({"detail": str(unclear)}, 400)(scope, receive, send)
            return "refused"
        except Loop:
            detail = "LEGACY_UPSTREAM_URL leads back to this gateway"
            await JSONResponse({"detail": detail}, 508)(scope, receive, send)
            return "refused"
        return await self._until_gone(Passage(self._upstream, head, scope, send), body_of(scope, receive))

    async def _until_gone(self, passage: "Passage", body: RequestBody) -> Outcome:
        """Pass on until the answer is through, or the client hangs up: then the call to the old service ends too."""
        passing = asyncio.create_task(passage.run(body))
        listening = asyncio.create_task(body.until_gone())
        try:
            await asyncio.wait({passing, listening}, return_when=asyncio.FIRST_COMPLETED)
        finally:
            hung_up = not passing.done()
            passing.cancel()
            listening.cancel()
            await asyncio.gather(passing, listening, return_exceptions=True)
        return "client_gone" if hung_up else passing.result()


class Passage:
    """One request on its way to the old service, and the answer on its way back."""

    def __init__(self, upstream: Upstream, head: RequestHead, scope: Scope, send: Send) -> None:
        self._upstream = upstream
        self._head = head
        self._scope = scope
        self._send = send
        self._begun = False

    async def run(self, body: RequestBody) -> Outcome:
        """Stream both ways. A failure is answered where the answer has not begun, else the connection breaks off."""
        try:
            async with self._upstream.send(self._head, body) as response:
                await self._pass_back(response)
        except ClientGone:
            return "client_gone"
        except httpx.LocalProtocolError:
            return await self._fail(400, "the request cannot be passed on as it is", "refused")
        except httpx.TimeoutException:
            return await self._fail(504, "the service behind the gateway did not answer in time", "slow")
        except (httpx.TransportError, UnclearAnswer):
            return await self._fail(502, "the service behind the gateway cannot be reached", "unreachable")
        return "answered"

    async def _pass_back(self, response: httpx.Response) -> None:
        headers = answer_headers(response.status_code, response.headers.raw)
        await self._send({"type": "http.response.start", "status": response.status_code, "headers": headers})
        self._begun = True
        assert isinstance(response.stream, httpx.AsyncByteStream)  # noqa: S101 - of an asynchronous transport
        async for part in response.stream:
            await self._send({"type": "http.response.body", "body": part, "more_body": True})
        await self._send({"type": "http.response.body", "body": b""})

    async def _fail(self, status: int, detail: str, outcome: Outcome) -> Outcome:
        if self._begun:
            return "cut_off"  # the server closes a connection whose answer is not complete: the client sees that
        await JSONResponse({"detail": detail}, status)(self._scope, _nothing, self._send)
        return outcome


def body_of(scope: Scope, receive: Receive) -> RequestBody:
    """The body; none of a preflight's, for which nobody has shown a key."""
    return RequestBody(without_body(receive) if is_preflight(scope) else receive)


async def _nothing() -> dict[str, str]:
    return {"type": "http.disconnect"}
