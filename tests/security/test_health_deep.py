"""`/health-deep`: every part, within its time, details for operators; `/ready` and the workers of other processes."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from pathlib import Path
from typing import Any

import pytest
from pydantic import SecretStr

from gateway.config.settings import Settings
from gateway.services import Services
from gateway.web.health import PROBES, DeepHealth, Finding, limited, provider_question
from tests.conftest import settings_for
from tests.live_gateway import LiveGateway, running_gateway
from tests.security.conftest import OPERATOR, bearer

PARTS = {"pipelines", "database", "rights", "storage", "flags", "workers", "queue", "provider"}


async def beat(gateway: LiveGateway, seconds_ago: float = 0) -> None:
    """A worker of another process writes its heartbeat."""
    await gateway.rows(
        "insert into gateway.workers (name, seen_at) "
        "values (gen_random_uuid(), now() - make_interval(secs => %s)) returning 1",
        seconds_ago,
    )


async def statuses(gateway: LiveGateway, code: int) -> dict[str, str]:
    """The parts' statuses, after checking the answer as a whole."""
    answer = await gateway.client.get("/health-deep")
    body = answer.json()
    assert set(body) == {"timestamp", "overall", "checks"}
    assert (answer.status_code, body["overall"]) == (code, "healthy" if code == 200 else "unhealthy")
    return {name: part["status"] for name, part in body["checks"].items()}


async def test_all_is_well_with_a_worker_somewhere(guarded: LiveGateway) -> None:
    await beat(guarded)
    assert await statuses(guarded, 200) == dict.fromkeys(PARTS, "healthy")


async def test_no_worker_anywhere_is_unhealthy(guarded: LiveGateway) -> None:
    await beat(guarded, seconds_ago=3600)
    found = await statuses(guarded, 503)
    assert [name for name, status in found.items() if status != "healthy"] == ["workers"]


async def test_a_job_that_waits_for_longer_than_a_job_may_take_is_unhealthy(guarded: LiveGateway) -> None:
    await beat(guarded)
    await guarded.post({"user_id": "ann", "storage_path": "user-imports/ann/raw-1.json"})
    await guarded.rows("update processing_jobs set created_at = now() - interval '2 hours' returning 1")
    found = await statuses(guarded, 503)
    assert [name for name, status in found.items() if status != "healthy"] == ["queue"]


async def test_old_flags_are_degraded_and_not_unhealthy(guarded: LiveGateway) -> None:
    await beat(guarded)
    (guarded.services.settings.data_dir / "flags.json").write_text("{")
    await guarded.services.flags.refresh()
    assert (await statuses(guarded, 200))["flags"] == "degraded"


async def test_details_are_for_operators(guarded: LiveGateway) -> None:
    await beat(guarded)
    public = await guarded.client.get("/health-deep", headers=bearer("somebody else's"))
    assert {key for part in public.json()["checks"].values() for key in part} == {"status"}
    shown = (await guarded.client.get("/health-deep", headers=bearer(OPERATOR))).json()["checks"]
    assert shown["workers"]["detail"]["alive"] == 1
    assert all(part["detail"]["milliseconds"] >= 0 for part in shown.values())


async def test_what_hangs_is_left_behind_and_told(guarded: LiveGateway) -> None:
    async def hang(_services: Services) -> Finding:
        await asyncio.Event().wait()
        raise AssertionError

    found = await limited(hang, guarded.services, seconds=0.01)
    assert (found.status, found.detail["error"]) == ("unhealthy", "no answer within 0.01 s")


async def test_however_many_ask_it_looks_once(guarded: LiveGateway) -> None:
    looks = 0

    async def count(_services: Services) -> Finding:
        nonlocal looks
        looks += 1
        return Finding("healthy")

    deep = DeepHealth(guarded.services, {"one": count})
    await asyncio.gather(*(deep.look() for _ in range(50)))
    assert looks == 1


@pytest.fixture(params=[200, 401, 503])
async def provider(request: pytest.FixtureRequest) -> AsyncIterator[tuple[int, str]]:
    """A provider that answers every question with one status, and its address."""

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(b"HTTP/1.1 %d X\r\ncontent-length: 0\r\nconnection: close\r\n\r\n" % request.param)
        writer.close()

    server = await asyncio.start_server(answer, "127.0.0.1", 0)
    async with server:
        yield request.param, f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/v1"


async def test_a_provider_must_answer_and_take_the_key(
    provider: tuple[int, str], database_url: str, tmp_path: Path
) -> None:
    status, url = provider
    settings = settings_for(
        database_url, data_dir=tmp_path, openai_base_url=url, language_model="m", openai_api_key=SecretStr("k")
    )
    async with running_gateway(settings) as gateway:
        found = await limited(PROBES["provider"], gateway.services)
    assert (found.status, found.detail["http_status"]) == ("healthy" if status == 200 else "unhealthy", status)


def test_a_provider_is_asked_for_its_models_with_its_key() -> None:
    asked = provider_question(Settings.model_validate({"anthropic_api_key": "a"}))
    assert asked is not None
    assert asked[1]["x-api-key"] == "a"
    assert provider_question(Settings.model_validate({})) is None
    assert provider_question(Settings.model_validate({"language_model": "bedrock:x"})) is None


async def worker_check(gateway: LiveGateway) -> tuple[int, Mapping[str, Any]]:
    answer = await gateway.client.get("/ready")
    check: Mapping[str, Any] = answer.json()["checks"]["worker"]
    return answer.status_code, check


async def test_ready_sees_workers_of_other_processes(guarded: LiveGateway) -> None:
    assert await worker_check(guarded) == (200, {"ok": False, "required": False, "detail": {"alive": 0}})
    await beat(guarded)
    assert await worker_check(guarded) == (200, {"ok": True, "required": False, "detail": {"alive": 1}})
