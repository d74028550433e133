"""Requests through the gateway to the old service and back, over real sockets, compared byte by byte."""

import asyncio
import contextlib
import gzip
import tracemalloc
from collections.abc import AsyncIterator

import h11
import httpx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gateway.config.settings import Settings
from tests.fakes.old_service import Exchange, OldService
from tests.gateway.web.forward.conftest import send_raw
from tests.live_gateway import LiveGateway, running_gateway

ADDED = {b"host", b"via", b"x-forwarded-for", b"x-forwarded-host", b"x-forwarded-proto"}
OURS = {b"date", b"x-request-id"}  # what the gateway's server and its request ids add to an answer

SEGMENT = st.from_regex(rb"([A-Za-z0-9_~!$&'()+,;=:@-]|%[0-9A-Fa-f]{2}){1,8}", fullmatch=True)
QUERY = st.from_regex(rb"([A-Za-z0-9_.~!$&'()*+,;=:@/?-]|%[0-9A-Fa-f]{2}){0,16}", fullmatch=True)
NAME = st.from_regex(rb"X-[A-Za-z0-9]{1,8}", fullmatch=True)
VALUE = st.from_regex(rb"[!-~\x80-\xff]([ -~\x80-\xff]{0,12}[!-~\x80-\xff])?", fullmatch=True)
HEADERS = st.lists(st.tuples(NAME, VALUE), max_size=5)
METHOD = st.sampled_from([b"GET", b"POST", b"PUT", b"PATCH", b"DELETE", b"OPTIONS"])
STATUS = st.sampled_from([200, 201, 206, 301, 400, 404, 418, 422, 429, 500, 503])
FOUND = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


def spell(headers: list[tuple[bytes, bytes]]) -> bytes:
    return b"".join(b"%s: %s\r\n" % header for header in headers)


def lowered(headers: list[tuple[bytes, bytes]], without: set[bytes]) -> list[tuple[bytes, bytes]]:
    return [(name.lower(), value) for name, value in headers if name.lower() not in without]


def in_chunks(body: bytes) -> bytes:
    parts = [body[start : start + 7] for start in range(0, len(body), 7)]
    return b"".join(b"%x\r\n%s\r\n" % (len(part), part) for part in parts) + b"0\r\n\r\n"


def plain_path(path: bytes) -> bool:
    """Neither ours nor refused."""
    decoded = httpx.URL("http://x" + path.decode()).path
    parts = decoded.replace("\\", "/").split("/")
    ours = ("process-full", "health", "ready", "metrics", "jobs", "admin", "explain")
    return not {".", ".."} & set(parts) and not decoded.lower().startswith(tuple(f"/{name}" for name in ours))


async def assert_counted_soon(gateway: LiveGateway, count: int, name: str, **labels: str) -> None:
    """A request is counted when it is over, a moment after its answer has arrived."""
    async with asyncio.timeout(5):
        while gateway.counted(name, **labels) < count:  # noqa: ASYNC110 - no event tells of a metric
            await asyncio.sleep(0.01)
    assert gateway.counted(name, **labels) == count


@FOUND
@given(
    method=METHOD,
    segments=st.lists(SEGMENT, min_size=1, max_size=4),
    query=QUERY,
    headers=HEADERS,
    body=st.binary(max_size=300),
    chunked=st.booleans(),
)
async def test_any_request_arrives_as_it_was_sent(  # noqa: PLR0917 - what is generated
    gateway: LiveGateway,
    old: OldService,
    method: bytes,
    segments: list[bytes],
    query: bytes,
    headers: list[tuple[bytes, bytes]],
    body: bytes,
    chunked: bool,
) -> None:
    path = b"/" + b"/".join(segments)
    if not plain_path(path):
        return
    target = path + (b"?" + query if query else b"")
    framing = (b"Transfer-Encoding", b"chunked") if chunked else (b"Content-Length", b"%d" % len(body))
    sent = [*headers, framing]
    old.received.clear()
    answer = await send_raw(
        gateway.port,
        b"%s %s HTTP/1.1\r\nHost: api.example.com\r\n%s\r\n%s"
        % (method, target, spell(sent), in_chunks(body) if chunked else body),
    )
    (got,) = old.received
    assert (answer.status, answer.body) == (200, b'{"old":true}')
    assert got.line == b"%s %s HTTP/1.1" % (method, target)
    assert sorted(lowered(got.headers, ADDED)) == sorted(lowered(sent, set()))
    assert lowered(got.headers, ADDED | {b"transfer-encoding", b"content-length"}) == lowered(headers, set())
    assert got.body == body
    assert got.all(b"host") == [f"127.0.0.1:{old.port}".encode()]
    assert got.all(b"x-forwarded-host") == [b"api.example.com"]


