"""A short cut for the accept route: plainly valid bodies are answered here, at twice the speed of the whole way.

All else (a wrong field, broken JSON, another content type) goes on, replayed, to the FastAPI route of the same path, so
that errors and the OpenAPI entry are FastAPI's own. A large body is read in a process of its own, whatever is in it:
reading one takes seconds, in which this process has others to answer.
"""

import asyncio
from collections.abc import Mapping
from typing import Protocol, cast

from fastapi.exception_handlers import http_exception_handler
from fastapi.exceptions import RequestValidationError
from pydantic import ValidationError
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from gateway.jobs.accept.waiting import Accepted
from gateway.web.error_answers import answer_invalid
from gateway.web.routes.imports.body import Import, ImportBody, import_of, read_large
from gateway.web.routes.imports.large_json import compute_large
from pipelines.contract import Compute

JSON_TYPES = frozenset({b"application/json", b"application/json; charset=utf-8", b"application/json;charset=utf-8"})
LARGE_BYTES = 1_000_000
TURN_REQUESTS = 16


class Accept(Protocol):
    """What answers a valid body: the answer's bytes, once the job is committed."""

    async def __call__(self, sent: Import) -> tuple[bytes, Accepted]: ...


class FastPath:
    """Stands before the application's router. `accepts` are the routes that it knows, by path."""

    def __init__(self, app: ASGIApp, accepts: Mapping[str, Accept], compute: Compute) -> None:
        self._app = app
        self._accepts = accepts
        self._compute = compute
        self._turn = Turn(TURN_REQUESTS)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        accept = self._accepts.get(scope["path"]) if scope["type"] == "http" and scope["method"] == "POST" else None
        if accept is None:
            await self._app(scope, receive, send)
            return
        scope["endpoint"] = accept
        if not self._turn.begin():
            await self._turn.wait()
        try:
            await self._answer(accept, scope, receive, send)
        except HTTPException as error:
            await (await http_exception_handler(Request(scope), error))(scope, receive, send)
        except RequestValidationError as error:
            await (await answer_invalid(Request(scope), error))(scope, receive, send)

    async def _answer(self, accept: Accept, scope: Scope, receive: Receive, send: Send) -> None:
        data = await read_body(receive)
        if data is None:
            return
        sent = await self._read(data) if is_json(scope) else None
        if sent is None:
            await self._app(scope, replay(data), send)
            return
        del data  # what is kept of it is in `sent`
        content, accepted = await accept(sent)
        headers = [
            (b"content-length", b"%d" % len(content)),
            (b"content-type", b"application/json"),
            (b"x-pipeline", accepted.pipeline.encode("ascii")),
        ]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        await send({"type": "http.response.body", "body": content})

    async def _read(self, data: bytes) -> Import | None:
        """The request, None when the whole way has to judge it. Raises `Unavailable` and RequestValidationError."""
        if len(data) <= LARGE_BYTES:
            return parse(data)
        sent = await compute_large(self._compute, read_large, data)
        if isinstance(sent, Import):
            return sent
        raise RequestValidationError(sent)


class Turn:
    """Lets some requests a turn of the event loop begin, and the rest wait for the next.

    Under load, requests arrive in bursts. Begun all at once, they would be committed all at once, while the processor
    waits for the database and then the other way round; begun a few at a time, the two work at the same time.
    """

    def __init__(self, size: int) -> None:
        self._size = size
        self._begun = 0

    def begin(self) -> bool:
        """Whether this request may begin; then it has."""
        if self._begun >= self._size:
            return False
        if self._begun == 0:
            asyncio.get_running_loop().call_soon(self._next)
        self._begun += 1
        return True

    async def wait(self) -> None:
        """Return when this request has begun."""
        while not self.begin():  # noqa: ASYNC110 - the very next turn, without an event's detour
            await asyncio.sleep(0)

    def _next(self) -> None:
        self._begun = 0


def is_json(scope: Scope) -> bool:
    """Is the body said to be JSON, or not said to be anything?"""
    return JSON_TYPES.issuperset([value.lower() for name, value in scope["headers"] if name == b"content-type"])


def parse(data: bytes) -> Import | None:
    """The request, None when the whole way has to judge it."""
    try:
        body = ImportBody.model_validate_json(data)
    except ValidationError:
        return None
    return import_of(body) if body.conversations else Import(body, None)


async def read_body(receive: Receive) -> bytes | None:
    """The whole body, None when the caller went away before its end."""
    message = await receive()
    if message["type"] == "http.request" and not message.get("more_body"):
        return cast("bytes", message.get("body", b""))
    data = bytearray()
    while message["type"] == "http.request":
        data += message.get("body", b"")
        if not message.get("more_body"):
            return bytes(data)
        message = await receive()
    return None


def replay(data: bytes) -> Receive:
    """`receive` for a body that has been read."""

    async def receive() -> Message:
        return {"type": "http.request", "body": data, "more_body": False}

    return receive
