"""Exports as text, soulprints while one waits, soulprints anew, and the diagnostics."""

import json
from typing import Any

import httpx
import pytest

from gateway.config.settings import Settings
from gateway.web.routes.memory.run_inline import run_given
from pipelines.contract import ImportRequest, PipelineError, Ports, Soulprint
from pipelines.registry import Registry
from tests.live_gateway import LiveGateway, running_gateway

TALK = {
    "id": "c1", "title": "T", "create_time": 1_700_000_000,
    "messages": [{"role": "user", "content": "My name is Ana. I live in Lisbon. I love painting lighthouses."}],
}  # fmt: skip


async def send(gateway: LiveGateway, text: Any) -> httpx.Response:
    return await gateway.client.post("/process-import", json={"user_id": "eva", "conversations_json": text})


@pytest.mark.parametrize(("export", "received"), [([TALK, TALK], 2), ({"conversations": [TALK]}, 1), ([], 0)])
async def test_an_export_as_text_becomes_a_job_of_v1(gateway: LiveGateway, export: Any, received: int) -> None:
    text = json.dumps(export)
    answer = await send(gateway, text)
    assert answer.status_code == 200, answer.text
    body = answer.json()
    assert (body["status"], body["user_id"], body["conversations_received"]) == ("processing", "eva", received)
    (job,) = await gateway.jobs()
    assert (job["job_id"], job["pipeline"], job["reason"], job["inline"]) == (body["job_id"], "v1", "v1_only", True)
    assert [row["job_id"] for row in await gateway.queued()] == [body["job_id"]]
    (stored,) = await gateway.rows("select body from gateway.job_inputs")
    assert json.loads(stored["body"]) == export
    assert (await send(gateway, text)).json()["job_id"] == body["job_id"]
    assert len(await gateway.jobs()) == 1


@pytest.mark.usefixtures("large_exports_have_time")
async def test_a_large_export_as_text_is_accepted_too(gateway: LiveGateway) -> None:
    answer = await send(gateway, json.dumps([{**TALK, "filler": "x" * 1_000_000}]))
    assert answer.json()["conversations_received"] == 1


NO_EXPORTS = [
    None,
    "",
    "  ",
    "{",
    "hello",
    "5",
    "null",
    '"text"',
    '{"a": 1}',
    "[NaN]",
    "[" * 5_000,
    "{" + " " * 600_000,
]


async def test_an_export_that_is_missing_or_no_json_is_400(gateway: LiveGateway) -> None:
    for text in NO_EXPORTS:
        answer = await send(gateway, text)
        assert (answer.status_code, "conversations_json" in answer.json()["detail"]) == (400, True), text
    assert await gateway.jobs() == []


async def test_a_soulprint_is_made_while_the_caller_waits_and_nothing_is_stored(gateway: LiveGateway) -> None:
    answer = await gateway.client.post("/create-soulprint", json={"user_id": "eva", "conversations": [TALK]})
    body = answer.json()
    assert answer.status_code == 200, answer.text
    assert body["conversations_analyzed"] == 1
    for part in ("soulprint", "user_md"):
        assert "Lisbon" in body[part]
    assert await gateway.jobs() == []
    assert await gateway.rows("select 1 from user_profiles where user_id = 'eva'") == []


NOTHING_SAID: list[list[Any]] = [
    [],
    [{}],
    [{"messages": 5}],
    [{"id": "c", "messages": []}],
    [{"mapping": {"a": {}}}],
]


async def test_conversations_that_say_nothing_are_400(gateway: LiveGateway) -> None:
    for conversations in NOTHING_SAID:
        answer = await gateway.client.post("/create-soulprint", json={"user_id": "eva", "conversations": conversations})
        assert (answer.status_code, list(answer.json())) == (400, ["detail"]), conversations


def count_for_ever() -> None:
    while True:
        pass


async def spin(request: ImportRequest, ports: Ports) -> Soulprint:
    await ports.compute(count_for_ever)
    raise AssertionError


async def test_making_a_soulprint_is_stopped_when_its_time_is_over(gateway: LiveGateway) -> None:
    with pytest.raises(PipelineError, match="longer than") as stopped:
        await run_given(gateway.services, spin, "eva", b"[]", seconds=0.2)
    assert stopped.value.retryable


