"""What callers of the two `/process-full` routes rely on, row by row, over a real socket and a real Postgres.

On the embedded default and on the tables of a Supabase project; users are known by UUIDs, as in production.
"""

import json
from typing import Any

import pytest

from tests.acceptance.conftest import Shape, before_any_database
from tests.live_gateway import PATHS, LiveGateway
from tests.supabase.project import USERS

ANA, BEN = USERS[10], USERS[11]
STORED = {"user_id": ANA, "storage_path": f"user-imports/{ANA}/raw-1.json", "conversation_count": 412}
INLINE = {"user_id": ANA, "conversations": [{"id": "c1", "mapping": {}}], "conversation_count": 1}
DIALS = [(0, "v1"), (100, "v2")]
FIELDS = {"status": str, "message": str, "user_id": str, "conversation_count": int, "job_id": str, "version": str}


def assert_fields(body: dict[str, Any]) -> None:
    """The body has exactly the fields of the contract, with their types."""
    assert {name: type(value) for name, value in body.items()} == FIELDS
    assert body["status"] == "processing"


@pytest.mark.parametrize(("dial", "pipeline"), DIALS)
async def test_stored_export_is_accepted_as_a_tracked_job(gateway: LiveGateway, dial: int, pipeline: str) -> None:
    await gateway.set_dial(dial)
    answer = await gateway.post(STORED)
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "application/json"
    assert answer.headers["x-pipeline"] == pipeline
    body = answer.json()
    assert_fields(body)
    assert (body["user_id"], body["conversation_count"], body["version"]) == (ANA, 412, pipeline)
    (job,) = await gateway.jobs()
    assert (job["job_id"], job["status"], job["pipeline"]) == (body["job_id"], "pending", pipeline)
    assert (job["reason"], job["dial"], job["pinned"]) == ("flag", dial, False)
    assert (job["storage_path"], job["conversation_count"]) == (STORED["storage_path"], 412)
    (entry,) = await gateway.queued()
    queue = "primary" if pipeline == "v1" else "candidate"  # so that the ones on trial never stand before the others
    assert (entry["job_id"], entry["lock"], entry["queue_name"]) == (body["job_id"], ANA, queue)


@pytest.mark.parametrize("dial", [0, 100])
async def test_pinned_route_is_v2_whatever_the_dial(gateway: LiveGateway, dial: int) -> None:
    await gateway.set_dial(dial)
    answer = await gateway.post(STORED, "/process-full-v2")
    assert (answer.status_code, answer.headers["x-pipeline"]) == (200, "v2")
    assert_fields(answer.json())
    (job,) = await gateway.jobs()
    assert (job["pipeline"], job["reason"], job["pinned"], job["dial"]) == ("v2", "forced", True, dial)


@pytest.mark.parametrize("dial", [0, 100])
@pytest.mark.parametrize("path", [None, ""])
async def test_inline_export_goes_to_v1_and_is_kept_with_its_job(
    gateway: LiveGateway, dial: int, path: str | None
) -> None:
    await gateway.set_dial(dial)
    answer = await gateway.post({**INLINE, "storage_path": path})
    assert (answer.status_code, answer.headers["x-pipeline"]) == (200, "v1")
    assert_fields(answer.json())
    (job,) = await gateway.jobs()
    assert (job["reason"], job["inline"], job["storage_path"]) == ("v1_only", True, None)
    (kept,) = await gateway.rows("select job_id::text, body from gateway.job_inputs")
    assert kept["job_id"] == answer.json()["job_id"]
    assert json.loads(kept["body"]) == INLINE["conversations"]
    assert len(await gateway.queued()) == 1
    assert gateway.counted("gateway_decisions_total", pipeline="v1", reason="v1_only") == 1


@pytest.mark.parametrize("body", [INLINE, {"user_id": ANA}, {"user_id": ANA, "storage_path": None}])
async def test_pinned_route_refuses_what_has_no_stored_export(gateway: LiveGateway, body: dict[str, Any]) -> None:
    answer = await gateway.post(body, "/process-full-v2")
    assert answer.status_code == 400
    assert list(answer.json()) == ["detail"]
    assert "storage_path required" in answer.json()["detail"]
    assert await gateway.jobs() == []


