"""A gateway before the old service, and a client that sends bytes as they are."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass

import h11
import pytest

from gateway.config.settings import Settings
from tests.fakes.old_service import OldService, running_old_service
from tests.live_gateway import LiveGateway, running_gateway


@dataclass(frozen=True, slots=True)
class Answered:
    """An answer as a client reads it."""

    status: int
    headers: list[tuple[bytes, bytes]]
    body: bytes

    def all(self, name: bytes) -> list[bytes]:
        return [value for known, value in self.headers if known == name]


async def send_raw(port: int, request: bytes, method: bytes = b"GET") -> Answered:
    """Send bytes, read one answer. Raises `h11.RemoteProtocolError` when it breaks off."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    try:
        writer.write(request)
        await writer.drain()
        return await read_answer(reader, method)
    finally:
        writer.close()


async def read_answer(reader: asyncio.StreamReader, method: bytes = b"GET") -> Answered:
    """One answer, whatever its framing."""
    parser = h11.Connection(h11.CLIENT)
    parser.send(h11.Request(method=method, target="/", headers=[("Host", "any")]))
    parser.send(h11.EndOfMessage())
    head, body = None, b""
    while True:
        event = parser.next_event()
        if event is h11.NEED_DATA:
            parser.receive_data(await reader.read(65536))
        elif isinstance(event, h11.Response):
            head = event
        elif isinstance(event, h11.Data):
            body += bytes(event.data)
        elif isinstance(event, h11.EndOfMessage):
            assert head is not None
            return Answered(head.status_code, list(head.headers), body)


@pytest.fixture
async def old() -> AsyncIterator[OldService]:
    """The old service."""
    async with running_old_service() as running:
        yield running


@pytest.fixture
async def gateway(settings: Settings, old: OldService) -> AsyncIterator[LiveGateway]:
    """A gateway that passes on all that it does not keep."""
    changed = settings.model_copy(
        update={"legacy_upstream_url": old.url, "legacy_timeout_seconds": 0.5, "allowed_hosts": "*"}
    )
    async with running_gateway(changed) as running:
        yield running
