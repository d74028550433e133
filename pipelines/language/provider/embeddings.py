"""Vectors for chunk retrieval, from an OpenAI-compatible endpoint or Bedrock."""

from collections.abc import Sequence
from typing import Literal

from pydantic_ai.embeddings import EmbeddingModel, EmbeddingResult
from pydantic_ai.exceptions import AgentRunError

from pipelines.contract import Usage
from pipelines.language.provider.calls.events import Call
from pipelines.language.provider.calls.retry import CallLimit, UnreadableAnswer, as_pipeline_error

BATCH = 64

Purpose = Literal["document", "query"]
Vectors = tuple[tuple[float, ...], ...]


class Embeddings:
    """Turns texts into vectors, all of one length. `name` is what served the calls: "openai:<model>"."""

    def __init__(self, model: EmbeddingModel, name: str, line: CallLimit) -> None:
        self.name = name
        self._model = model
        self._line = line

    async def embed(self, texts: Sequence[str], purpose: Purpose = "document") -> tuple[Vectors, Usage]:
        """One vector a text, in order. Raises PipelineError when the provider fails or answers with too few."""
        vectors: list[tuple[float, ...]] = []
        spent = Usage()
        for start in range(0, len(texts), BATCH):
            result = await self._embed_batch(list(texts[start : start + BATCH]), purpose)
            vectors += [tuple(vector) for vector in result.embeddings]
            spent += Usage(1, result.usage.input_tokens, 0, self._tell_cost(result))
        return tuple(vectors), spent

    async def _embed_batch(self, texts: list[str], purpose: Purpose) -> EmbeddingResult:
        try:
            call = Call("embeddings", self._model.system, self._model.model_name)
            result = await self._line.request(call, lambda: self._model.embed(texts, input_type=purpose))
        except (AgentRunError, TimeoutError) as failure:
            raise as_pipeline_error(self.name, failure) from failure
        if len(result.embeddings) != len(texts):
            raise as_pipeline_error(self.name, UnreadableAnswer("a vector is missing"))
        return result

    def _tell_cost(self, result: EmbeddingResult) -> float:
        self._line.notify("input_tokens", result.usage.input_tokens)
        try:
            cost = float(result.cost().total_price)
        except (LookupError, ValueError, AssertionError):
            self._line.notify("unpriced", 1)
            return 0.0
        self._line.notify("cost_usd", cost)
        return cost
