"""Every route that the old service had answers over a real socket with the fields that its callers read."""

import json
from typing import Any

import pytest

from gateway.config.settings import Settings
from tests.fakes.old_service import running_old_service
from tests.live_gateway import LiveGateway, running_gateway
from tests.supabase.project import USERS

CONVERSATION = {
    "id": "c1", "title": "Paint", "create_time": 1_700_000_000,
    "messages": [
        {"role": "user", "content": "My name is Ana and I live in Lisbon. I love painting lighthouses."},
        {"role": "assistant", "content": "Nice to meet you, Ana."},
    ],
}  # fmt: skip
ANA, BEN, CID = USERS[10:13]
EXPORT = [CONVERSATION]
COUNT, TEXT, TRUTH = int, str, bool
TIERS = {"macro": COUNT, "medium": COUNT, "micro": COUNT}
EMBEDDINGS = {
    "user_id": TEXT, "total_chunks": COUNT, "total_embedded": COUNT, "total_missing": COUNT,
    "completion_percentage": COUNT,
    "embedded_by_tier": TIERS, "missing_by_tier": TIERS, "status": TEXT,
}  # fmt: skip
STATUS = {
    "service": TEXT, "rlm_available": TRUTH, "rlm_error": type(None), "supabase_configured": TRUTH,
    "anthropic_configured": TRUTH, "bedrock_configured": TRUTH, "cohere_configured": TRUTH,
    "vercel_callback_configured": TRUTH, "timestamp": TEXT,
}  # fmt: skip
MARKDOWN = ("soulprint", "archetype", "soul_md", "identity_md", "agents_md", "user_md", "memory_log")

# method, path, body, the fields of the answer with their types
ROUTES: list[tuple[str, str, Any, dict[str, Any]]] = [
    ("GET", "/health", None, {"status": TEXT, "service": TEXT, "timestamp": TEXT, "processors_available": TRUTH}),
    ("GET", "/status", None, STATUS),
    ("POST", "/process-full", {"user_id": ANA, "storage_path": f"user-imports/{ANA}/raw-1.json"},
     {"status": TEXT, "message": TEXT, "user_id": TEXT, "conversation_count": type(None), "job_id": TEXT}),
    ("POST", "/process-full-v2", {"user_id": BEN, "storage_path": f"user-imports/{BEN}/raw-1.json"},
     {"status": TEXT, "message": TEXT, "user_id": TEXT, "job_id": TEXT, "version": TEXT}),
    ("POST", "/chat", {"user_id": ANA, "message": "What do I love?"},
     {"response": TEXT, "memories_used": COUNT, "latency_ms": COUNT}),
    ("POST", "/query", {"user_id": ANA, "message": "What do I love?", "history": []},
     {"response": TEXT, "chunks_used": COUNT, "method": TEXT, "latency_ms": COUNT}),
    ("POST", "/process-import", {"user_id": CID, "conversations_json": json.dumps(EXPORT)},
     {"status": TEXT, "message": TEXT, "user_id": TEXT, "conversations_received": COUNT}),
    ("POST", "/analyze", {"user_id": ANA},
     {"success": TRUTH, "profile": dict, "conversations_analyzed": COUNT, "latency_ms": COUNT}),
    ("POST", "/create-soulprint", {"user_id": ANA, "conversations": EXPORT, "stats": {}},
     {**dict.fromkeys(MARKDOWN, TEXT), "conversations_analyzed": COUNT}),
    ("POST", "/embed-chunks", {"user_id": ANA}, {"status": TEXT, "message": TEXT, "user_id": TEXT}),
    ("GET", f"/generate-soulprint/{ANA}", None, {"success": TRUTH}),
    ("GET", f"/embedding-status/{ANA}", None, EMBEDDINGS),
    ("POST", f"/complete-embeddings/{ANA}", None, {"success": TRUTH, "status": EMBEDDINGS}),
    ("GET", "/test-embed", None, {"success": TRUTH}),
    ("GET", "/test-patch", None, {"success": TRUTH}),
]  # fmt: skip


def fits(value: Any, shape: Any) -> bool:
    """Has it the shape's fields, with their types? Fields beyond are allowed."""
    if isinstance(shape, dict):
        return isinstance(value, dict) and all(name in value and fits(value[name], shape[name]) for name in shape)
    return isinstance(value, shape)


async def test_the_deep_health_check_answers(gateway: LiveGateway) -> None:
    answer = await gateway.client.get("/health-deep")
    shape = {"timestamp": TEXT, "overall": TEXT, "checks": dict}
    assert fits(answer.json(), shape), answer.text
    assert answer.status_code == (200 if answer.json()["overall"] == "healthy" else 503)


async def test_every_route_answers_with_its_fields_on_the_default_set_up(gateway: LiveGateway) -> None:
    for method, path, body, shape in ROUTES:
        answer = await gateway.client.request(method, path, json=body)
        assert answer.status_code == 200, (path, answer.text)
        assert fits(answer.json(), shape), (path, answer.json())


@pytest.mark.parametrize("path", [path for method, path, *_ in ROUTES if method == "POST" and "embeddings" not in path])
async def test_an_empty_body_is_refused_and_no_route_is_missing(gateway: LiveGateway, path: str) -> None:
    answer = await gateway.client.post(path, json={})
    assert answer.status_code == 422
    assert answer.json()["detail"][0]["loc"] == ["body", "user_id"]


async def test_every_other_route_can_be_left_to_the_old_service(settings: Settings) -> None:
    async with running_old_service() as old:
        changed = settings.model_copy(update={"legacy_upstream_url": old.url})
        async with running_gateway(changed) as gateway:
            for method, path, body, _ in ROUTES:
                answer = await gateway.client.request(method, path, json=body)
                ours = path.startswith(("/process-full", "/health"))
                assert (answer.status_code, answer.json() == {"old": True}) == (200, not ours), path
        passed = [received.target.decode() for received in old.received]
        assert passed == [path for _, path, *_ in ROUTES if not path.startswith(("/process-full", "/health"))]
