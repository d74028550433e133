"""An old service that says more than its answer: the next caller gets an answer of its own."""

import asyncio
import ssl
import subprocess
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from gateway.config.settings import Settings
from tests.fakes.old_service import Exchange, OldService, answer_json
from tests.gateway.web.forward.conftest import send_raw
from tests.live_gateway import LiveGateway, running_gateway

OTHERS = answer_json(b'{"not":"yours"}')
OWN = b'{"old":true}'
READ_BYTES = 65536  # that are read at once


async def ask(gateway: LiveGateway, method: bytes = b"GET") -> bytes:
    answer = await send_raw(gateway.port, method + b" /chat HTTP/1.1\r\nHost: a\r\n\r\n", method)
    assert answer.status in (200, 204, 304)
    return answer.body


@pytest.mark.parametrize(
    ("method", "answer"),
    [
        (b"HEAD", b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n" % len(OTHERS)),
        (b"HEAD", b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"),
        (b"GET", b"HTTP/1.1 204 No\r\n\r\n"),
        (b"GET", b"HTTP/1.1 304 Same\r\nContent-Length: 9\r\n\r\n"),
        (b"GET", answer_json(b"{}")),
        (b"GET", b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n"),
    ],
)
async def test_what_follows_an_answer_is_nobodys(
    gateway: LiveGateway, old: OldService, method: bytes, answer: bytes
) -> None:
    old.plan(answer + OTHERS)
    await ask(gateway, method)
    assert [await ask(gateway), await ask(gateway)] == [OWN, OWN]
    assert old.connections == 2


@pytest.mark.parametrize("reads", [1, 2, 4])
async def test_nor_is_what_follows_where_a_read_ends(gateway: LiveGateway, old: OldService, reads: int) -> None:
    """What is read from the socket at once is handed on in pieces: the rest waits where the parser does not see it."""
    size = reads * READ_BYTES
    empty = b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n"
    body = size - len(empty % size)
    old.plan(empty % body + b"a" * body + OTHERS * 1000)
    assert len(await ask(gateway)) == body
    assert [await ask(gateway), await ask(gateway)] == [OWN, OWN]


@pytest.mark.parametrize("method", [b"HEAD", b"GET"])
async def test_nor_is_what_comes_late(gateway: LiveGateway, old: OldService, method: bytes) -> None:
    came = asyncio.Event()

    async def answer_late(exchange: Exchange) -> None:
        await exchange.write(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")
        await asyncio.sleep(0.05)
        try:
            await exchange.write(OTHERS)
        finally:
            came.set()

    old.plan(answer_late)
    await ask(gateway, method)
    if method == b"GET":  # nobody can know what is still on its way
        await asyncio.wait_for(came.wait(), 180)
        await asyncio.sleep(0.05)
    assert [await ask(gateway), await ask(gateway)] == [OWN, OWN]


@pytest.fixture
def certificate(tmp_path: Path) -> Path:
    """Key and certificate for localhost, in one file."""
    key, made = tmp_path / "key.pem", tmp_path / "made.pem"
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=localhost",
         "-addext", "subjectAltName=DNS:localhost", "-keyout", str(key), "-out", str(made)],
        check=True, capture_output=True,
    )  # fmt: skip
    both = tmp_path / "both.pem"
    both.write_bytes(key.read_bytes() + made.read_bytes())
    return both


@pytest.fixture
async def over_tls(
    settings: Settings, old: OldService, certificate: Path, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[LiveGateway]:
    """A gateway before the old service behind TLS."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    async with await asyncio.start_server(old.serve, "127.0.0.1", 0, ssl=context) as server:
        url = f"https://localhost:{server.sockets[0].getsockname()[1]}"
        changed = settings.model_copy(update={"legacy_upstream_url": url})
        async with running_gateway(changed) as running:
            yield running


async def test_nor_behind_tls(over_tls: LiveGateway, old: OldService) -> None:
    assert [await ask(over_tls), await ask(over_tls)] == [OWN, OWN]
    assert old.connections == 1
    old.plan(answer_json(b"{}") + OTHERS)
    await ask(over_tls)
    old.plan(answer_json(b'"%s"' % (b"a" * 40_000)) + OTHERS * 1000)
    await ask(over_tls)
    assert [await ask(over_tls), await ask(over_tls)] == [OWN, OWN]
