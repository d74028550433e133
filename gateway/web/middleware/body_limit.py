"""Refuses request bodies above a limit with 413 and reads no further, whether or not the length was announced."""

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from gateway.errors import BodyTooLarge


class BodyLimit:
    """An announced body is judged by its Content-Length (the server holds it to that), a chunked one as it arrives."""

    def __init__(self, app: ASGIApp, limit: int) -> None:
        self._app = app
        self._limit = limit

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return await self._app(scope, receive, send)
        announced = announced_length(scope["headers"])
        if announced is None:
            return await self._app(scope, Counted(receive, self._limit), send)
        if announced > self._limit:
            return await self._app(scope, refuse_body(self._limit), send)
        return await self._app(scope, receive, send)


class Counted:
    """`receive` that fails once more bytes have come than allowed."""

    def __init__(self, receive: Receive, limit: int) -> None:
        self._receive = receive
        self._limit = limit
        self._seen = 0

    async def __call__(self) -> Message:
        message = await self._receive()
        if message["type"] == "http.request":
            self._seen += len(message.get("body", b""))
            if self._seen > self._limit:
                raise BodyTooLarge(self._limit)
        return message


def refuse_body(limit: int) -> Receive:
    """`receive` for a body that is known to be too large: it fails before the first byte is read."""

    async def receive() -> Message:
        raise BodyTooLarge(limit)

    return receive


def announced_length(headers: list[tuple[bytes, bytes]]) -> int | None:
    """The Content-Length, if there is one. The server has already refused what is not a number."""
    for name, value in headers:
        if name == b"content-length":
            return int(value)
        if name == b"transfer-encoding":
            return None
    return 0
