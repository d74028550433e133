"""Embedding a user's chunks: in batches, resumed where it stopped, shown as it goes, and in the end as it went."""

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import replace
from typing import Any, cast

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.config.settings import Settings
from gateway.database.pool import open_database
from gateway.jobs.queue.job_queue import Redeliver
from gateway.language.engines import Engines
from gateway.retrieval.embedding import ATTEMPTS, BATCH, Embedder
from gateway.retrieval.embedding_status import status_of
from gateway.retrieval.embedding_store import EmbeddingStore
from gateway.worker.worker import Worker
from pipelines.contract import PipelineError
from tests.gateway.retrieval.conftest import FakeEmbeddings, publish
from tests.live_gateway import LiveGateway, running_gateway

AWAY = PipelineError("the provider is away", retryable=True)


def store(gateway: LiveGateway) -> EmbeddingStore:
    return EmbeddingStore(gateway.services.database.pool)


def embedder(gateway: LiveGateway, embeddings: FakeEmbeddings) -> Embedder:
    return Embedder(store(gateway), cast("Any", embeddings), gateway.services.metrics)


async def profile(gateway: LiveGateway, user: str = "ana") -> tuple[str, int]:
    (row,) = await gateway.rows("select * from user_profiles where user_id = %s", user)
    return row["embedding_status"], row["embedding_progress"]


async def request(gateway: LiveGateway, user: str = "ana") -> dict[str, Any]:
    (row,) = await gateway.rows("select * from gateway.embeddings where user_id = %s", user)
    return row


async def until(truth: Callable[[], Awaitable[Any]], seconds: float = 150) -> Any:
    deadline = time.monotonic() + seconds
    while not (answer := await truth()):
        assert time.monotonic() < deadline, "it did not happen in time"
        await asyncio.sleep(0.02)
    return answer


async def test_chunks_get_their_vectors_and_the_page_sees_it(gateway: LiveGateway) -> None:
    embeddings = FakeEmbeddings()
    await store(gateway).request("ana")
    assert await profile(gateway) == ("processing", 0)
    await embedder(gateway, embeddings).run("ana")
    status = await store(gateway).status("ana")
    assert (status.total_embedded, status.total_missing, status.status) == (9, 0, "complete")
    assert await profile(gateway) == ("complete", 100)
    assert embeddings.texts[0].split("\n")[0] in {"Boats", "Paint", "Bread"}
    assert gateway.counted("gateway_chunks_embedded_total") == 9


async def test_what_nobody_asked_for_is_not_embedded(gateway: LiveGateway) -> None:
    embeddings = FakeEmbeddings()
    await embedder(gateway, embeddings).run("ana")
    assert embeddings.texts == []


async def test_a_failure_that_may_pass_is_tried_again_and_nothing_is_paid_for_twice(gateway: LiveGateway) -> None:
    await publish(gateway, "ben", {f"talk{n}": f"User: number {n}" for n in range(BATCH)})
    embeddings = FakeEmbeddings()
    working = embedder(gateway, embeddings)
    await store(gateway).request("ben")
    await gateway.rows("update conversation_chunks set embedding = '[1,1]' where chunk_tier = 'micro' returning 1")
    embeddings.failures = [AWAY]
    with pytest.raises(Redeliver):
        await working.run("ben")
    assert (await request(gateway, "ben"))["error"] == "the provider is away"
    await working.run("ben")
    assert len(embeddings.texts) == 2 * BATCH
    assert len(set(embeddings.texts)) == BATCH  # a chunk in two sizes, once each
    assert (await request(gateway, "ben"))["status"] == "complete"


@pytest.mark.parametrize("failures", [[PipelineError("no such model")], [AWAY] * ATTEMPTS])
async def test_a_failure_that_does_not_pass_is_shown(gateway: LiveGateway, failures: list[Exception]) -> None:
    working = embedder(gateway, FakeEmbeddings("fake:one", *failures))
    await store(gateway).request("ana")
    for _ in failures[1:]:
        with pytest.raises(Redeliver):
            await working.run("ana")
    await working.run("ana")
    assert (await request(gateway))["status"] == "failed"
    assert (await store(gateway).status("ana")).status == "failed"
    assert (await profile(gateway))[0] == "failed"