@FOUND
@given(status=STATUS, headers=HEADERS, body=st.binary(max_size=300), chunked=st.booleans())
async def test_any_answer_comes_back_as_it_was_given(  # noqa: PLR0917 - what is generated
    gateway: LiveGateway,
    old: OldService,
    status: int,
    headers: list[tuple[bytes, bytes]],
    body: bytes,
    chunked: bool,
) -> None:
    framing = (b"Transfer-Encoding", b"chunked") if chunked else (b"Content-Length", b"%d" % len(body))
    told = [*headers, (b"Set-Cookie", b"a=1"), (b"Set-Cookie", b"b=2"), framing]
    old.plan(b"HTTP/1.1 %d Any\r\n%s\r\n%s" % (status, spell(told), in_chunks(body) if chunked else body))
    answer = await send_raw(gateway.port, b"GET /chat HTTP/1.1\r\nHost: a\r\n\r\n")
    assert (answer.status, answer.body) == (status, body)
    assert lowered(answer.headers, OURS) == lowered(told, set())


async def test_compressed_answers_and_redirects_are_the_clients_own_business(
    gateway: LiveGateway, old: OldService
) -> None:
    packed = gzip.compress(b"words " * 100)
    head = b"HTTP/1.1 307 Go\r\nLocation: /else\r\nContent-Encoding: gzip\r\nContent-Length: %d\r\n\r\n"
    old.plan(head % len(packed) + packed)
    answer = await send_raw(gateway.port, b"GET /chat HTTP/1.1\r\nHost: a\r\nAccept-Encoding: br\r\n\r\n")
    assert (answer.status, answer.body, answer.all(b"location")) == (307, packed, [b"/else"])
    assert old.received[0].all(b"accept-encoding") == [b"br"]
    assert old.received[0].all(b"user-agent") == []


@pytest.mark.parametrize(
    "head", [b"HTTP/1.1 304 Same\r\nContent-Length: 9\r\nETag: x\r\n\r\n", b"HTTP/1.1 204 No\r\n\r\n"]
)
async def test_answers_without_a_body(gateway: LiveGateway, old: OldService, head: bytes) -> None:
    old.plan(head)
    answer = await send_raw(gateway.port, b"GET /chat HTTP/1.1\r\nHost: a\r\n\r\n")
    assert (answer.status, answer.body) == (int(head.split()[1]), b"")


async def test_head_keeps_the_length_of_what_it_does_not_send(gateway: LiveGateway, old: OldService) -> None:
    old.plan(b"HTTP/1.1 200 OK\r\nContent-Length: 12345\r\n\r\n")
    answer = await send_raw(gateway.port, b"HEAD /chat HTTP/1.1\r\nHost: a\r\n\r\n", b"HEAD")
    assert (answer.status, answer.all(b"content-length"), answer.body) == (200, [b"12345"], b"")


async def test_our_own_routes_stay(gateway: LiveGateway, old: OldService) -> None:
    accepted = await gateway.post({"user_id": "ana", "storage_path": "user-imports/ana/raw-1.json"})
    assert accepted.json()["status"] == "processing"
    for path in ("/health", "/ready", "/metrics", "/%68ealth"):
        assert (await gateway.client.get(path)).status_code == 200
    assert old.received == []


async def test_requests_are_counted_by_route_and_outcome(gateway: LiveGateway) -> None:
    for path in ("/embedding-status/ana", "/embedding-status/ben", "/anything/at/all"):
        await gateway.client.get(path)
    route = {"route": "/embedding-status/{user_id}"}
    await assert_counted_soon(gateway, 2, "gateway_forwarded_requests_total", **route, outcome="answered")
    await assert_counted_soon(gateway, 1, "gateway_forwarded_requests_total", route="other", outcome="answered")
    measured = {"method": "GET", "status": "200", **route}
    await assert_counted_soon(gateway, 2, "gateway_http_request_duration_seconds_count", **measured)


