"""`/chat` and `/query`: quoted by the embedded engine, answered by a provider, and never an error for want of data."""

from typing import Any

import pytest

from gateway.config.settings import Settings
from tests.conftest import settings_for
from tests.fakes.provider import FakeProvider, Reply, running_provider
from tests.gateway.retrieval.conftest import publish
from tests.live_gateway import LiveGateway, running_gateway

QUOTING = "Quoting from your own memories:"


async def ask(gateway: LiveGateway, path: str = "/chat", **body: Any) -> dict[str, Any]:
    answer = await gateway.post({"user_id": "ana", "message": "Do I like painting?", **body}, path)
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


async def test_chat_quotes_the_memory_that_fits_and_says_so(gateway: LiveGateway) -> None:
    answer = await ask(gateway)
    assert answer["response"].startswith(QUOTING)
    assert "watercolours" in answer["response"]
    assert (answer["memories_used"], answer["method"]) == (1, "full-text")
    assert answer["latency_ms"] >= 0


async def test_query_tells_its_chunks_and_its_method(gateway: LiveGateway) -> None:
    answer = await ask(gateway, "/query")
    assert (answer["chunks_used"], answer["method"]) == (1, "full-text")
    assert "watercolours" in answer["response"]
    assert gateway.counted("gateway_memory_answers_total", route="/query", method="full-text") == 1


async def test_query_takes_the_callers_soulprint_instead_of_the_stored_one(gateway: LiveGateway) -> None:
    told = await ask(gateway, "/query", message="What is my name?", soulprint_text="**Name**: Zoe\n")
    assert "> Name: Zoe" in told["response"]
    assert "Name: Ana" not in told["response"]
    assert "Name: Ana" in (await ask(gateway, "/query", message="What is my name?"))["response"]


async def test_memory_is_quoted_too(gateway: LiveGateway) -> None:
    assert "> Prefers short answers" in (await ask(gateway, message="short answers?"))["response"]


async def test_a_follow_up_is_understood_from_the_turn_before(gateway: LiveGateway) -> None:
    history = [{"role": "user", "content": "my boat"}, {"role": "assistant", "content": "Yes?"}]
    assert (await ask(gateway, message="what about it?", history=history))["memories_used"] == 1


@pytest.mark.parametrize("path", ["/chat", "/query"])
async def test_an_unknown_user_is_told_so(gateway: LiveGateway, path: str) -> None:
    answer = await ask(gateway, path, user_id="nobody")
    assert "import your conversations first" in answer["response"]
    assert answer.get("memories_used", answer.get("chunks_used")) == 0


async def test_what_fits_nothing_is_told_so(gateway: LiveGateway) -> None:
    assert "nothing about that" in (await ask(gateway, message="xylophone"))["response"]


ANY_TEXT = [
    "",
    "\0",
    "'; drop table user_profiles; --",
    "%s %(user)s {0}",
    "a" * 100_000,
    "boat " * 20_000,
    "\u202e",
    "😀",
]
NOT_MEANT: list[dict[str, Any]] = [
    {"user_id": "a\0b", "message": "x"},
    {"user_id": "\ud800", "message": "x"},
    {"user_id": "ana", "message": "\ud800"},
    {"user_id": "x" * 513, "message": "x"},
    {"user_id": "ana", "message": "x" * 100_001},
    {"user_id": "ana", "message": None},
    {"user_id": 5, "message": "x"},
    {"user_id": "ana", "message": "x", "history": "none"},
    {"user_id": "ana"},
]
NO_OBJECT = [b"", b"{", b"\xff", b"[" * 100_000, b"null", b'{"user_id":"a","message":NaN}']


async def test_any_text_may_be_asked(gateway: LiveGateway) -> None:
    for message in ANY_TEXT:
        history = [{"role": "user", "content": message}, {"content": None}, {"content": "\ud800"}, {}]
        for path in ("/chat", "/query"):
            await ask(gateway, path, message=message, history=history)
    assert len(await gateway.rows("select 1 from user_profiles")) == 1


async def test_what_cannot_be_meant_is_422(gateway: LiveGateway) -> None:
    for body in NOT_MEANT:
        answer = await gateway.post(body, "/chat")
        assert (answer.status_code, type(answer.json()["detail"])) == (422, list), body


async def test_a_body_that_is_no_json_object_is_refused(gateway: LiveGateway) -> None:
    for body in NO_OBJECT:
        assert (await gateway.post(body, "/chat")).status_code in (400, 422), body[:40]


def provider_settings(settings: Settings, provider: FakeProvider) -> Settings:
    assert settings.database_url is not None
    return settings_for(
        settings.database_url.get_secret_value(),
        data_dir=settings.data_dir,
        openai_api_key="key",
        openai_base_url=provider.openai_url,
        language_model="openai:model",
        embedding_model="embedder",
    )


async def test_a_provider_answers_from_profile_memories_and_history(settings: Settings) -> None:
    with running_provider() as provider:
        async with running_gateway(provider_settings(settings, provider)) as gateway:
            await publish(gateway, "ana")
            history = [{"role": "assistant", "content": "You mentioned a harbour."}]
            answer = await ask(gateway, message="painting?", history=history)
        asked = provider.calls[-1].text
    assert answer["response"] == "You told me that once."
    for part in ("watercolours", "Name: Ana", "Prefers short answers", "You mentioned a harbour.", "painting?"):
        assert part in asked


async def test_a_provider_that_fails_is_stood_in_for_by_quoting(settings: Settings) -> None:
    with running_provider() as provider:
        async with running_gateway(provider_settings(settings, provider)) as gateway:
            await publish(gateway, "ana")
            await gateway.rows("update conversation_chunks set embedding = '[1,2,3]' returning 1")
            provider.plan(*[Reply(status=400)] * 2)  # for the vector of the question, then for the answer
            answer = await ask(gateway)
            assert (answer["response"].startswith(QUOTING), answer["method"]) == (True, "full-text")
            counted = [
                gateway.counted("gateway_memory_fallbacks_total", part=part) for part in ("embeddings", "language")
            ]
            assert counted == [1, 1]


async def test_with_vectors_memories_are_found_by_meaning(settings: Settings) -> None:
    with running_provider() as provider:
        async with running_gateway(provider_settings(settings, provider)) as gateway:
            await publish(gateway, "ana")
            await gateway.rows("update conversation_chunks set embedding = '[1,2,3]' returning 1")
            assert (await ask(gateway, "/query"))["method"] == "embeddings"
            trial = (await gateway.client.get("/test-embed")).json()
            assert (trial["success"], trial["model"], trial["dimensions"]) == (True, "openai:embedder", 3)
            provider.plan(Reply(status=400))
            trial = (await gateway.client.get("/test-embed")).json()
            assert (trial["success"], bool(trial["error"])) == (False, True)
            told = (await gateway.client.get("/status")).json()
            assert (told["embeddings"], told["language_provider"]) == (True, True)
            assert "key" not in str(told)
            done = (await gateway.client.post("/complete-embeddings/ana")).json()
            assert (done["success"], done["message"]) == (True, "every chunk has its vector")
            await gateway.rows("update conversation_chunks set embedding = null where chunk_tier = 'micro' returning 1")
            begun = (await gateway.client.post("/complete-embeddings/ana")).json()
            assert (begun["status"]["status"], begun["status"]["completion_percentage"]) == ("processing", 66)