async def test_vectors_of_another_model_are_made_again(gateway: LiveGateway) -> None:
    for name in ("fake:one", "fake:two"):
        embeddings = FakeEmbeddings(name)
        await store(gateway).request("ana")
        await embedder(gateway, embeddings).run("ana")
        assert len(embeddings.texts) == 9
    assert (await request(gateway))["model"] == "fake:two"


async def test_a_column_of_another_length_is_told(gateway: LiveGateway) -> None:
    async with gateway.services.database.pool.connection() as connection:
        await connection.execute("alter table conversation_chunks alter embedding type vector(5)")
    await store(gateway).request("ana")
    await embedder(gateway, FakeEmbeddings()).run("ana")
    assert "the column `embedding` does not take this model's vectors" in (await request(gateway))["error"]


async def test_a_database_without_the_vector_type_keeps_them_as_numbers(settings: Settings) -> None:
    database = await open_database(settings)
    async with database.pool.connection() as connection:
        await connection.execute("drop index conversation_chunks_not_embedded")
        await connection.execute("alter table conversation_chunks alter embedding type real[] using null")
    await database.close()
    async with running_gateway(settings) as gateway:
        await publish(gateway, "ana")
        await store(gateway).request("ana")
        await embedder(gateway, FakeEmbeddings()).run("ana")
        assert (await store(gateway).status("ana")).total_missing == 0


async def test_chunks_that_come_meanwhile_are_embedded_too(gateway: LiveGateway) -> None:
    """A second import publishes while the last batch of the first is with the provider."""
    embeddings = FakeEmbeddings()
    working = embedder(gateway, embeddings)
    embeddings.hang = True
    await store(gateway).request("ana")
    running = asyncio.create_task(working.run("ana"))
    await until(lambda: asyncio.sleep(0, bool(embeddings.texts)))
    await gateway.rows("insert into conversation_chunks (user_id, conversation_id, content, created_at) "
                       "values ('ana', 'late', 'User: late', now()) returning 1")  # fmt: skip
    await store(gateway).request("ana")
    working.stop()
    with pytest.raises(Redeliver):
        await running
    embeddings.hang = False
    await embedder(gateway, embeddings).run("ana")
    assert (await store(gateway).status("ana")).total_missing == 0


async def test_stopping_hands_back_at_once_and_takes_nothing_more(gateway: LiveGateway) -> None:
    embeddings = FakeEmbeddings()
    embeddings.hang = True
    working = embedder(gateway, embeddings)
    await store(gateway).request("ana")
    running = asyncio.create_task(working.run("ana"))
    await until(lambda: asyncio.sleep(0, bool(embeddings.texts)))
    working.stop()
    with pytest.raises(Redeliver):
        await running
    with pytest.raises(Redeliver):
        await working.run("ana")
    assert (await request(gateway))["status"] == "pending"


async def test_a_running_import_keeps_the_page_to_itself(gateway: LiveGateway) -> None:
    await gateway.rows("update user_profiles set import_status = 'processing', embedding_progress = 7 returning 1")
    await store(gateway).request("ana")
    await embedder(gateway, FakeEmbeddings()).run("ana")
    assert await profile(gateway) == ("complete", 7)


async def test_many_requests_are_one_entry_and_a_lost_entry_is_put_back(gateway: LiveGateway) -> None:
    for _ in range(3):
        await store(gateway).request("ana")
    entries = "select * from procrastinate_jobs where task_name = 'embed_chunks'"
    assert [row["args"] for row in await gateway.rows(entries)] == [{"user_id": "ana"}]
    assert await store(gateway).sweep(0) == 0
    await gateway.rows("delete from procrastinate_jobs returning 1")
    assert [await store(gateway).sweep(60), await store(gateway).sweep(0)] == [0, 1]
    assert len(await gateway.rows(entries)) == 1


