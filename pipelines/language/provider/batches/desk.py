"""One model's batch interface: batches sent, looked at, collected, cancelled, found again and deleted."""

import asyncio
from collections.abc import Awaitable, Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Final, TypeVar
from uuid import UUID

from pydantic import TypeAdapter
from pydantic_ai.exceptions import AgentRunError, ModelHTTPError, UserError
from pydantic_ai.models import Model
from pydantic_ai.models.batch import Batch, BatchRequest, BatchResult, EncodedBatchRequest

from pipelines.contract import Usage
from pipelines.language.provider.batches.batched_model import BatchedModel
from pipelines.language.provider.batches.records import Records
from pipelines.language.provider.calls.client import UNREADABLE, Asker, add_usage, price
from pipelines.language.provider.calls.events import Notify
from pipelines.language.provider.calls.retry import as_pipeline_error, is_transient
from pipelines.language.provider.engine import CountStyle, ProviderLanguage
from pipelines.language.waiting import Answer, Asked, Collected, NotSent, Unknown, Waiting

T = TypeVar("T")
HANDLE: Final = TypeAdapter(Batch)
CALL_SECONDS: Final = 300.0  # for one request about a batch, which may be of some megabytes
EARLIER: Final = timedelta(minutes=5)  # by how much the vendor's clock may be behind ours


class BatchDesk:
    """What knows the batches of one model. A batch that was sent is kept as its `handle`, JSON that holds no key."""

    def __init__(self, asker: Asker, model: Model, records: Records, count_style: CountStyle) -> None:
        self.name = asker.name
        self._asker = asker
        self._model = model
        self._records = records
        self._count_style = count_style

    def engine(self, waiting: Waiting) -> ProviderLanguage:
        """An engine that asks by batches."""
        asker = self._asker.asking_by(lambda model: BatchedModel(model, waiting))
        return ProviderLanguage(asker, count_style=self._count_style)

    def fitting(self, asked: Sequence[Asked]) -> list[Asked]:
        """Those of the questions, from the first, that go into one batch."""
        most, left = self._model.batch_max_requests or 0, self._model.batch_max_bytes or 0
        taken: list[Asked] = []
        for one in asked:
            left -= self._model.batch_request_size(encode(UUID(int=0), len(taken), one))
            if len(taken) == most or left < 0:
                break
            if one.group == asked[0].group:
                taken.append(one)
        return taken

    async def send(self, number: UUID, asked: Sequence[Asked]) -> str:
        """The handle. Raises `NotSent`; any other PipelineError says that the vendor may have it all the same."""
        requests = [encode(number, n, one) for n, one in enumerate(asked)]
        try:
            async with asyncio.timeout(CALL_SECONDS):
                return HANDLE.dump_json(await self._model.batch_create(requests)).decode()
        except UserError as refused:
            raise NotSent(f"{self.name} takes no such batch: {refused}") from refused
        except ModelHTTPError as failure:
            if failure.status_code >= 500 or failure.status_code == 408:
                raise as_pipeline_error(self.name, failure) from failure
            raise NotSent(f"{self.name} answered {failure.status_code}", retryable=is_transient(failure)) from failure
        except (AgentRunError, TimeoutError) as failure:
            raise as_pipeline_error(self.name, failure) from failure

    async def look(self, handle: str) -> tuple[str, bool]:
        """The handle as it is now, and whether the batch has ended."""
        batch = await self._about(self._model.batch_status, handle)
        return HANDLE.dump_json(batch).decode(), batch.status == "ended"

    async def cancel(self, handle: str) -> str:
        """Have the vendor stop; what it has answered is paid."""
        return HANDLE.dump_json(await self._about(self._model.batch_cancel, handle)).decode()

    async def collect(self, handle: str) -> list[Collected]:
        """How each question ended. One that the vendor says nothing of is missing."""
        results = await self._about(self._model.batch_results, handle)
        return [self._read(result) for result in results]

    def _read(self, result: BatchResult) -> Collected:
        n, answer = int(result.custom_id.rpartition("-")[2]), Answer(result.status, result.body)
        if result.status != "succeeded":
            return Collected(n, answer, Usage(), priced=True)
        try:  # its tokens do not depend on what was asked
            response = self._model.batch_decode(result, BatchRequest(custom_id=result.custom_id, messages=[]))
        except (AgentRunError, *UNREADABLE):
            return Collected(n, answer, Usage(calls=1), priced=False)
        return Collected(n, answer, add_usage([response]), priced=price(response) is not None)

    async def find(
        self, number: UUID, questions: int, group: str, since: datetime, others: Sequence[str]
    ) -> str | None:
        """The handle of a batch of which it is not known whether it was sent; None where it was not.

        `others` are handles of other batches. Raises a PipelineError, retryable, while that cannot be told.
        """
        known = frozenset(HANDLE.validate_json(handle).id for handle in others)
        with self._explained():
            async with asyncio.timeout(CALL_SECONDS):
                found = await self._records.find(number.hex, questions, since - EARLIER, known)
        if found is None:
            return None
        batch = Batch(
            id=found,
            model_name=self._model.model_name,
            provider_name=self._model.system,
            group=group,
            status="in_progress",
            created_at=datetime.now(UTC),
            request_count=questions,
        )
        return HANDLE.dump_json(batch).decode()

    async def delete(self, handle: str) -> None:
        """Have the vendor forget questions and answers, as far as it lets us. Raises PipelineError."""
        await self._about(self._records.delete, handle)

    def count(self, collected: Sequence[Collected]) -> None:
        """Tell the owner what was paid."""
        for one in collected:
            count_one(self._asker.notify, one)

    async def _about(self, ask: Callable[[Batch], Awaitable[T]], handle: str) -> T:
        with self._explained():
            async with asyncio.timeout(CALL_SECONDS):
                return await ask(HANDLE.validate_json(handle))

    @contextmanager
    def _explained(self) -> Iterator[None]:
        try:
            yield
        except UserError as foreign:
            raise Unknown(str(foreign)) from foreign
        except ModelHTTPError as failure:
            if failure.status_code == 404:
                raise Unknown(f"{self.name} knows no such batch") from failure
            raise as_pipeline_error(self.name, failure) from failure
        except (AgentRunError, TimeoutError) as failure:
            raise as_pipeline_error(self.name, failure) from failure


def encode(number: UUID, n: int, asked: Asked) -> EncodedBatchRequest:
    """The question as it goes into batch `number`, by whose id it is found again."""
    return EncodedBatchRequest(custom_id=f"{number.hex}-{n}", group=asked.group, body=asked.body)


def count_one(notify: Notify, one: Collected) -> None:
    """As a call in the usual way is counted."""
    notify("call" if one.answer.status == "succeeded" else "failure", 1)
    notify("input_tokens", one.usage.input_tokens)
    notify("output_tokens", one.usage.output_tokens)
    if one.priced:
        notify("cost_usd", one.usage.cost_usd)
    else:
        notify("unpriced", 1)