async def test_a_pipeline_that_cannot_be_used_is_503(settings: Settings) -> None:
    async with running_gateway(settings, registry=Registry({}, {})) as gateway:
        answer = await gateway.client.post("/create-soulprint", json={"user_id": "eva", "conversations": [TALK]})
    assert answer.status_code == 503


async def test_a_soulprint_is_made_anew_from_what_is_stored(gateway: LiveGateway) -> None:
    first = (await gateway.client.get("/generate-soulprint/ana")).json()
    again = (await gateway.client.get("/generate-soulprint/ana")).json()
    assert (first["success"], again["success"], again["job_id"]) == (True, True, first["job_id"])
    (job,) = await gateway.jobs()
    assert (job["storage_path"], job["inline"], job["pipeline"], job["reason"]) == (None, False, "v1", "v1_only")


async def test_without_anything_stored_there_is_nothing_to_make_it_from(gateway: LiveGateway) -> None:
    answer = await gateway.client.get("/generate-soulprint/nobody")
    assert (answer.status_code, answer.json()["success"]) == (200, False)
    assert "nothing is stored" in answer.json()["error"]
    assert await gateway.jobs() == []


async def test_analyze_tells_what_is_known(gateway: LiveGateway) -> None:
    known = (await gateway.client.post("/analyze", json={"user_id": "ana"})).json()
    assert (known["success"], known["conversations_analyzed"]) == (True, 3)
    assert (known["profile"]["archetype"], known["profile"]["user"]["name"]) == ("The Maker", "Ana")
    unknown = (await gateway.client.post("/analyze", json={"user_id": "nobody"})).json()
    assert (unknown["success"], unknown["profile"], unknown["conversations_analyzed"]) == (False, {}, 0)


async def test_without_a_model_chunks_are_complete_as_they_are(gateway: LiveGateway) -> None:
    status = (await gateway.client.get("/embedding-status/ana")).json()
    assert (status["total_chunks"], status["total_embedded"], status["status"]) == (9, 0, "complete")
    begun = (await gateway.client.post("/embed-chunks", json={"user_id": "ana"})).json()
    assert (begun["status"], "no embedding model" in begun["message"]) == ("processing", True)
    done = (await gateway.client.post("/complete-embeddings/ana")).json()
    assert (done["success"], done["status"]) == (True, status)
    assert (await gateway.client.post("/complete-embeddings/nobody")).json()["success"] is False
    assert (await gateway.client.get("/test-embed")).json()["success"] is False
    assert await gateway.queued() == []


STRANGE_USERS = ["%00", "%ff", "a%2Fb", "..%2f..", "%0d%0a", "x" * 513, "'; drop table user_profiles"]


async def test_a_strange_user_in_the_path_is_no_error_of_ours(gateway: LiveGateway) -> None:
    for method, path in (("GET", "generate-soulprint"), ("GET", "embedding-status"), ("POST", "complete-embeddings")):
        for user in STRANGE_USERS:
            answer = await gateway.client.request(method, f"/{path}/{user}")
            assert answer.status_code in (200, 404, 422), (path, user)


async def test_status_tells_what_is_configured_and_never_how(gateway: LiveGateway) -> None:
    told = (await gateway.client.get("/status")).json()
    assert (told.pop("service"), told.pop("rlm_error"), bool(told.pop("timestamp"))) == (
        "soulprint-gateway",
        None,
        True,
    )
    assert {type(value) for value in told.values()} == {bool}
    assert (told["rlm_available"], told["embeddings"], told["forwarding"]) == (True, False, False)


async def test_the_write_trial_leaves_nothing(gateway: LiveGateway) -> None:
    assert (await gateway.client.get("/test-patch")).json()["success"] is True
    assert [row["user_id"] for row in await gateway.rows("select user_id from user_profiles")] == ["ana"]
    async with gateway.services.database.pool.connection() as connection:
        await connection.execute("alter table user_profiles rename column embedding_progress to gone")
    failed = (await gateway.client.get("/test-patch")).json()
    assert (failed["success"], failed["error"]) == (False, "the database says UndefinedColumn")
