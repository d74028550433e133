"""How routes may be asked for: with a slash at the end, and with HEAD by platforms that look at health."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import httpx
import pytest
from starlette.types import ASGIApp

from gateway.config.settings import Settings
from gateway.server.uvicorn_server import Server, bind
from gateway.server.waiting_room import ReplaceableApp
from gateway.web.app import create_worker_app
from tests.fakes.old_service import running_old_service
from tests.live_gateway import PATHS, LiveGateway, running_gateway

STORED = {"user_id": "h1", "storage_path": "user-imports/h1/raw-1.json"}
BEHIND_TLS = {"Host": "api.example.com", "X-Forwarded-Proto": "https"}


@pytest.mark.parametrize("path", PATHS)
async def test_a_slash_at_the_end_is_answered_as_without_behind_tls(settings: Settings, path: str) -> None:
    async with running_gateway(settings.model_copy(update={"allowed_hosts": BEHIND_TLS["Host"]})) as gateway:
        answer = await gateway.post(STORED, f"{path}/", **BEHIND_TLS)
        assert (answer.status_code, answer.json()["status"]) == (200, "processing")
        assert answer.headers["x-pipeline"] == answer.json()["version"]
        broken = await gateway.post(b"{", f"{path}/", **BEHIND_TLS)
        assert broken.status_code == 422


async def test_every_route_is_answered_with_a_slash_and_none_redirects(gateway: LiveGateway) -> None:
    routes = (await gateway.client.get("/openapi.json")).json()["paths"]
    for path, methods in routes.items():
        for method in methods:
            asked = path.replace("{user_id}", "h1").replace("{job_id}", "h1")
            plain = await gateway.client.request(method, asked, json={})
            slashed = await gateway.client.request(method, f"{asked}/", json={})
            assert slashed.status_code == plain.status_code, (method, path)
            assert "location" not in slashed.headers


@pytest.mark.parametrize("path", ["//", "/nowhere/", "/process-full//", "/"])
async def test_what_is_no_route_stays_none(gateway: LiveGateway, path: str) -> None:
    assert (await gateway.client.get(path)).status_code in (404, 405)


async def test_what_is_passed_on_keeps_its_slash(settings: Settings) -> None:
    async with running_old_service() as old:
        changed = settings.model_copy(update={"legacy_upstream_url": old.url})
        async with running_gateway(changed) as gateway:
            await gateway.client.get("/chat/")
        assert [received.target for received in old.received] == [b"/chat/"]


@pytest.mark.parametrize("path", ["/health", "/ready", "/health-deep", "/health/"])
async def test_head_answers_as_get_without_a_body(gateway: LiveGateway, path: str) -> None:
    got, head = await gateway.client.get(path), await gateway.client.head(path)
    assert (head.status_code, head.content) == (got.status_code, b"")
    assert head.headers["content-type"] == got.headers["content-type"]


async def test_a_worker_answers_head_too(gateway: LiveGateway) -> None:
    async with answering(create_worker_app(gateway.services, worker_alive=lambda: True)) as client:
        assert (await client.head("/health/")).status_code == 200
        assert (await client.head("/ready")).status_code == 200


async def test_a_process_that_waits_for_its_database_answers_both() -> None:
    async with answering(ReplaceableApp()) as client:
        for path, status in {"/health": 200, "/health/": 200, "/ready": 503, "/ready/": 503}.items():
            assert (await client.get(path)).status_code == status
            head = await client.head(path)
            assert (head.status_code, head.content) == (status, b"")


@asynccontextmanager
async def answering(app: ASGIApp) -> AsyncIterator[httpx.AsyncClient]:
    """The application on a socket."""
    listening = asyncio.Event()
    server = Server(app, listening.set)
    listener = bind("127.0.0.1", 0)
    task = asyncio.create_task(server.serve(sockets=[listener]))
    await listening.wait()
    async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{listener.getsockname()[1]}", timeout=180) as client:
        yield client
    server.stop()
    await task