async def test_a_service_that_is_down_is_502(settings: Settings) -> None:
    listener = await asyncio.start_server(lambda _reader, _writer: None, "127.0.0.1", 0)
    port = listener.sockets[0].getsockname()[1]
    listener.close()
    await listener.wait_closed()
    down = settings.model_copy(update={"legacy_upstream_url": f"http://127.0.0.1:{port}"})
    async with running_gateway(down) as gateway:
        answer = await gateway.client.post("/chat", json={})
        assert (answer.status_code, "cannot be reached" in answer.json()["detail"]) == (502, True)
        await assert_counted_soon(gateway, 1, "gateway_forwarded_requests_total", route="/chat", outcome="unreachable")


async def test_a_service_that_hangs_up_or_talks_nonsense_is_502(gateway: LiveGateway, old: OldService) -> None:
    async def hang_up(exchange: Exchange) -> None:
        exchange.writer.close()

    old.plan(hang_up, b"nonsense\r\n\r\n", b"HTTP/1.1 200 OK\r\nX-A: 1\x012\r\nContent-Length: 0\r\n\r\n")
    for _ in range(3):
        answer = await gateway.client.get("/chat")
        assert (answer.status_code, list(answer.json())) == (502, ["detail"])


async def test_a_service_that_is_silent_is_504(gateway: LiveGateway, old: OldService) -> None:
    async def say_nothing(exchange: Exchange) -> None:
        await exchange.reader.read()

    old.plan(say_nothing)
    answer = await gateway.client.get("/chat")
    assert (answer.status_code, "in time" in answer.json()["detail"]) == (504, True)


