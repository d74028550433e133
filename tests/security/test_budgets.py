"""What all requests together may take: bodies, connections, requests sent ahead, exports that wait. More is told so."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.server.connections import Connections
from gateway.server.http_protocol import MOST_AHEAD
from gateway.server.uvicorn_server import Server, bind
from gateway.web.app import create_app
from gateway.web.middleware.body_limit import OpenBodies
from gateway.web.routes.imports.large_json import MOST_VALUES, TooManyValuesError, check_unfolded
from tests.conftest import settings_for
from tests.gateway.rollout.conftest import eventually
from tests.live_gateway import LiveGateway, running_gateway

HEAD = b"POST /create-soulprint HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
PART = b"186a0\r\n" + b" " * 100_000 + b"\r\n"
LIMIT = 1_000_000


@pytest.fixture
async def small(database_url: str, tmp_path: Path) -> AsyncIterator[LiveGateway]:
    """A gateway whose limits are reached soon."""
    settings = settings_for(
        database_url,
        data_dir=tmp_path,
        max_body_bytes=LIMIT,
        max_open_body_bytes=LIMIT,
        max_waiting_export_bytes=LIMIT,
    )
    async with running_gateway(settings) as running:
        yield running


async def status_of(reader: asyncio.StreamReader) -> int:
    async with asyncio.timeout(180):
        return int((await reader.readline()).split()[1])


async def test_a_full_budget_of_large_bodies_keeps_no_small_one_out(small: LiveGateway) -> None:
    _, writer = await asyncio.open_connection("127.0.0.1", small.port)
    try:
        writer.write(HEAD + b"Transfer-Encoding: chunked\r\n\r\n")
        size = LIMIT - 10  # it stays open, and leaves 10 bytes and what is free of each body
        writer.write(b"%x\r\n%s\r\n" % (size, b" " * size))
        await eventually(lambda: has_no_room(small))
        for user in ("ann", "bob", "eve"):
            small_one = {"user_id": user, "storage_path": f"user-imports/{user}/1.json", "x": "y" * 5_000}
            assert (await small.post(small_one)).status_code == 200
    finally:
        writer.close()
        await writer.wait_closed()
    await eventually(lambda: has_room(small))


async def has_no_room(gateway: LiveGateway) -> bool:
    """For a body that needs more than is free of each."""
    return (await gateway.post(b" " * 40_000)).status_code == 503


async def has_room(gateway: LiveGateway) -> bool:
    return not await has_no_room(gateway)


async def test_bodies_that_are_open_share_a_budget_and_give_it_back(small: LiveGateway) -> None:
    async with AsyncExitStack() as stack:
        readers = []
        for _ in range(4):  # 4 x 300 KB, none of which ends
            reader, writer = await asyncio.open_connection("127.0.0.1", small.port)
            stack.callback(writer.close)
            writer.write(HEAD + b"Transfer-Encoding: chunked\r\n\r\n" + PART * 3)
            readers.append(reader)
        answers = [asyncio.create_task(status_of(reader)) for reader in readers]
        done, others = await asyncio.wait(answers, timeout=180, return_when=asyncio.FIRST_COMPLETED)
        assert [task.result() for task in done] == [503]
        assert (await small.client.get("/health")).status_code == 200
        assert (await small.post({"user_id": "ann", "storage_path": "user-imports/ann/1.json"})).status_code == 200
        for task in others:
            task.cancel()
        await asyncio.gather(*others, return_exceptions=True)
    body = b'{"user_id": "ann", "conversations": [], "stats": {"a": "' + b"x" * 900_000 + b'"}}'
    async with asyncio.timeout(180):
        while (await small.post(body, "/create-soulprint")).status_code == 503:  # noqa: ASYNC110 - it sees them go
            await asyncio.sleep(0.05)


async def test_bodies_without_an_export_are_small(gateway_open: LiveGateway) -> None:
    asked = {"user_id": "ann", "message": "m"}
    large = {**asked, "history": [{"role": "user", "content": "x" * 1_100_000}]}
    assert (await gateway_open.post(large, "/chat")).status_code == 413
    assert (await gateway_open.post({**asked, "history": [{}] * 200_000}, "/chat")).status_code == 200


async def test_exports_that_wait_share_a_budget_and_failed_ones_make_room(small: LiveGateway) -> None:
    async def send(user: str) -> int:
        return (await small.post({"user_id": user, "conversations": [{"id": "x" * 400_000}]})).status_code

    assert [await send(user) for user in ("a", "b", "c", "a")] == [200, 200, 503, 200]  # a's is under way already
    assert (await small.post({"user_id": "d", "storage_path": "user-imports/d/raw-1.json"})).status_code == 200
    await small.rows("update processing_jobs set status = 'failed' where user_id = 'a' returning 1")
    assert [await send(user) for user in ("c", "e")] == [200, 503]


async def test_one_address_has_so_many_connections_and_not_more(gateway_open: LiveGateway) -> None:
    listening = asyncio.Event()
    server = Server(create_app(gateway_open.services), listening.set, connections_per_address=3)
    listener = bind("127.0.0.1", 0)
    port = listener.getsockname()[1]
    serving = asyncio.create_task(server.serve(sockets=[listener]))
    try:
        await listening.wait()
        held = [await asyncio.open_connection("127.0.0.1", port) for _ in range(4)]
        assert await status_of(held[3][0]) == 503
        for _, writer in held:
            writer.close()
        async with asyncio.timeout(180):
            while await ask_health(port) != 200:  # noqa: ASYNC110 - it sees them go
                await asyncio.sleep(0.05)
    finally:
        server.stop()
        await serving


async def ask_health(port: int) -> int:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    try:
        writer.write(b"GET /health HTTP/1.1\r\nHost: x\r\n\r\n")
        return await status_of(reader)
    finally:
        writer.close()


async def test_requests_that_are_sent_ahead_are_answered_up_to_a_number(gateway_open: LiveGateway) -> None:
    request = b"GET /health HTTP/1.1\r\nHost: x\r\n\r\n"
    reader, writer = await asyncio.open_connection("127.0.0.1", gateway_open.port)
    writer.write(request * MOST_AHEAD)
    async with asyncio.timeout(180):
        for _ in range(MOST_AHEAD):
            assert (await reader.readuntil(b"\r\n\r\n")).startswith(b"HTTP/1.1 200 ")
            await reader.readuntil(b"}")
        writer.write(request * 1000)
        assert (await reader.read()).count(b"HTTP/1.1 200 ") < 1000  # closed
    writer.close()


@given(st.lists(st.tuples(st.booleans(), st.sampled_from(["10.0.0.1", "10.0.0.2", "2001:db8::1", "2001:db8::2"]))))
def test_connections_are_counted_by_network(steps: list[tuple[bool, str]]) -> None:
    connections, held = Connections(5, 2), list[str]()
    for enters, address in steps:
        network = "v6" if ":" in address else address
        if enters:
            fits = len(held) < 5 and held.count(network) < 2
            assert connections.enter((address, 1)) == fits
            held += [network] * fits
        elif network in held:
            held.remove(network)
            connections.leave((address, 1))
        assert connections.open == len(held)


@given(st.lists(st.integers(0, 10)))
def test_no_more_is_held_than_allowed(sizes: list[int]) -> None:
    bodies = OpenBodies(20)
    taken = [size for size in sizes if bodies.take(size)]
    assert bodies.held == sum(taken) <= 20
    for size in taken:
        bodies.give_back(size)
    assert bodies.held == 0


def test_what_would_unfold_in_memory_is_found_and_texts_with_many_commas_are_not_it() -> None:
    for data in (b"[" + b"{}," * MOST_VALUES + b"{}]", b"[" + rb'"a\\",' * (MOST_VALUES + 1)):
        with pytest.raises(TooManyValuesError):
            check_unfolded(data)
    check_unfolded(json.dumps({"a": 'x, "y" \\ [{:' * (MOST_VALUES // 2)}).encode())


@pytest.mark.parametrize("path", ["/process-full", "/create-soulprint", "/process-import"])
async def test_a_body_that_would_unfold_is_refused_and_not_read(gateway_open: LiveGateway, path: str) -> None:
    export = "[" + "{}," * MOST_VALUES + "{}]"
    field = {"conversations_json": export} if path == "/process-import" else {"conversations": "@"}
    body = json.dumps({"user_id": "ann", **field}).replace('"@"', export).encode()
    answer = await gateway_open.post(body, path)
    assert (answer.status_code, f"{MOST_VALUES:,} values" in answer.text) == (400 if "import" in path else 422, True)
