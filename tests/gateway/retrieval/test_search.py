"""Finding memories in the database: the right ones, only the user's own, by the index, by words or by meaning."""

import json
from typing import Any

import pytest

from gateway.config.settings import Settings
from gateway.database.pool import open_database
from gateway.retrieval.search import SQL, Search
from pipelines.contract import PipelineError
from tests.gateway.retrieval.conftest import FakeEmbeddings, publish
from tests.live_gateway import LiveGateway, running_gateway


def search(gateway: LiveGateway, embeddings: Any = None) -> Search:
    return Search(gateway.services.database.pool, embeddings, gateway.services.metrics)


async def embed_all(gateway: LiveGateway, user_id: str = "ana") -> None:
    await gateway.rows(
        "update conversation_chunks set embedding = (case when content like '%%boat%%' then '[1,0]' else '[0,1]' end)"
        "::vector where user_id = %s returning 1",
        user_id,
    )


@pytest.mark.parametrize(
    ("question", "talk"),
    [
        ("Do I paint?", "paint"),
        ("what happened to the BOATS", "boats"),
        ("my sourdough's name, the one called Gertrude", "bread"),
        ("bread", "bread"),  # in the title alone
    ],
)
async def test_words_find_the_conversation_that_has_them(gateway: LiveGateway, question: str, talk: str) -> None:
    found = await search(gateway).find("ana", question)
    assert found.method == "full-text"
    assert [memory.conversation_id for memory in found.memories] == [talk]


async def test_a_rare_word_counts_for_more(gateway: LiveGateway) -> None:
    talks = {f"talk{n}": f"User: we spoke of the weather, number {n}" for n in range(20)}
    await publish(gateway, "ben", talks | {"rare": "User: the zeppelin"})
    found = await search(gateway).find("ben", "weather zeppelin")
    assert found.memories[0].conversation_id == "rare"


@pytest.mark.parametrize("word", ["火锅", "वायलिन", "חיפה", "バイオリン"])
async def test_words_are_found_where_no_blank_shows_them(gateway: LiveGateway, word: str) -> None:
    talks = {
        "zh": "User: 我住在成都,我喜欢吃火锅。",
        "hi": "User: मैं जयपुर में रहता हूँ और वायलिन बनाता हूँ।",
        "he": "User: אני גר בחיפה",
        "ja": "User: 私はバイオリン職人です。",
    }
    await publish(gateway, "ben", talks)
    found = await search(gateway).find("ben", f"{word}?")
    assert [talks[memory.conversation_id] for memory in found.memories] == [t for t in talks.values() if word in t]
    answer = await gateway.post({"user_id": "ben", "message": word}, "/query")
    assert word in answer.json()["response"]


async def test_nobody_finds_what_is_somebody_elses(gateway: LiveGateway) -> None:
    await publish(gateway, "ben", {"own": "User: I repair boats too."})
    for user, talks in (("ben", {"own"}), ("ana", {"boats"}), ("nobody", set())):
        found = await search(gateway).find(user, "boat")
        assert {memory.conversation_id for memory in found.memories} == talks


@pytest.mark.parametrize("question", ["", "???", "what is it", "xylophone", "%", "'", "a:b & c | !d", "\\", "本"])
async def test_a_question_that_fits_nothing_finds_nothing(gateway: LiveGateway, question: str) -> None:
    assert (await search(gateway).find("ana", question)).memories == ()


async def test_words_are_found_through_the_index_among_many_users(gateway: LiveGateway) -> None:
    await gateway.rows(
        "insert into conversation_chunks (user_id, conversation_id, content, created_at) "
        "select 'user' || u, 'c' || c, 'User: painting word' || c || ' and more text ' || md5(c::text), now() "
        "from generate_series(1, 40) u cross join generate_series(1, 200) c returning 1"
    )
    async with gateway.services.database.pool.connection() as connection:
        await connection.execute("vacuum analyze conversation_chunks")
        values = {"user": "user7", "owner": "user7", "words": ["paints", "word12"], "limit": 60}
        cursor = await connection.execute("explain (format json, analyze, costs off) " + SQL["by_words"], values)
        plan = (await cursor.fetchone() or [None])[0]
    told = json.dumps(plan)
    assert "conversation_chunks_words" in told
    assert '"Node Type": "Seq Scan"' not in told
    found = await search(gateway).find("user7", "paints word123")
    assert found.memories[0].conversation_id == "c123"


async def test_meaning_finds_what_words_do_not(gateway: LiveGateway) -> None:
    await embed_all(gateway)
    found = await search(gateway, FakeEmbeddings()).find("ana", "anything about ships")
    assert (found.method, found.memories[0].conversation_id) == ("embeddings", "boats")


async def test_a_provider_that_fails_leaves_the_words(gateway: LiveGateway) -> None:
    await embed_all(gateway)
    embeddings = FakeEmbeddings("fake:one", PipelineError("the provider is away"))
    found = await search(gateway, embeddings).find("ana", "the boat")
    assert (found.method, found.memories[0].conversation_id) == ("full-text", "boats")
    assert gateway.counted("gateway_memory_fallbacks_total", part="embeddings") == 1


async def test_vectors_of_another_model_or_length_are_not_compared(gateway: LiveGateway) -> None:
    await embed_all(gateway)
    embeddings = FakeEmbeddings()
    await gateway.rows("insert into gateway.embeddings (user_id, model) values ('ana', 'fake:two') returning 1")
    assert (await search(gateway, embeddings).find("ana", "the boat")).method == "full-text"
    assert embeddings.texts == []
    await gateway.rows("update gateway.embeddings set model = 'fake:one' returning 1")
    await gateway.rows("update conversation_chunks set embedding = '[1,2,3]' returning 1")
    assert (await search(gateway, embeddings).find("ana", "the boat")).method == "full-text"


async def test_a_database_without_vectors_is_searched_by_words(gateway: LiveGateway) -> None:
    async with gateway.services.database.pool.connection() as connection:
        await connection.execute("drop index conversation_chunks_not_embedded")
        await connection.execute("alter table conversation_chunks alter embedding type real[] using null")
    found = await search(gateway, FakeEmbeddings()).find("ana", "the boat")
    assert (found.method, found.memories[0].conversation_id) == ("full-text", "boats")


async def test_users_may_be_uuids(settings: Settings) -> None:
    """As in an app that has its tables already."""
    database = await open_database(settings)
    async with database.pool.connection() as connection:
        for index in ("words", "by_user", "not_embedded"):
            await connection.execute(f"drop index conversation_chunks_{index}")
        for table in ("conversation_chunks", "user_profiles"):
            await connection.execute(f"alter table {table} alter user_id type uuid using user_id::uuid")
    await database.close()
    user = "0b3c9b1e-6f1f-4a71-9d0a-3f0c3e6f2a11"
    async with running_gateway(settings) as gateway:
        await publish(gateway, user)
        found = await search(gateway).find(user.upper(), "boat")
        assert [memory.conversation_id for memory in found.memories] == ["boats"]
        answer = await gateway.client.post("/chat", json={"user_id": "no-uuid", "message": "boat"})
        assert (answer.status_code, list(answer.json())) == (422, ["detail"])
        for path in ("embedding-status", "generate-soulprint"):
            assert (await gateway.client.get(f"/{path}/{user}")).status_code == 200
            assert (await gateway.client.get(f"/{path}/no-uuid")).status_code == 422
