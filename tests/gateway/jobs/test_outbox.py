"""The callback to the web back end: once written it is delivered, again and again if need be, under one key."""

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from typing import Any

import pytest

from gateway.config.settings import Settings
from tests.gateway.jobs.conftest import Bench, until


class WebBackEnd:
    """A loopback HTTP server that answers what it is told and remembers what it got."""

    def __init__(self) -> None:
        self.requests: list[tuple[str, dict[str, str], Any]] = []
        self.answers: list[int] = []
        self._server: asyncio.Server | None = None

    async def start(self) -> str:
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", 0)
        return f"http://127.0.0.1:{self._server.sockets[0].getsockname()[1]}"

    async def stop(self) -> None:
        if self._server is not None:
            self._server.close()
            await self._server.wait_closed()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = (await reader.readuntil(b"\r\n\r\n")).decode().split("\r\n")
        headers = {name.lower(): value for name, _, value in (line.partition(": ") for line in head[1:] if line)}
        body = await reader.readexactly(int(headers["content-length"]))
        self.requests.append((head[0], headers, json.loads(body)))
        status = self.answers.pop(0) if self.answers else 200
        writer.write(f"HTTP/1.1 {status} X\r\nContent-Length: 0\r\nConnection: close\r\n\r\n".encode())
        await writer.drain()
        writer.close()
        await writer.wait_closed()


@pytest.fixture
async def back_end() -> AsyncIterator[WebBackEnd]:
    server = WebBackEnd()
    yield server
    await server.stop()


@pytest.fixture
async def worker_settings(back_end: WebBackEnd) -> dict[str, Any]:
    url = await back_end.start()
    keys = Settings(vercel_api_url=url + "/", rlm_api_key="secret")
    return {
        "heartbeat_seconds": 0.3, "stalled_after_seconds": 2.0, "drain_seconds": 1.0,
        "vercel_api_url": keys.vercel_api_url, "rlm_api_key": keys.rlm_api_key,
    }  # fmt: skip


def delivered(bench: Bench) -> Callable[[], Any]:
    async def check() -> Any:
        return await bench.rows("select * from gateway.outbox where delivered_at is not null")

    return check


@pytest.mark.parametrize("pipeline", ["v1", "v2"])
async def test_the_web_back_end_is_told_when_the_import_is_complete(
    bench: Bench, back_end: WebBackEnd, pipeline: str
) -> None:
    bench.start_worker()
    await bench.ended((await bench.accept(pipeline=pipeline)).job_id)
    (message,) = await until(delivered(bench))
    ((line, headers, body),) = back_end.requests
    assert line == "POST /api/import/complete HTTP/1.1"
    assert headers["authorization"] == "Bearer secret"
    assert headers["idempotency-key"] == str(message["id"])
    assert set(body) == {"user_id", "soulprint_ready", "memory_building", "processing_time"}
    assert (body["user_id"], body["soulprint_ready"], body["memory_building"]) == ("ann", True, False)
    assert body["processing_time"] >= 0


async def test_a_message_that_was_not_taken_is_sent_again_under_the_same_key(
    bench: Bench, back_end: WebBackEnd
) -> None:
    back_end.answers = [503]
    bench.start_worker()
    await bench.ended((await bench.accept()).job_id)
    (message,) = await until(delivered(bench))
    assert message["attempts"] == 2
    assert len({headers["idempotency-key"] for _, headers, _ in back_end.requests}) == 1


async def test_a_message_that_is_refused_is_given_up_and_says_why(bench: Bench, back_end: WebBackEnd) -> None:
    back_end.answers = [400]
    bench.start_worker()
    await bench.ended((await bench.accept()).job_id)

    async def given_up() -> Any:
        return await bench.rows("select * from gateway.outbox where gave_up_at is not null")

    (message,) = await until(given_up)
    assert (message["last_error"], message["attempts"], message["delivered_at"]) == ("HTTP 400", 1, None)


async def test_a_failed_job_sends_nothing(bench: Bench, back_end: WebBackEnd) -> None:
    bench.start_worker()
    job = await bench.ended((await bench.accept(words=[])).job_id)
    assert (job["status"], job["error_message"]) == ("failed", "the export has no words")
    assert await bench.rows("select * from gateway.outbox") == []
    assert back_end.requests == []


async def test_a_message_whose_entry_was_lost_is_delivered(bench: Bench, back_end: WebBackEnd) -> None:
    await bench.execute(
        "insert into gateway.outbox (job_id, user_id, kind, payload, created_at) "
        "values (gen_random_uuid(), 'ann', 'import_complete', '{}', now() - interval '1 minute')"
    )
    bench.start_worker()
    await until(delivered(bench))
    assert len(back_end.requests) == 1
