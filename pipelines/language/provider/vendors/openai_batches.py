"""OpenAI's list of batches, and the files that they are read from and written to."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Final

from openai import APIError, AsyncOpenAI, NotFoundError
from pydantic_ai.models.batch import Batch

from pipelines.contract import PipelineError

PAGE: Final = 100
FILES: Final = ("input_file_id", "output_file_id", "error_file_id")


class OpenAIRecords:
    """Implements `Records`. A batch names the file that it was made of, which has the ids of its questions."""

    def __init__(self, client: AsyncOpenAI) -> None:
        self._client = client

    async def find(self, prefix: str, requests: int, since: datetime, known: frozenset[str]) -> str | None:  # noqa: ARG002 - counted only once the vendor has read the file
        with explained():
            async for batch in self._client.batches.list(limit=PAGE):
                if batch.created_at < since.timestamp():
                    break
                if batch.id not in known and (await self._first_id(batch.input_file_id)).startswith(prefix):
                    return batch.id
        return None

    async def _first_id(self, file_id: str) -> str:
        try:
            text = (await self._client.files.content(file_id)).text
        except NotFoundError:
            return ""  # deleted, as ours are once they have been collected
        line = text.partition("\n")[0]
        return str(json.loads(line).get("custom_id", "")) if line else ""

    async def delete(self, batch: Batch) -> None:
        with explained():
            for name in FILES:
                if file_id := (batch.provider_details or {}).get(name):
                    await self._delete(file_id)

    async def _delete(self, file_id: str) -> None:
        try:
            await self._client.files.delete(file_id)
        except NotFoundError:
            return


@contextmanager
def explained() -> Iterator[None]:
    """The client's errors in the pipeline's words."""
    try:
        yield
    except APIError as failure:
        raise PipelineError(f"openai: {type(failure).__name__}", retryable=True) from failure