@pytest.mark.parametrize(("sent", "speaks"), [([{"id": "c1"}], True), ([], False), (None, False)])
async def test_the_pinned_routes_400_speaks_of_inline_conversations_where_some_were_sent(
    gateway: LiveGateway, sent: Any, speaks: bool
) -> None:
    answer = await gateway.post({"user_id": ANA, "conversations": sent}, "/process-full-v2")
    assert (answer.status_code, "inline" in answer.json()["detail"]) == (400, speaks)


@pytest.mark.parametrize(
    ("path", "counted"), [("/process-full", {"conversation_count": 100}), ("/process-full-v2", {})]
)
async def test_the_calls_of_the_planning_document_are_accepted_at_the_defaults(
    gateway: LiveGateway, shape: Shape, path: str, counted: dict[str, int]
) -> None:
    """Where users have UUIDs and are known, `test-user` is none of them: a plain 422 about `user_id`."""
    sent = {"user_id": "test-user", "storage_path": "user-exports/test/conversations.json", **counted}
    answer = await gateway.post(sent, path)
    body = answer.json()
    if shape == "supabase":
        (problem,) = body["detail"]
        assert (answer.status_code, problem["loc"]) == (422, ["body", "user_id"])
        assert "no user of this database has this id" in problem["msg"]
        return
    assert answer.status_code == 200
    assert (body["status"], body["user_id"]) == ("processing", "test-user")
    assert body["conversation_count"] == counted.get("conversation_count")
    assert (body["version"], len(await gateway.jobs())) == ("v1" if counted else "v2", 1)


async def test_the_planning_documents_other_calls_are_answered(gateway: LiveGateway) -> None:
    for path in ("/health", "/health-deep", "/status"):
        assert (await gateway.client.get(path)).status_code in (200, 503 if path == "/health-deep" else 200), path
    assert (await gateway.post({"user_id": "test", "message": "hi"}, "/chat")).status_code in (200, 400, 422)


async def test_stored_export_wins_over_an_inline_one(gateway: LiveGateway) -> None:
    for path, pipeline in zip(PATHS, ("v1", "v2"), strict=True):
        answer = await gateway.post({**STORED, **INLINE, "conversation_count": 5}, path)
        assert (answer.status_code, answer.headers["x-pipeline"]) == (200, pipeline)
    assert [(job["inline"], job["storage_path"]) for job in await gateway.jobs()] == [
        (False, STORED["storage_path"])
    ] * 2
    assert await gateway.rows("select 1 from gateway.job_inputs") == []


@pytest.mark.parametrize("dial", [0, 100])
@pytest.mark.parametrize("extra", [{}, {"storage_path": None}, {"storage_path": ""}, {"conversations": []}])
async def test_request_without_an_export_works_from_stored_chunks(
    gateway: LiveGateway, dial: int, extra: dict[str, Any]
) -> None:
    await gateway.set_dial(dial)
    answer = await gateway.post({"user_id": ANA, **extra})
    assert (answer.status_code, answer.headers["x-pipeline"]) == (200, "v1")
    assert answer.json()["conversation_count"] is None
    (job,) = await gateway.jobs()
    assert (job["reason"], job["inline"], job["storage_path"]) == ("v1_only", False, None)


@before_any_database
@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize(
    ("body", "kind", "where"),
    [
        (b"{", "json_invalid", ["body", 1]),
        (b"", "missing", ["body"]),
        (b"[]", "model_attributes_type", ["body"]),
        (b"{}", "missing", ["body", "user_id"]),
        (b'{"user_id": 3}', "string_type", ["body", "user_id"]),
        (b'{"user_id": null}', "string_type", ["body", "user_id"]),
        (b'{"user_id": "u", "storage_path": 3}', "string_type", ["body", "storage_path"]),
        (b'{"user_id": "u", "conversation_count": "x"}', "int_parsing", ["body", "conversation_count"]),
        (b'{"user_id": "u", "message_count": 1.5}', "int_from_float", ["body", "message_count"]),
        (b'{"user_id": "u", "conversations": {}}', "list_type", ["body", "conversations"]),
        (b'{"user_id": "u", "conversations": [1]}', "dict_type", ["body", "conversations", 0]),
    ],
)
async def test_bad_body_is_422_as_fastapi_makes_it(
    gateway: LiveGateway, path: str, body: bytes, kind: str, where: list[Any]
) -> None:
    answer = await gateway.post(body, path)
    assert answer.status_code == 422
    (problem,) = answer.json()["detail"]
    assert (problem["type"], problem["loc"]) == (kind, where)
    assert {"msg", "input"} <= set(problem)
    assert await gateway.jobs() == []