async def test_an_answer_that_breaks_off_is_not_made_to_look_whole(gateway: LiveGateway, old: OldService) -> None:
    async def break_off(exchange: Exchange) -> None:
        await exchange.write(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nhalf\r\n")
        exchange.writer.close()

    old.plan(break_off)
    with pytest.raises(h11.RemoteProtocolError):
        await send_raw(gateway.port, b"GET /chat HTTP/1.1\r\nHost: a\r\n\r\n")
    assert (await gateway.client.get("/chat")).json() == {"old": True}


@pytest.mark.parametrize(
    "smuggled",
    [
        b"POST /chat HTTP/1.1\r\nHost: a\r\nContent-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        b"POST /chat HTTP/1.1\r\nHost: a\r\nContent-Length: 4\r\nContent-Length: 5\r\n\r\nabcde",
        b"POST /chat HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked, identity\r\n\r\n0\r\n\r\n",
        b"POST /chat HTTP/1.1\r\nHost: a\r\nTransfer-Encoding : chunked\r\n\r\n0\r\n\r\n",
        b"POST /chat HTTP/1.1\r\nHost: a\r\nX-A: 1\x00\r\n\r\n",
        b"POST /chat HTTP/1.1\r\nHost: a\r\n X-Folded: 1\r\nContent-Length: 0\r\n\r\n",
        b"GET /chat\x01 HTTP/1.1\r\nHost: a\r\n\r\n",
        b"GET /a/%2e%2e/process-full HTTP/1.1\r\nHost: a\r\n\r\n",
        b"GET /a/../process-full HTTP/1.1\r\nHost: a\r\n\r\n",
    ],
)
async def test_what_could_mean_two_things_is_not_passed_on(
    gateway: LiveGateway, old: OldService, smuggled: bytes
) -> None:
    answer = await send_raw(gateway.port, smuggled)
    assert answer.status == 400
    assert old.received == []


async def test_a_second_request_in_a_body_stays_a_body(gateway: LiveGateway, old: OldService) -> None:
    inner = b"GET /admin HTTP/1.1\r\nHost: a\r\n\r\n"
    for framing in (
        b"Content-Length: %d\r\n\r\n%s" % (len(inner), inner),
        b"Transfer-Encoding: chunked\r\n\r\n" + in_chunks(inner),
    ):
        await send_raw(gateway.port, b"POST /chat HTTP/1.1\r\nHost: a\r\n" + framing)
    assert [(got.line, got.body) for got in old.received] == [(b"POST /chat HTTP/1.1", inner)] * 2


async def test_an_escaped_line_break_stays_escaped(gateway: LiveGateway, old: OldService) -> None:
    await send_raw(gateway.port, b"GET /chat/%0d%0aX-Evil:%201 HTTP/1.1\r\nHost: a\r\n\r\n")
    assert old.received[0].target == b"/chat/%0d%0aX-Evil:%201"
    assert old.received[0].all(b"x-evil") == []


async def test_a_gateway_before_itself_says_so(settings: Settings) -> None:
    async with running_gateway(settings) as inner:
        looped = settings.model_copy(update={"legacy_upstream_url": f"http://127.0.0.1:{inner.port}"})
        async with running_gateway(looped) as outer:
            answer = await outer.client.get("/chat", headers={"Via": "1.1 soulprint-gateway"})
    assert answer.status_code == 508


async def test_large_bodies_pass_in_both_directions_in_constant_memory(gateway: LiveGateway, old: OldService) -> None:
    """80 MB each way, above the limit for bodies that the gateway reads itself, while its memory hardly grows."""
    part, parts = bytes(1 << 20), 80

    async def echo_size(exchange: Exchange) -> None:
        size = 0
        async for one in exchange.parts():
            size += len(one)
        await exchange.write(b"HTTP/1.1 200 OK\r\nX-Size: %d\r\nContent-Length: %d\r\n\r\n" % (size, len(part) * parts))
        for _ in range(parts):
            await exchange.write(part)

    async def upload() -> AsyncIterator[bytes]:
        for _ in range(parts):
            yield part

    old.plan(echo_size)
    tracemalloc.start()
    try:
        async with gateway.client.stream("POST", "/chat", content=upload()) as answer:
            size = sum([len(one) async for one in answer.aiter_raw()])
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert (answer.headers["x-size"], size) == (str(len(part) * parts), len(part) * parts)
    assert peak < 24 << 20  # client, gateway and old service together


async def test_a_client_that_hangs_up_while_waiting_lets_the_old_service_go(
    gateway: LiveGateway, old: OldService
) -> None:
    asked = asyncio.Event()

    async def take_forever(exchange: Exchange) -> None:
        asked.set()
        assert await exchange.reader.read() == b""  # until the gateway closes the connection
        raise ConnectionResetError

    old.plan(take_forever)
    _, writer = await asyncio.open_connection("127.0.0.1", gateway.port)
    writer.write(b"GET /chat HTTP/1.1\r\nHost: a\r\n\r\n")
    await asyncio.wait_for(asked.wait(), 180)
    writer.close()
    await asyncio.wait_for(old.hung_up.wait(), 180)


async def test_a_client_that_hangs_up_within_its_body_lets_the_old_service_go(
    gateway: LiveGateway, old: OldService
) -> None:
    begun = asyncio.Event()

    async def read(exchange: Exchange) -> None:
        async for _ in exchange.parts():
            begun.set()

    old.plan(read)
    _, writer = await asyncio.open_connection("127.0.0.1", gateway.port)
    writer.write(b"POST /chat HTTP/1.1\r\nHost: a\r\nContent-Length: 100\r\n\r\nhalf")
    await asyncio.wait_for(begun.wait(), 180)
    assert not old.hung_up.is_set()
    writer.close()
    assert await asyncio.wait_for(old.hung_up.wait(), 180)


async def test_connections_to_the_old_service_are_used_again(gateway: LiveGateway, old: OldService) -> None:
    for _ in range(5):
        await gateway.client.get("/chat")
    assert old.connections == 1


async def test_the_answer_arrives_while_it_is_made(gateway: LiveGateway, old: OldService) -> None:
    seen = asyncio.Event()

    async def answer_slowly(exchange: Exchange) -> None:
        await exchange.write(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nfirst\r\n")
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(seen.wait(), 180)
        await exchange.write(b"4\r\nlast\r\n0\r\n\r\n")

    old.plan(answer_slowly)
    parts = []
    async with gateway.client.stream("GET", "/chat") as answer:
        async for part in answer.aiter_raw():
            parts.append(part)
            seen.set()
    assert parts == [b"first", b"last"]
