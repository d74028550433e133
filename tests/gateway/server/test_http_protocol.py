"""Connections as clients and proxies really use them: offers of other protocols, trailers, large heads, idle times."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.config.settings import Settings
from gateway.server.http_protocol import HEAD_BYTES, without_offer
from tests.live_gateway import LiveGateway, running_gateway

BODY = json.dumps({"user_id": "h1", "conversations": [{"id": "c", "messages": []}]}).encode()
PLAIN = b"POST /process-full HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
LENGTH = b"Content-Length: %d\r\n" % len(BODY)
CHUNKED = b"Transfer-Encoding: chunked\r\n"
CHUNKS = b"5\r\n" + BODY[:5] + b"\r\n%x\r\n" % len(BODY[5:]) + BODY[5:] + b"\r\n0\r\n"
H2C = b"Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAABkAAQAAP__\r\n"
OFFERS = [
    H2C,
    b"Connection: keep-alive, Upgrade\r\nUpgrade: websocket\r\n",
    b"upgrade: TLS/1.2\r\nconnection: upgrade\r\n",
]


@pytest.fixture
async def gateway(settings: Settings) -> AsyncIterator[LiveGateway]:
    async with running_gateway(settings) as running:
        yield running


@asynccontextmanager
async def connected(gateway: LiveGateway) -> AsyncIterator[tuple[asyncio.StreamReader, asyncio.StreamWriter]]:
    reader, writer = await asyncio.open_connection("127.0.0.1", gateway.port)
    try:
        yield reader, writer
    finally:
        writer.close()


async def read_answer(reader: asyncio.StreamReader) -> tuple[int, bytes, bytes]:
    """Status, head and body of one answer."""
    async with asyncio.timeout(180):
        head = (await reader.readuntil(b"\r\n\r\n")).lower()
        length = int(head.partition(b"content-length: ")[2].partition(b"\r\n")[0])
        return int(head.split()[1]), head, await reader.readexactly(length)


@pytest.mark.parametrize("piece", [1, 50, 100_000])
@pytest.mark.parametrize("body", [LENGTH + b"\r\n" + BODY, CHUNKED + b"\r\n" + CHUNKS + b"\r\n"])
@pytest.mark.parametrize("offer", OFFERS)
async def test_an_offer_to_speak_another_protocol_is_ignored_and_its_body_read(
    gateway: LiveGateway, offer: bytes, body: bytes, piece: int
) -> None:
    sent = PLAIN + offer + body
    async with connected(gateway) as (reader, writer):
        for _ in range(2):  # the connection stays
            for at in range(0, len(sent), piece):
                writer.write(sent[at : at + piece])
                await asyncio.sleep(0)
            status, head, content = await read_answer(reader)
            assert (status, json.loads(content)["user_id"]) == (200, "h1")
            assert b"upgrade" not in head
    assert len(await gateway.jobs()) == 1


async def test_requests_that_follow_an_offer_at_once_are_answered_in_order(gateway: LiveGateway) -> None:
    async with connected(gateway) as (reader, writer):
        request = b"GET /health HTTP/1.1\r\nHost: x\r\n\r\n"
        writer.write(PLAIN + H2C + LENGTH + b"\r\n" + BODY + request + PLAIN + H2C + LENGTH + b"\r\n" + BODY + request)
        contents = [json.loads((await read_answer(reader))[2])["status"] for _ in range(4)]
    assert contents == ["processing", "ok"] * 2


async def test_a_tunnel_is_refused(gateway: LiveGateway) -> None:
    async with connected(gateway) as (reader, writer):
        writer.write(b"CONNECT example.com:443 HTTP/1.1\r\nHost: example.com:443\r\n\r\n")
        async with asyncio.timeout(180):
            assert (await reader.read()).startswith(b"HTTP/1.1 400 ")


NAMES = st.sampled_from([b"connection", b"upgrade", b"http2-settings", b"host", b"x-a"])
VALUES = st.lists(
    st.sampled_from([b"Upgrade", b"HTTP2-Settings", b"close", b"keep-alive", b"a"]), min_size=1, max_size=3
)


@given(st.lists(st.tuples(NAMES, VALUES.map(b", ".join)), max_size=6))
def test_only_the_offer_leaves_a_head(fields: list[tuple[bytes, bytes]]) -> None:
    kept = without_offer(fields)
    others = [field for field in fields if field[0] in (b"host", b"x-a")]
    assert [field for field in kept if field[0] != b"connection"] == others
    options = [part for name, value in kept if name == b"connection" for part in value.split(b", ")]
    assert set(options) <= {b"close", b"keep-alive", b"a"}
    asked = [part for name, value in fields if name == b"connection" for part in value.split(b", ")]
    assert options == [part for part in asked if part not in (b"Upgrade", b"HTTP2-Settings")]


@pytest.mark.parametrize(
    "head",
    [
        b"X-Long: " + b"a" * 100_000 + b"\r\n",
        b"".join(b"X-%d: %s\r\n" % (n, b"a" * 90) for n in range(1000)),
        b"X: \r\n" * 20_000,
    ],
)
async def test_a_large_head_in_one_piece_is_refused(gateway: LiveGateway, head: bytes) -> None:
    for sent in (PLAIN + head + LENGTH + b"\r\n" + BODY, b"GET /%s HTTP/1.1\r\n\r\n" % (b"a" * 100_000)):
        async with connected(gateway) as (reader, writer):
            writer.write(sent)
            status, _, content = await read_answer(reader)
            assert (status, json.loads(content)) == (431, {"detail": "request head is too large"})
            async with asyncio.timeout(180):
                assert await reader.read() == b""
    assert await gateway.jobs() == []


async def test_a_head_just_below_the_limit_is_served(gateway: LiveGateway) -> None:
    async with connected(gateway) as (reader, writer):
        writer.write(PLAIN + b"X-Long: " + b"a" * (HEAD_BYTES - 500) + b"\r\n" + LENGTH + b"\r\n" + BODY)
        assert (await read_answer(reader))[0] == 200


async def test_trailers_become_no_headers(gateway: LiveGateway) -> None:
    async with connected(gateway) as (reader, writer):
        writer.write(PLAIN + CHUNKED + b"\r\n" + CHUNKS)
        await writer.drain()
        writer.write(b"X-Request-Id: from-a-trailer\r\n\r\n" + b"GET /health HTTP/1.1\r\nHost: x\r\n\r\n")
        status, head, _ = await read_answer(reader)
        assert (status, b"from-a-trailer" in head) == (200, False)
        assert (await read_answer(reader))[0] == 200


@pytest.mark.parametrize("line", [b"X-More: " + b"a" * 8000 + b"\r\n", b"a" * 8000])
async def test_trailers_without_end_are_refused(gateway: LiveGateway, line: bytes) -> None:
    async with connected(gateway) as (_, writer):
        writer.write(PLAIN + CHUNKED + b"\r\n" + CHUNKS + b"X: ")
        with pytest.raises(ConnectionError):
            await send_without_end(writer, line)


async def send_without_end(writer: asyncio.StreamWriter, line: bytes) -> None:
    """Far more than the limit."""
    for _ in range(1000):
        writer.write(line)
        await writer.drain()
        await asyncio.sleep(0.001)


async def test_a_connection_that_idled_longer_than_uvicorns_five_seconds_is_answered(gateway: LiveGateway) -> None:
    async with connected(gateway) as (reader, writer):
        for _ in range(2):
            writer.write(PLAIN + LENGTH + b"\r\n" + BODY)
            assert (await read_answer(reader))[0] == 200
            await asyncio.sleep(6)


def test_idle_connections_outlive_those_of_every_proxy() -> None:
    assert Settings.model_validate({}).keep_alive_seconds > 75
