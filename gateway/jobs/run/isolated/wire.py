"""Calls from the process of a run to its worker, and the replies to them."""

import asyncio
import os
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from contextvars import ContextVar
from itertools import count
from typing import Any, Self

import msgspec

from gateway.jobs.run.isolated.errors import error_of
from gateway.jobs.run.isolated.protocol import HEADER, NO_MEMORY, Call, Reply, Said, pack
from gateway.language.remote import METHODS


class Waiting:
    """A call on its way: `begun` is set when the worker says that a step's work is to be done."""

    def __init__(self) -> None:
        loop = asyncio.get_running_loop()
        self.begun: asyncio.Future[None] = loop.create_future()
        self.reply: asyncio.Future[Reply] = loop.create_future()


class Wire:
    """One socket for many calls at once: each waits for the reply with its number."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader = reader
        self._writer = writer
        self._numbers = count()
        self._waiting: dict[int, Waiting] = {}
        self.step: ContextVar[int | None] = ContextVar("step", default=None)  # whose work makes the calls

    @classmethod
    @asynccontextmanager
    async def over(cls, channel: socket.socket) -> AsyncIterator[Self]:
        """Open until the block ends."""
        reader, writer = await asyncio.open_connection(sock=channel)
        writer.transport.set_write_buffer_limits(high=0)  # what was said has left when saying it returns
        wire = cls(reader, writer)
        listening = asyncio.create_task(wire._listen())
        listening.add_done_callback(end_unless_cancelled)
        try:
            yield wire
        finally:
            listening.cancel()
            await asyncio.gather(listening, return_exceptions=True)

    async def call(self, method: str, type_: Any, *arguments: Any) -> Any:
        """Have the worker use a port. Raises what the port raises there."""
        number, waiting = await self.ask(method, *arguments)
        try:
            reply = await waiting.reply
        finally:
            self.forget(number)
        return value_of(reply, type_)

    async def call_engine(self, method: str, *arguments: Any) -> Any:
        """Have the worker ask its language engine."""
        return await self.call(method, METHODS[method][1], *arguments)

    async def ask(self, method: str, *arguments: Any) -> tuple[int, Waiting]:
        """Begin a call; to be forgotten when its reply has come."""
        number = next(self._numbers)
        waiting = self._waiting[number] = Waiting()
        packed = msgspec.Raw(msgspec.msgpack.encode(arguments))
        await self.tell(Call(number, method, packed, self.step.get()))
        return number, waiting

    def forget(self, number: int) -> None:
        """Nobody waits for this call any more."""
        self._waiting.pop(number, None)

    async def tell(self, message: Said) -> None:
        """Say something to the worker."""
        self._writer.write(pack(message))
        await self._writer.drain()

    async def _listen(self) -> None:
        """Hand replies to those who wait. A worker that is gone ends this process from outside."""
        while True:
            size = int.from_bytes(await self._reader.readexactly(HEADER), "big")
            reply = msgspec.msgpack.decode(await self._reader.readexactly(size), type=Reply)
            waiting = self._waiting.get(reply.id)
            if waiting is None:
                continue
            if reply.begin:
                waiting.begun.set_result(None)
            elif not waiting.reply.done():
                waiting.reply.set_result(reply)


def end_unless_cancelled(listening: "asyncio.Task[None]") -> None:
    """Who hears no replies any more waits for ever: better to end."""
    if not listening.cancelled():
        os._exit(NO_MEMORY if isinstance(listening.exception(), MemoryError) else 1)


def value_of(reply: Reply, type_: Any) -> Any:
    """What was answered. Raises what was raised."""
    if reply.failure is not None:
        raise error_of(reply.failure, 0)
    return msgspec.msgpack.decode(reply.value, type=type_)
