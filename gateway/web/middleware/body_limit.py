"""Limits request bodies: each one (413), and all that are open in this process together (503), before memory ends.

Neither is read further, whether or not its length was announced. What a small body holds is in no budget, so that
nobody's large ones keep the others' out.
"""

from collections.abc import Collection
from typing import Final

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from gateway.errors import BodyTooLarge, TooManyBodies

SMALL_BYTES: Final = 1024 * 1024
FREE_BYTES: Final = 16 * 1024  # of each body; as many as a head may have without being counted


class OpenBodies:
    """The bytes, beyond the free ones, of all bodies that were read and whose requests are not answered yet."""

    def __init__(self, limit: int) -> None:
        self.limit = limit
        self.held = 0

    def take(self, size: int) -> bool:
        """Whether so many more may be held; then they are."""
        if self.held + size > self.limit:
            return False
        self.held += size
        return True

    def give_back(self, size: int) -> None:
        """They are not held any more."""
        self.held -= size


class BodyLimit:
    """An announced body is judged by its Content-Length before it is read, every body as it arrives."""

    def __init__(self, app: ASGIApp, limit: int, bodies: OpenBodies, large: Collection[str]) -> None:
        """`large`: the paths that `limit` is for; bodies of all others are read where everybody waits for it."""
        self._app = app
        self._limit = limit
        self._large = large
        self._bodies = bodies

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return await self._app(scope, receive, send)
        announced = announced_length(scope["headers"])
        if announced == 0:
            return await self._app(scope, receive, send)
        limit = self._limit if scope["path"].rstrip("/") in self._large else min(self._limit, SMALL_BYTES)
        if announced is not None and announced > limit:
            return await self._app(scope, refuse_body(limit), send)
        counted = Counted(receive, limit, self._bodies)
        try:
            await self._app(scope, counted, send)
        finally:
            self._bodies.give_back(beyond_free(counted.held))


class Counted:
    """`receive` that fails once more bytes have come than allowed: of this body, or of all that are open."""

    def __init__(self, receive: Receive, limit: int, bodies: OpenBodies) -> None:
        self._receive = receive
        self._limit = limit
        self._bodies = bodies
        self.held = 0

    async def __call__(self) -> Message:
        message = await self._receive()
        if message["type"] == "http.request" and (size := len(message.get("body", b""))):
            if self.held + size > self._limit:
                raise BodyTooLarge(self._limit)
            if not self._bodies.take(beyond_free(self.held + size) - beyond_free(self.held)):
                raise TooManyBodies
            self.held += size
        return message


def beyond_free(size: int) -> int:
    """So much of a body is in the budget."""
    return size - FREE_BYTES if size > FREE_BYTES else 0


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
