"""Anthropic's list of message batches."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Final

from anthropic import APIError, AsyncAnthropic
from anthropic.types.beta.messages import BetaMessageBatch
from pydantic_ai.models.batch import Batch

from pipelines.contract import PipelineError
from pipelines.language.provider.batches.records import NotYetKnown

PAGE: Final = 100


class AnthropicRecords:
    """Implements `Records`. The ids of questions come with their answers alone: a batch is known once it ended."""

    def __init__(self, client: AsyncAnthropic) -> None:
        self._client = client

    async def find(self, prefix: str, requests: int, since: datetime, known: frozenset[str]) -> str | None:
        under_way = False
        with explained():
            async for batch in self._client.beta.messages.batches.list(limit=PAGE):
                if batch.created_at < since:
                    break
                if batch.id in known or size_of(batch) != requests:
                    continue
                if batch.processing_status != "ended":
                    under_way = True
                elif (await self._first_id(batch.id) or "").startswith(prefix):
                    return batch.id
        if under_way:
            raise NotYetKnown("a batch under way at anthropic may be the one", retryable=True)
        return None

    async def _first_id(self, batch_id: str) -> str | None:
        async for line in await self._client.beta.messages.batches.results(batch_id):
            return line.custom_id
        return None

    async def delete(self, batch: Batch) -> None:
        with explained():
            await self._client.beta.messages.batches.delete(batch.id)


def size_of(batch: BetaMessageBatch) -> int:
    """How many questions it has."""
    counts = batch.request_counts
    return counts.processing + counts.succeeded + counts.errored + counts.canceled + counts.expired


@contextmanager
def explained() -> Iterator[None]:
    """The client's errors in the pipeline's words."""
    try:
        yield
    except APIError as failure:
        raise PipelineError(f"anthropic: {type(failure).__name__}", retryable=True) from failure
