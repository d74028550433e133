"""A large inline export is read beside the event loop: others are answered meanwhile, and errors are what they were."""

import asyncio
import json
from collections.abc import Callable
from typing import Any, TypeVar, cast

import httpx
import pytest
from fastapi import FastAPI
from starlette.types import Receive, Scope, Send

from gateway.jobs.run.process_pool import ProcessCompute
from gateway.web.routes import ops
from gateway.web.routes.imports.fast_path import LARGE_BYTES
from gateway.web.routes.imports.process_full import mount_process_full
from pipelines.contract import Compute, PipelineError
from tests.live_gateway import LiveGateway

T = TypeVar("T")
JSON = {"Content-Type": "application/json"}


class Held:
    """Reads bodies in a process as always, but only once it is let."""

    def __init__(self) -> None:
        self.asked, self.let = asyncio.Event(), asyncio.Event()
        self._compute = ProcessCompute(1)

    async def __call__(self, function: Callable[..., T], *args: Any) -> T:
        self.asked.set()
        await self.let.wait()
        return await self._compute(function, *args)


async def dies(function: Callable[..., T], *args: Any) -> T:
    """A process that is killed each time."""
    raise PipelineError("a worker process died", retryable=True)


def client_of(gateway: LiveGateway, compute: Compute) -> httpx.AsyncClient:
    """A caller of the routes as they are, over another way to read large bodies."""
    app = FastAPI()
    app.include_router(ops.router)
    mount_process_full(app, gateway.services, compute=compute)

    async def with_state(scope: Scope, receive: Receive, send: Send) -> None:
        await app({**scope, "state": {"services": gateway.services}}, receive, send)

    return httpx.AsyncClient(transport=httpx.ASGITransport(cast("Any", with_state)), base_url="http://gateway")


def export_of(size: int, text: str = "word ") -> list[dict[str, Any]]:
    """Conversations of about so many bytes."""
    return [{"id": str(n), "title": text * 20_000} for n in range(size // 100_000)]


@pytest.mark.usefixtures("large_exports_have_time")
async def test_health_answers_while_a_60_mb_body_is_read(gateway: LiveGateway) -> None:
    held = Held()
    body = {"user_id": "u", "conversations": export_of(60_000_000)}
    async with client_of(gateway, held) as client:
        accepting = asyncio.create_task(client.post("/process-full", content=json.dumps(body), headers=JSON))
        await held.asked.wait()  # the body has arrived whole
        assert (await client.get("/health")).status_code == 200
        assert not accepting.done()
        held.let.set()
        answer = await accepting
    assert (answer.status_code, answer.json()["version"]) == (200, "v1")
    [kept] = await gateway.rows("select body from gateway.job_inputs where job_id = %s::uuid", answer.json()["job_id"])
    assert json.loads(bytes(kept["body"])) == body["conversations"]


async def test_the_same_export_is_the_same_request_whether_it_is_read_here_or_there(gateway: LiveGateway) -> None:
    conversations = [{"id": "1", "title": "x"}]
    small = await gateway.post({"user_id": "u", "conversations": conversations})
    large = await gateway.post({"user_id": "u", "conversations": conversations, "padding": "x" * LARGE_BYTES})
    assert small.json()["job_id"] == large.json()["job_id"]


@pytest.mark.parametrize(
    ("start", "status"),
    [
        (b'{"user_id": "u", "conversations": [{"a": "\\ud83d"}]', 200),
        (b'{"user_id": "u", "conversation_count": ' + b"9" * 4000, 200),
        (b'{"user_id": 1', 422),
        (b'{"user_id": "u", "conversations": [1]', 422),
        (b'{"user_id": "\xff"', 422),
        (b'{"user_id": NaN', 422),
        (b'{"user_id": ' + b"[" * 20_000 + b"]" * 20_000, 422),
        (b'{"user_id": "u"]', 422),
    ],
)
async def test_large_hostile_json_is_answered_plainly(gateway: LiveGateway, start: bytes, status: int) -> None:
    answer = await gateway.post(start + b', "padding": "' + b"x" * LARGE_BYTES + b'"}')
    assert answer.status_code == status, answer.text[:500]
    assert len(answer.content) < 10_000, "what was sent is not sent back"
    if status == 422:
        assert all(problem["loc"][0] == "body" and problem["msg"] for problem in answer.json()["detail"])
    assert gateway.counted("gateway_unexpected_errors_total", place="http") == 0


async def test_reader_that_is_killed_is_a_503(gateway: LiveGateway) -> None:
    body = json.dumps({"user_id": "u", "conversations": export_of(2_000_000)})
    async with client_of(gateway, dies) as client:
        answer = await client.post("/process-full", content=body, headers=JSON)
    assert answer.status_code == 503
    assert await gateway.jobs() == []
