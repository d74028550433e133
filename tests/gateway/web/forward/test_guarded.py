"""A gateway with secrets before the old service: the secrets stay, and who shows none brings nothing through."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.conftest import settings_for
from tests.fakes.old_service import OldService
from tests.gateway.web.forward.conftest import send_raw
from tests.live_gateway import LiveGateway, running_gateway
from tests.security.conftest import KEYS, OPERATOR

PATHS = ("//admin/rollout", "/ADMIN", "/admin;x", "/x/../admin", "/%2fadmin", "/chat", "/Admin%2Frollout", "/./admin")
SHOWN = (
    f"Authorization: Bearer {OPERATOR}\r\n",
    f"X-API-Key: {OPERATOR}\r\n",
    f"X-API-Key:  {KEYS[0]} \r\n",
    f"Authorization: BEARER   {KEYS[1]}\r\nX-Copy: {KEYS[1]}\r\n",
)


@pytest.fixture
async def keyed(database_url: str, tmp_path: Path, old: OldService) -> AsyncIterator[LiveGateway]:
    settings = settings_for(
        database_url,
        data_dir=tmp_path,
        operator_token=OPERATOR,
        gateway_api_keys=",".join(KEYS),
        legacy_upstream_url=old.url,
    )
    async with running_gateway(settings) as running:
        yield running


async def test_no_spelling_of_a_path_brings_a_secret_to_the_old_service(keyed: LiveGateway, old: OldService) -> None:
    for path in PATHS:
        for shown in SHOWN:
            head = f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\n{shown}X-Kept: 1\r\n\r\n"
            assert (await send_raw(keyed.port, head.encode())).status in (200, 400, 404)
    assert [got.target for got in old.received if got.target == b"/chat"] == [b"/chat"] * len(SHOWN)
    for got in old.received:
        assert b"admin" not in got.target.lower() or got.target == b"/admin;x" or b"%2f" in got.target.lower()
        assert got.all(b"x-kept") == [b"1"]
        text = b" ".join(value for _, value in got.headers)
        assert [secret for secret in (OPERATOR, *KEYS) if secret.encode() in text] == []


async def test_a_preflight_brings_no_body_to_the_old_service(keyed: LiveGateway, old: OldService) -> None:
    asks = b"OPTIONS /chat HTTP/1.1\r\nHost: 127.0.0.1\r\nOrigin: https://a.example\r\n"
    asks += b"Access-Control-Request-Method: POST\r\nX-HTTP-Method-Override: POST\r\n"
    for framed in (b"Content-Length: 6\r\n\r\nsecret", b"Transfer-Encoding: chunked\r\n\r\n6\r\nsecret\r\n0\r\n\r\n"):
        assert (await send_raw(keyed.port, asks + framed, b"OPTIONS")).status == 200
    assert [(got.body, got.all(b"content-length"), got.all(b"x-http-method-override")) for got in old.received] == [
        (b"", [], [])
    ] * 2
    assert (await send_raw(keyed.port, asks.replace(b"Access-Control", b"X") + b"\r\n", b"OPTIONS")).status == 401


async def test_an_upload_that_is_thrown_away_does_not_hold_the_answer_up(keyed: LiveGateway) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", keyed.port)
    writer.write(
        b"OPTIONS /chat HTTP/1.1\r\nHost: x\r\nAccess-Control-Request-Method: POST\r\nContent-Length: 9\r\n\r\n1"
    )
    async with asyncio.timeout(180):
        assert (await reader.readline()).startswith(b"HTTP/1.1 200 ")
    writer.close()