@asynccontextmanager
async def working_gateway(settings: Settings, embeddings: FakeEmbeddings) -> AsyncIterator[LiveGateway]:
    """With a worker, both with an embedding model."""
    quicker = settings.model_copy(update={"heartbeat_seconds": 0.3, "drain_seconds": 1.0})
    async with running_gateway(quicker) as gateway:
        engines = Engines(gateway.services.engines.language, cast("Any", embeddings))
        worker = Worker(replace(gateway.services, engines=engines))
        task = asyncio.create_task(worker.run())
        try:
            yield gateway
        finally:
            worker.stop()
            await task


async def test_an_import_ends_with_every_chunk_embedded(settings: Settings) -> None:
    embeddings = FakeEmbeddings("fake:one", AWAY)
    export = '[{"id": "c", "title": "T", "messages": [{"role": "user", "content": "I love my wooden boat."}]}]'
    async with working_gateway(settings, embeddings) as gateway:
        answer = await gateway.client.post("/process-import", json={"user_id": "eva", "conversations_json": export})
        job = answer.json()["job_id"]

        async def published() -> bool:
            return bool((await gateway.client.get(f"/jobs/{job}")).json()["status"] == "complete")

        async def tried() -> bool:
            rows = await gateway.rows("select 1 from gateway.embeddings where attempts = 1")
            return bool(rows)

        await until(published)
        await until(tried)
        assert (await profile(gateway, "eva"))[0] == "processing"
        await gateway.rows("update procrastinate_jobs set scheduled_at = null returning 1")  # not to wait for its turn

        async def embedded() -> bool:
            return (await store(gateway).status("eva")).status == "complete"

        await until(embedded)
        await until(lambda: finished(gateway))
        assert await profile(gateway, "eva") == ("complete", 100)


async def finished(gateway: LiveGateway) -> bool:
    return bool((await request(gateway, "eva"))["status"] == "complete")


@pytest.mark.parametrize(
    ("tiers", "asked", "configured", "state"),
    [
        ([], None, True, "pending"),
        ([], None, False, "pending"),
        ([("micro", 4, 0)], None, True, "pending"),
        ([("micro", 4, 0)], None, False, "complete"),
        ([("micro", 4, 1)], "pending", True, "processing"),
        ([("micro", 4, 1)], "failed", True, "failed"),
        ([("micro", 4, 4), ("old tier", 1, 1)], "failed", True, "complete"),
    ],
)
def test_the_state_says_what_there_is_to_wait_for(tiers: Any, asked: str | None, configured: bool, state: str) -> None:
    assert status_of("ann", tiers, asked, configured=configured).status == state


TIERS = st.sampled_from(["micro", "medium", "macro", "old tier"])
COUNTED = st.tuples(TIERS, st.integers(0, 10**6), st.integers(0, 10**6))


@given(
    st.lists(COUNTED.map(lambda row: (row[0], max(row[1:]), min(row[1:]))), max_size=4),
    st.sampled_from([None, "pending", "failed"]),
    st.booleans(),
)
def test_the_percentage_is_100_exactly_when_complete(tiers: Any, asked: str | None, configured: bool) -> None:
    status = status_of("ann", tiers, asked, configured=configured)
    assert 0 <= status.completion_percentage <= 100
    assert (status.completion_percentage == 100) == (status.status == "complete")


def test_counts_are_by_size() -> None:
    status = status_of("ann", [("micro", 6, 3), ("macro", 2, 2), ("medium", 1, 0)], "pending", configured=True)
    assert status.model_dump() == {
        "user_id": "ann", "total_chunks": 9, "total_embedded": 5, "total_missing": 4, "completion_percentage": 55,
        "embedded_by_tier": {"macro": 2, "medium": 0, "micro": 3},
        "missing_by_tier": {"macro": 0, "medium": 1, "micro": 3}, "status": "processing",
    }  # fmt: skip
