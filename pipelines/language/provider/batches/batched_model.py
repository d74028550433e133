"""A model whose requests wait for a batch, unless an earlier one has brought their answer."""

import hashlib
from typing import Final

from pydantic import TypeAdapter
from pydantic_ai.exceptions import AgentRunError
from pydantic_ai.messages import ModelMessage, ModelResponse
from pydantic_ai.models import Model, ModelRequestParameters
from pydantic_ai.models.batch import BatchRequest, BatchResult
from pydantic_ai.models.wrapper import WrapperModel
from pydantic_ai.settings import ModelSettings

from pipelines.language.provider.calls.client import UNREADABLE, add_usage
from pipelines.language.provider.calls.retry import UnreadableAnswer, is_transient
from pipelines.language.waiting import Answer, Asked, Waiting

RESPONSE: Final = TypeAdapter(ModelResponse)


class BatchedModel(WrapperModel):
    """`wrapped` answers in the usual way what no batch has answered."""

    def __init__(self, wrapped: Model, waiting: Waiting) -> None:
        super().__init__(wrapped)
        self._waiting = waiting

    async def request(
        self,
        messages: list[ModelMessage],
        model_settings: ModelSettings | None,
        model_request_parameters: ModelRequestParameters,
    ) -> ModelResponse:
        """The stored answer, or the error that stands for it. A question that is new waits until cancelled; one that
        its batch left without an answer is asked in the usual way, and its answer is kept."""
        request = BatchRequest(
            custom_id="request",
            messages=messages,
            model_settings=model_settings,
            model_request_parameters=model_request_parameters,
        )
        encoded = await self.wrapped.batch_encode(request)
        key = key_of(self.wrapped.model_name, self._waiting.part, encoded.body)
        known = self._waiting.known.get(key)
        self._waiting.moves += 1
        if known is None and not self._waiting.live:
            await self._waiting.wait(Asked(key, encoded.group, encoded.body))
        if known is not None and (answer := self._decode(known, request)) is not None:
            return answer
        return await self._ask_live(key, len(encoded.body.encode()), request)

    def _decode(self, known: Answer, request: BatchRequest) -> ModelResponse | None:
        """None: asked again, it may be answered. Raises what the same request would have raised in the usual way."""
        if known.status == "live":
            return RESPONSE.validate_json(known.body or "")
        if known.status not in {"succeeded", "errored"}:
            return None  # it expired, or was cancelled
        result = BatchResult(custom_id=request.custom_id, status=known.status, body=known.body)
        try:
            return self.wrapped.batch_decode(result, request)
        except AgentRunError as failure:
            if is_transient(failure):
                return None
            raise
        except UNREADABLE as failure:
            raise UnreadableAnswer(f"{self.wrapped.model_name} sent what its client cannot read") from failure

    async def _ask_live(self, key: str, size: int, request: BatchRequest) -> ModelResponse:
        async def ask() -> ModelResponse:
            return await self.wrapped.request(
                request.messages, request.model_settings, request.model_request_parameters
            )

        with self._waiting.asking():
            response: ModelResponse = await self._waiting.pay(size, ask, lambda one: add_usage([one]))
            await self._waiting.keep(key, Answer("live", RESPONSE.dump_json(response).decode()))
        return response


def key_of(model: str, part: str, body: str) -> str:
    """The same for the same question to the same model: a digest of all that is sent."""
    return hashlib.sha256(f"{model}\0{part}\0{body}".encode("utf-8", "replace")).hexdigest()
