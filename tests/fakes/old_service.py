"""The service before this one, on loopback, as bytes: it keeps every request as it came and answers what it is told.

Not made of a web framework, so that nothing between the wire and the test tidies a header or a path up.
"""

import asyncio
from collections import deque
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

Answer = Callable[["Exchange"], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class Received:
    """A request as it came: its request line, its headers in order, and its body without chunk marks."""

    line: bytes
    headers: list[tuple[bytes, bytes]]
    body: bytes

    @property
    def target(self) -> bytes:
        return self.line.split(b" ")[1]

    def all(self, name: bytes) -> list[bytes]:
        return [value for known, value in self.headers if known.lower() == name]


@dataclass(slots=True)
class Exchange:
    """A connection with a request on it whose head was read."""

    reader: asyncio.StreamReader
    writer: asyncio.StreamWriter
    line: bytes
    headers: list[tuple[bytes, bytes]]

    async def parts(self) -> AsyncIterator[bytes]:
        """The body as it arrives."""
        fields = {name.lower(): value for name, value in self.headers}
        if fields.get(b"transfer-encoding") == b"chunked":
            while size := int(await self.reader.readline(), 16):
                yield (await self.reader.readexactly(size + 2))[:-2]
            await self.reader.readline()
            return
        left = int(fields.get(b"content-length", b"0"))
        while left:
            part = await self.reader.read(min(left, 65536))
            if not part:
                raise ConnectionResetError
            left -= len(part)
            yield part

    async def write(self, *data: bytes) -> None:
        self.writer.write(b"".join(data))
        await self.writer.drain()


@dataclass(slots=True)
class OldService:
    """The fake; `plan` says how the next requests are answered, all others get `{"old": true}`."""

    port: int = 0
    received: list[Received] = field(default_factory=list)
    hung_up: asyncio.Event = field(default_factory=asyncio.Event)  # a connection ended before its answer did
    connections: int = 0
    planned: deque[bytes | Answer] = field(default_factory=deque)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def plan(self, *answers: bytes | Answer) -> None:
        """Whole answers as bytes, or coroutines that do as they like with the connection."""
        self.planned.extend(answers)

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        try:
            while line := await reader.readline():
                headers = []
                while header := (await reader.readline()).rstrip(b"\r\n"):
                    name, _, value = header.partition(b":")
                    headers.append((name, value.strip(b" \t")))
                await self._answer(Exchange(reader, writer, line.rstrip(b"\r\n"), headers))
        except (ConnectionError, asyncio.IncompleteReadError):
            self.hung_up.set()
        finally:
            writer.close()

    async def _answer(self, exchange: Exchange) -> None:
        answer = self.planned.popleft() if self.planned else answer_json(b'{"old":true}')
        if not isinstance(answer, bytes):
            await answer(exchange)
            return
        body = b"".join([part async for part in exchange.parts()])
        self.received.append(Received(exchange.line, exchange.headers, body))
        await exchange.write(answer)


def answer_json(body: bytes, status: bytes = b"200 OK") -> bytes:
    """A whole answer."""
    return b"HTTP/1.1 %s\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n%s" % (status, len(body), body)


@asynccontextmanager
async def running_old_service() -> AsyncIterator[OldService]:
    """The fake on a free port."""
    old = OldService()
    server = await asyncio.start_server(old.serve, "127.0.0.1", 0, limit=1 << 20)
    old.port = server.sockets[0].getsockname()[1]
    try:
        yield old
    finally:
        server.close()