@before_any_database
@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("user_id", "a\0b"),
        ("user_id", "x" * 513),
        ("storage_path", "user-imports/a\0b.json"),
        ("storage_path", "user-imports/../other/raw.json"),
        ("storage_path", "/etc/passwd"),
        ("storage_path", "user-imports/u/../../raw.json"),
    ],
)
async def test_what_storage_must_not_see_is_refused_by_name(
    gateway: LiveGateway, path: str, field: str, value: str
) -> None:
    answer = await gateway.post({**STORED, field: value}, path)
    assert answer.status_code == 422
    (problem,) = answer.json()["detail"]
    assert problem["loc"] == ["body", field]
    assert problem["msg"]
    assert await gateway.jobs() == []


async def test_numbers_as_text_and_unknown_fields_are_taken(gateway: LiveGateway) -> None:
    answer = await gateway.post({**STORED, "conversation_count": "12", "message_count": "13", "colour": "red"})
    assert answer.status_code == 200
    assert answer.json()["conversation_count"] == 12
    (job,) = await gateway.jobs()
    assert (job["conversation_count"], job["message_count"]) == (12, 13)


@pytest.mark.parametrize("count", [2**31, -(2**40), 2**63, 2**64, 10**300])
async def test_huge_counts_are_echoed_and_kept_within_the_column(gateway: LiveGateway, count: int) -> None:
    answer = await gateway.post({**STORED, "conversation_count": count})
    assert answer.status_code == 200
    assert answer.json()["conversation_count"] == count
    (job,) = await gateway.jobs()
    assert job["conversation_count"] == (2**31 - 1 if count > 0 else -(2**31 - 1))


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize("body", [STORED, INLINE, {"user_id": ANA}])
async def test_same_request_while_under_way_is_answered_with_that_job(
    gateway: LiveGateway, path: str, body: dict[str, Any]
) -> None:
    first, second = await gateway.post(body, path), await gateway.post(body, path)
    if first.status_code == 400:
        return  # the pinned route takes stored exports only
    assert second.json()["job_id"] == first.json()["job_id"]
    assert second.headers["x-pipeline"] == first.headers["x-pipeline"]
    assert_fields({**second.json(), "conversation_count": 1})
    assert len(await gateway.jobs()) == len(await gateway.queued()) == 1


async def test_joined_job_keeps_its_pipeline_when_the_dial_has_moved(gateway: LiveGateway) -> None:
    first = await gateway.post(STORED)
    await gateway.set_dial(100)
    second = await gateway.post(STORED)
    assert (second.json()["job_id"], second.json()["version"]) == (first.json()["job_id"], "v1")
    assert gateway.counted("gateway_jobs_joined_total", pipeline="v1") == 1


@pytest.mark.parametrize("status", ["complete", "failed"])
async def test_same_request_after_its_job_ended_is_a_new_job(gateway: LiveGateway, status: str) -> None:
    first = await gateway.post(STORED)
    await gateway.rows("update processing_jobs set status = %s where pipeline is not null returning id", status)
    second = await gateway.post(STORED)
    assert second.json()["job_id"] != first.json()["job_id"]


async def test_other_exports_and_other_users_are_jobs_of_their_own(gateway: LiveGateway) -> None:
    other = {"user_id": BEN, "storage_path": f"user-imports/{BEN}/raw-1.json"}
    bodies = [STORED, other, {**STORED, "storage_path": f"user-imports/{ANA}/raw-2.json"}]
    answers = [await gateway.post(body) for body in bodies]
    assert len({answer.json()["job_id"] for answer in answers}) == 3


async def test_empty_user_gets_v1_and_is_counted(gateway: LiveGateway, shape: Shape) -> None:
    await gateway.set_dial(100)
    answer = await gateway.post({"user_id": "", "storage_path": "user-imports/raw-1.json"})  # in nobody's folder
    if shape == "supabase":
        assert (answer.status_code, answer.json()["detail"][0]["loc"]) == (422, ["body", "user_id"])
        return
    assert (answer.status_code, answer.json()["user_id"], answer.headers["x-pipeline"]) == (200, "", "v1")
    assert gateway.counted("gateway_decisions_total", pipeline="v1", reason="no_user") == 1


@before_any_database
@pytest.mark.parametrize("path", PATHS)
async def test_other_methods_are_405_with_a_detail(gateway: LiveGateway, path: str) -> None:
    answer = await gateway.client.get(path)
    assert (answer.status_code, list(answer.json())) == (405, ["detail"])
