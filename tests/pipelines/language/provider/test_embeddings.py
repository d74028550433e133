"""Vectors over a real connection."""

from collections.abc import AsyncIterator

import pytest

from pipelines.contract import PipelineError
from pipelines.language.provider.calls.retry import CallLimit
from pipelines.language.provider.embeddings import BATCH, Embeddings
from pipelines.language.provider.vendors import via_openai
from tests.fakes.provider import FakeProvider, Reply
from tests.pipelines.language.provider.conftest import QUICK


@pytest.fixture
async def embeddings(provider: FakeProvider) -> AsyncIterator[Embeddings]:
    connection = via_openai.connect_embeddings("local-embedding", None, provider.openai_url)
    yield Embeddings(connection.model, connection.name, CallLimit(2, QUICK))
    await connection.close()


async def test_one_vector_a_text_in_order_in_batches(embeddings: Embeddings, provider: FakeProvider) -> None:
    texts = ["x" * n for n in range(1, BATCH + 10)]
    vectors, usage = await embeddings.embed(texts)
    assert [vector[0] for vector in vectors] == [float(len(text)) for text in texts]
    assert usage.calls == len(provider.calls) == 2


async def test_no_texts_no_call(embeddings: Embeddings, provider: FakeProvider) -> None:
    assert (await embeddings.embed([]))[0] == ()
    assert provider.calls == []


async def test_a_passing_failure_is_tried_again_and_a_lasting_one_is_an_error(
    embeddings: Embeddings, provider: FakeProvider
) -> None:
    provider.plan(Reply(429), Reply(), Reply(404))
    assert len((await embeddings.embed(["a"]))[0]) == 1
    with pytest.raises(PipelineError, match="answered 404"):
        await embeddings.embed(["a"])
