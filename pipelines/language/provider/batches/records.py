"""What a vendor knows of its batches beside what models are asked: a list to find one in, and how to delete one."""

from datetime import datetime
from typing import Protocol

from pydantic_ai.models.batch import Batch

from pipelines.contract import PipelineError


class NotYetKnown(PipelineError):
    """Whether a batch is the one that is looked for can be told once it has ended."""


class Records(Protocol):
    """Raises PipelineError when the vendor does not answer."""

    async def find(self, prefix: str, requests: int, since: datetime, known: frozenset[str]) -> str | None:
        """The id of the batch whose questions have ids that begin so; None: there is none. Raises `NotYetKnown`."""
        ...

    async def delete(self, batch: Batch) -> None:
        """Delete questions and answers of a batch that has ended."""
        ...
