"""One question to a model: a validated, structured answer and what it cost."""

from collections.abc import Iterable
from typing import TypeVar

from pydantic_ai import Agent, capture_run_messages
from pydantic_ai.exceptions import AgentRunError
from pydantic_ai.messages import ModelMessage, ModelResponse
from pydantic_ai.models import Model, ModelRequestParameters
from pydantic_ai.models.wrapper import WrapperModel
from pydantic_ai.settings import ModelSettings

from pipelines.contract import Usage
from pipelines.language.provider.calls.events import Call, Notify
from pipelines.language.provider.calls.retry import CallLimit, Refused, UnreadableAnswer, as_pipeline_error

A = TypeVar("A")

RE_ASKS = 2
MAX_ANSWER_TOKENS = 8_192
# What vendors' clients let out when the body is JSON, but no answer.
UNREADABLE = (AttributeError, LookupError, TypeError, ValueError)


class PatientModel(WrapperModel):
    """A model whose every request, a re-ask included, goes out over the shared line."""

    def __init__(self, wrapped: Model, line: CallLimit) -> None:
        super().__init__(wrapped)
        self._line = line

    async def request(
        self,
        messages: list[ModelMessage],
        model_settings: ModelSettings | None,
        model_request_parameters: ModelRequestParameters,
    ) -> ModelResponse:
        """As the wrapped model's, retry_while_away."""

        async def send() -> ModelResponse:
            try:
                response = await self.wrapped.request(messages, model_settings, model_request_parameters)
            except UNREADABLE as failure:
                raise UnreadableAnswer(f"{self.wrapped.model_name} sent what its client cannot read") from failure
            tell_cost(response, self._line.notify)
            return response

        return await self._line.request(Call("chat", self.wrapped.system, self.wrapped.model_name), send)


class Asker:
    """Asks one model. `name` is what served the call: "anthropic:<model>"."""

    def __init__(self, model: Model, name: str, line: CallLimit) -> None:
        self.name = name
        self.notify = line.notify
        self._model = PatientModel(model, line)
        self._settings = ModelSettings(max_tokens=MAX_ANSWER_TOKENS)

    async def ask(self, answer: type[A], instructions: str, prompt: str) -> tuple[A, Usage]:
        """The model's answer as an `answer`; one that does not validate is asked for again, at most twice.

        Raises PipelineError when the provider fails or never gives a valid answer.
        """
        agent = Agent(
            self._model, output_type=answer, instructions=instructions, retries=RE_ASKS, model_settings=self._settings
        )
        with capture_run_messages() as messages:
            try:
                result = await agent.run(prompt)
            except (AgentRunError, TimeoutError) as failure:
                error = as_pipeline_error(self.name, failure)
                if isinstance(error, Refused):
                    error.usage = add_usage(messages)
                raise error from failure
        return result.output, add_usage(result.new_messages())


def add_usage(messages: Iterable[ModelMessage]) -> Usage:
    """What the answered requests of one conversation cost together."""
    total = Usage()
    for message in messages:
        if isinstance(message, ModelResponse):
            spent = message.usage
            total += Usage(1, spent.input_tokens, spent.output_tokens, price(message) or 0.0)
    return total


def tell_cost(response: ModelResponse, notify: Notify) -> None:
    """Count what one answered request took."""
    notify("input_tokens", response.usage.input_tokens)
    notify("output_tokens", response.usage.output_tokens)
    cost = price(response)
    if cost is None:
        notify("unpriced", 1)
    else:
        notify("cost_usd", cost)


def price(response: ModelResponse) -> float | None:
    """US dollars for one response, from the price list that comes with the client library; None if it has no price."""
    try:
        return float(response.cost().total_price)
    except (LookupError, ValueError, AssertionError):
        return None
