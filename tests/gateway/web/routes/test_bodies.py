"""Bodies that are too large, or hostile: refused with a clear answer, never an error of ours."""

import asyncio
import json
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.conftest import settings_for
from tests.live_gateway import PATHS, LiveGateway, running_gateway

LIMIT = 4096


@pytest.fixture
async def small(database_url: str, tmp_path: Path) -> AsyncIterator[LiveGateway]:
    """A gateway that takes bodies up to 4 KiB."""
    async with running_gateway(settings_for(database_url, data_dir=tmp_path, max_body_bytes=LIMIT)) as running:
        yield running


async def raw(gateway: LiveGateway, data: bytes) -> tuple[bytes, bytes]:
    """Send bytes as they are; the answer's head and body, and the connection's end."""
    reader, writer = await asyncio.open_connection("127.0.0.1", gateway.port)
    writer.write(data)
    head = await reader.readuntil(b"\r\n\r\n")
    body = await reader.read()  # to the end of the connection: it is closed
    writer.close()
    return head, body


@pytest.mark.parametrize("path", PATHS)
async def test_announced_body_above_the_limit_is_refused_before_it_is_sent(small: LiveGateway, path: str) -> None:
    head = f"POST {path} HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: {LIMIT + 1}\r\n\r\n"
    got, body = await raw(small, head.encode())
    assert b" 413 " in got.splitlines()[0]
    assert list(json.loads(body)) == ["detail"]


@pytest.mark.parametrize("path", PATHS)
async def test_chunked_body_above_the_limit_is_refused_without_its_end(small: LiveGateway, path: str) -> None:
    head = f"POST {path} HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n"
    chunk = b"400\r\n" + b" " * 1024 + b"\r\n"
    got, body = await raw(small, head.encode() + chunk * 5)
    assert b" 413 " in got.splitlines()[0]
    assert list(json.loads(body)) == ["detail"]


@pytest.mark.parametrize("chunked", [False, True])
async def test_body_at_the_limit_is_taken(small: LiveGateway, chunked: bool) -> None:
    body = json.dumps({"user_id": "u", "storage_path": "user-imports/u/raw.json"}).encode().ljust(LIMIT)

    async def parts() -> AsyncIterator[bytes]:
        yield body[:100]
        yield body[100:]

    headers = {"Content-Type": "application/json"}
    answer = await small.client.post("/process-full", content=parts() if chunked else body, headers=headers)
    assert answer.status_code == 200


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b'{"user_id": NaN}', 422),
        (b'{"user_id": "\\ud800"}', 422),
        (b'{"user_id": "\xff"}', 400),
        (b'{"user_id": ' + b"[" * 500 + b"]" * 500 + b"}", 422),
        (b'{"user_id": ' + b"[" * 20_000 + b"]" * 20_000 + b"}", 400),
        (b'{"user_id": "u", "conversation_count": ' + b"9" * 4000 + b"}", 200),
        (b'{"user_id": "u", "conversation_count": ' + b"9" * 5000 + b"}", 400),
        (b'{"user_id": "u", "conversations": [{"\\ud800": 1}]}', 200),
        (b'{"user_id": "u", "conversations": [{"a": "\\ud800"}]}', 200),
        (b'{"user_id": "u", "user_id": "v", "storage_path": "user-imports/v/raw.json"}', 200),
        (b'{"user_id": "u", "extra": ' + b"[" * 500 + b"]" * 500 + b"}", 200),
    ],
)
async def test_hostile_json_is_answered_plainly(gateway: LiveGateway, body: bytes, status: int) -> None:
    answer = await gateway.post(body)
    assert answer.status_code == status, answer.text
    assert answer.json()
    assert gateway.counted("gateway_unexpected_errors_total", place="http") == 0


@pytest.mark.parametrize("kind", ["application/json; charset=utf-8", "application/problem+json", "Application/JSON"])
async def test_json_by_another_name_is_json(gateway: LiveGateway, kind: str) -> None:
    body = {"user_id": "u", "storage_path": "user-imports/u/raw.json"}
    answer = await gateway.client.post("/process-full", content=json.dumps(body), headers={"Content-Type": kind})
    assert (answer.status_code, answer.headers["x-pipeline"]) == (200, "v1")


async def test_body_without_a_content_type_is_taken_as_json(gateway: LiveGateway) -> None:
    body = b'{"user_id": "u", "storage_path": "user-imports/u/raw.json"}'
    request = gateway.client.build_request("POST", "/process-full", content=body)
    request.headers.pop("Content-Type", None)
    assert (await gateway.client.send(request)).status_code == 200


async def test_text_is_not_json(gateway: LiveGateway) -> None:
    answer = await gateway.client.post("/process-full", content="{}", headers={"Content-Type": "text/plain"})
    assert answer.status_code == 422
