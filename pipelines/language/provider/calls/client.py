"""One question to a model: a validated, structured answer and what it cost."""

import hashlib
from collections.abc import Callable, Iterable
from typing import Any, NamedTuple, TypeVar, cast

from pydantic_ai import Agent, CachePoint, ModelRetry, capture_run_messages
from pydantic_ai.exceptions import AgentRunError
from pydantic_ai.messages import ModelMessage, ModelResponse, UserContent
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


class Prompt(NamedTuple):
    """What is asked. `shared` is the same for several calls: it comes first, and the provider is told to keep it."""

    own: str
    shared: str = ""


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
    """Asks one model. `name` is what served the call: "anthropic:<model>"; `marks` as `Connection` says."""

    def __init__(
        self,
        model: Model,
        name: str,
        line: CallLimit,
        *,
        marks: bool = False,
        wrap: Callable[[Model], Model] | None = None,
    ) -> None:
        self.name = name
        self.notify = line.notify
        self._line = line
        self._model = PatientModel(model, line) if wrap is None else wrap(model)
        self._marks = marks

    def asking_by(self, wrap: Callable[[Model], Model]) -> "Asker":
        """The same with another way for its requests; what `wrap` is given makes them as this one does."""
        return Asker(self._model, self.name, self._line, marks=self._marks, wrap=wrap)

    async def ask(
        self,
        answer: type[A],
        instructions: str,
        prompt: Prompt,
        complaint: Callable[[A], str | None] = lambda _: None,
    ) -> tuple[A, Usage]:
        """The model's answer as an `answer`; one that does not validate, or that there is a `complaint` about, is asked
        for again, at most twice.

        Raises PipelineError when the provider fails or never gives a valid answer.
        """
        agent = Agent(
            self._model,
            output_type=answer,
            instructions=instructions,
            retries=RE_ASKS,
            model_settings=self._settings(instructions, prompt),
        )

        @agent.output_validator
        def check(given: A) -> A:
            if (wrong := complaint(given)) is not None:
                raise ModelRetry(wrong)
            return given

        with capture_run_messages() as messages:
            try:
                result = await agent.run(self._content(prompt))
            except (AgentRunError, TimeoutError) as failure:
                error = as_pipeline_error(self.name, failure)
                if isinstance(error, Refused):
                    error.usage = add_usage(messages)
                raise error from failure
        return result.output, add_usage(result.new_messages())

    def _content(self, prompt: Prompt) -> str | list[UserContent]:
        if prompt.shared and self._marks:
            return [prompt.shared, CachePoint(), prompt.own]
        return f"{prompt.shared}\n\n{prompt.own}" if prompt.shared else prompt.own

    def _settings(self, instructions: str, prompt: Prompt) -> ModelSettings:
        """Vendors read their own settings alone."""
        settings: dict[str, Any] = {"max_tokens": MAX_ANSWER_TOKENS}
        if self._marks:  # nothing is kept, and paid for, beyond what is marked
            settings["openai_prompt_cache_options"] = {"mode": "explicit"}
            if prompt.shared:  # leads calls with one beginning to one machine
                settings["openai_prompt_cache_key"] = _digest(instructions + prompt.shared)
        return cast("ModelSettings", settings)


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()[:32]


def add_usage(messages: Iterable[ModelMessage]) -> Usage:
    """What the answered requests of one conversation cost together."""
    total = Usage()
    for message in messages:
        if isinstance(message, ModelResponse):
            spent = message.usage
            cached = spent.cache_read_tokens, spent.cache_write_tokens
            total += Usage(1, spent.input_tokens, spent.output_tokens, price(message) or 0.0, *cached)
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
