"""A request's body on its way through: read only as fast as the other side takes it."""

import asyncio
from collections.abc import AsyncIterator

import httpx
from starlette.types import Message, Receive


class ClientGone(Exception):
    """The client went away: nobody waits for the answer."""


class RequestBody(httpx.AsyncByteStream):
    """The body, part by part; after it, the line on which a client that hangs up is heard."""

    def __init__(self, receive: Receive) -> None:
        self._receive = receive
        self._ended = asyncio.Event()

    async def __aiter__(self) -> AsyncIterator[bytes]:
        more = True
        while more:
            message = await self._receive()
            if message["type"] == "http.disconnect":
                raise ClientGone
            more = message.get("more_body", False)
            if part := message.get("body", b""):
                yield part
        self._ended.set()

    async def until_gone(self) -> None:
        """Return when the client hangs up after the whole body was read."""
        await self._ended.wait()
        while (await self._receive())["type"] != "http.disconnect":
            pass


def without_body(receive: Receive) -> Receive:
    """`receive` without the body: it is thrown away as it comes, and only the end of the line is heard."""
    is_told = False

    async def receive_rest() -> Message:
        nonlocal is_told
        if not is_told:
            is_told = True
            return {"type": "http.request", "body": b"", "more_body": False}
        message = await receive()
        while message["type"] == "http.request":
            message = await receive()
        return message

    return receive_rest
