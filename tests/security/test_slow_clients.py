"""Clients that send slowly, or never end, are let go; whoever is in time notices nothing."""

import asyncio
import json
import socket
from types import SimpleNamespace
from typing import Any, cast

import pytest
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from gateway.server.http_protocol import HEAD_BYTES, MOST_AHEAD
from gateway.server.slow_clients import SlowClients
from tests.live_gateway import LiveGateway

HEAD = b"POST /process-full HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
BODY = json.dumps({"user_id": "u", "storage_path": "user-imports/u/raw.json"}).encode()


class Client:
    """A client that sends bytes as it pleases."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.reader, self.writer = reader, writer

    @classmethod
    async def connect(cls, gateway: LiveGateway) -> "Client":
        return cls(*await asyncio.open_connection("127.0.0.1", gateway.port))

    async def send(self, data: bytes) -> None:
        self.writer.write(data)
        await self.writer.drain()

    async def answer(self) -> bytes:
        """All that comes until the server closes the connection."""
        try:
            async with asyncio.timeout(20):
                return await self.reader.read()
        except ConnectionError:
            return b""
        finally:
            self.writer.close()


async def sweep_until_closed(gateway: LiveGateway, slow: SlowClients, client: Client) -> bytes:
    """Let the time of the sweeps pass, 10 s a turn, until the server has closed the connection."""
    answer = asyncio.create_task(client.answer())
    now = 0.0
    while not answer.done():
        slow.sweep(tuple(gateway.server.server_state.connections), now)
        now += 10.0
        await asyncio.sleep(0.01)
    return await answer


@pytest.mark.parametrize("sent", [b"", HEAD, BODY[:1], HEAD + b"X-Long: " + b"a" * 100])
async def test_a_head_that_does_not_end_closes_the_connection(gateway_open: LiveGateway, sent: bytes) -> None:
    client = await Client.connect(gateway_open)
    await client.send(sent)
    got = await sweep_until_closed(gateway_open, SlowClients(60, head_seconds=10), client)
    assert got == b"" or b" 400 " in got


@pytest.mark.parametrize(
    "begin", [HEAD + b"Content-Length: 100\r\n\r\n{", HEAD + b"Transfer-Encoding: chunked\r\n\r\n1\r\n{\r\n"]
)
async def test_a_body_that_does_not_end_is_answered_with_408(gateway_open: LiveGateway, begin: bytes) -> None:
    client = await Client.connect(gateway_open)
    await client.send(begin)
    got = await sweep_until_closed(gateway_open, SlowClients(60), client)
    assert got.startswith(b"HTTP/1.1 408 ")
    assert list(json.loads(got.partition(b"\r\n\r\n")[2])) == ["detail"]
    assert await gateway_open.jobs() == []


async def test_the_second_request_of_a_connection_is_held_to_its_time_too(gateway_open: LiveGateway) -> None:
    client = await Client.connect(gateway_open)
    await client.send(HEAD + b"Content-Length: %d\r\n\r\n" % len(BODY) + BODY)
    assert b" 200 " in await client.reader.readline()
    await client.send(HEAD)
    got = await sweep_until_closed(gateway_open, SlowClients(60, head_seconds=10), client)
    assert b"HTTP/1.1" not in got


async def test_a_head_above_the_limit_is_refused_before_its_end(gateway_open: LiveGateway) -> None:
    client = await Client.connect(gateway_open)
    await client.send(HEAD)
    for _ in range(HEAD_BYTES // 4096):
        client.writer.write(b"X-More: " + b"a" * 4096 + b"\r\n")
        await asyncio.sleep(0)
    got = await client.answer()
    assert got.startswith(b"HTTP/1.1 431 ")


async def test_the_server_looks_by_itself(gateway_open: LiveGateway) -> None:
    gateway_open.server.slow_clients = SlowClients(0.01, head_seconds=0.01)
    client = await Client.connect(gateway_open)
    await client.send(HEAD + b"Content-Length: 100\r\n\r\n{")
    assert (await client.answer()).startswith(b"HTTP/1.1 408 ")


class Connection(HttpToolsProtocol):
    """A connection in a state that a test names."""

    def __init__(
        self,
        *,
        more_body: bool = True,
        complete: bool = False,
        paused: bool = False,
        idle: bool = False,
        unread: int = 0,
        closing: bool = False,
    ) -> None:
        self.closed = False
        self.closing, self.unread = closing, unread
        self.transport = cast("Any", self)
        self.cycle = cast(
            "Any", SimpleNamespace(more_body=more_body, response_complete=complete, response_started=True)
        )
        self.flow = cast("Any", SimpleNamespace(read_paused=paused, write_paused=bool(unread)))
        self.timeout_keep_alive_task = cast("Any", object() if idle else None)

    def is_closing(self) -> bool:
        return self.closed or self.closing

    def get_write_buffer_size(self) -> int:
        return self.unread

    def close(self) -> None:
        self.closed = True

    abort = close


@pytest.mark.parametrize(
    ("connection", "is_ended"),
    [
        (Connection(), True),
        (Connection(more_body=False), False),  # the answer is ours to give
        (Connection(paused=True), False),  # we do not read: it is we who are slow
        (Connection(complete=True, idle=True), False),  # uvicorn's own timer runs
        (Connection(complete=True), True),
        (Connection(complete=True, idle=True, unread=9), True),
        (Connection(more_body=False, closing=True, unread=9), True),
        (Connection(closing=True), False),
    ],
)
def test_only_those_who_owe_us_something_are_let_go(connection: Connection, is_ended: bool) -> None:
    slow = SlowClients(60, head_seconds=60)
    for now in (0.0, 59.0, 60.0):
        slow.sweep([connection], now)
        assert not connection.closed
    slow.sweep([connection], 61.0)
    assert connection.closed == is_ended


def test_each_request_has_its_own_time() -> None:
    slow, connection = SlowClients(60), Connection()
    for now in range(0, 1000, 50):
        slow.sweep([connection], float(now))
        connection.cycle = cast("Any", SimpleNamespace(**{**vars(connection.cycle), "number": now}))
    assert not connection.closed


def test_who_reads_an_answer_slowly_is_left_alone() -> None:
    slow, connection = SlowClients(60), Connection(complete=True, unread=1000)
    for now in range(0, 1000, 50):
        connection.unread -= 1
        slow.sweep([connection], float(now))
    assert not connection.closed


async def test_answers_that_nobody_reads_end_the_connection(gateway_open: LiveGateway) -> None:
    with socket.create_connection(("127.0.0.1", gateway_open.port)) as client:
        client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        client.sendall(b"GET /health HTTP/1.1\r\nHost: x\r\n\r\n")
        connections = gateway_open.server.server_state.connections
        async with asyncio.timeout(180):
            while not connections:  # noqa: ASYNC110 - the server tells nobody
                await asyncio.sleep(0.01)
            [connection] = connections
            assert isinstance(connection, HttpToolsProtocol)
            sending = connection.transport.get_extra_info("socket")
            sending.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 4096)
            client.sendall(b"GET /metrics HTTP/1.1\r\nHost: x\r\n\r\n" * MOST_AHEAD)
            while not connection.transport.get_write_buffer_size():  # noqa: ASYNC110 - nor of this
                await asyncio.sleep(0.01)
            slow, now = SlowClients(60), 0.0
            while connections:
                slow.sweep(tuple(connections), now)
                now += 10.0
                await asyncio.sleep(0.02)
    assert now > 60
