"""A language engine for a shadow's process: every call is made by the worker, which holds the key and the budget."""

import asyncio
from collections.abc import Callable, Sequence
from itertools import count
from typing import Any

import msgspec

from gateway.shadow.sandbox.protocol import METHODS, Call, OverBudget, RemoteEngine, Reply
from pipelines.contract import Extraction, Fact, Passage, PipelineError, SectionName, Usage

OVER_BUDGET = "over budget: "


class LanguageCalls:
    """Calls on their way: each waits for the reply with its number."""

    def __init__(self, say: Callable[[Call], None]) -> None:
        self._say = say
        self._numbers = count()
        self._waiting: dict[int, asyncio.Future[Reply]] = {}

    async def call(self, method: str, *arguments: Any) -> Any:
        """The answer of the engine. Raises `PipelineError` as the engine did, `OverBudget` when nothing is left."""
        number = next(self._numbers)
        waiting = self._waiting[number] = asyncio.get_running_loop().create_future()
        try:
            self._say(Call(number, method, msgspec.Raw(msgspec.msgpack.encode(arguments))))
            reply = await waiting
        finally:
            del self._waiting[number]
        if reply.error is None:
            return msgspec.msgpack.decode(reply.value, type=METHODS[method][1])
        if reply.error.startswith(OVER_BUDGET):
            raise OverBudget(reply.error.removeprefix(OVER_BUDGET))
        raise PipelineError(reply.error, retryable=reply.retryable)

    def take(self, frame: bytes) -> None:
        """Hand a reply to the call that waits for it."""
        reply = msgspec.msgpack.decode(frame, type=Reply)
        waiting = self._waiting.get(reply.id)
        if waiting is not None and not waiting.done():
            waiting.set_result(reply)


class RemoteLanguage:
    """Implements `Language` over a line."""

    def __init__(self, engine: RemoteEngine, line: LanguageCalls) -> None:
        self.name = engine.name
        self.window_tokens = engine.window_tokens
        self.extract_characters = engine.extract_characters
        self._line = line

    async def extract(self, passages: Sequence[Passage]) -> Extraction:
        answer: Extraction = await self._line.call("extract", passages)
        return answer

    async def reduce(self, facts: Sequence[Fact], keep_tokens: int) -> tuple[tuple[Fact, ...], Usage]:
        answer: tuple[tuple[Fact, ...], Usage] = await self._line.call("reduce", facts, keep_tokens)
        return answer

    async def section(
        self, section: SectionName, facts: Sequence[Fact], style: dict[str, float], samples: Sequence[Passage]
    ) -> tuple[dict[str, Any], Usage]:
        answer: tuple[dict[str, Any], Usage] = await self._line.call("section", section, facts, style, samples)
        return answer

    async def memory(self, facts: Sequence[Fact]) -> tuple[str, Usage]:
        answer: tuple[str, Usage] = await self._line.call("memory", facts)
        return answer

    async def answer(self, question: str, profile: str, passages: Sequence[str]) -> tuple[str, Usage]:
        said: tuple[str, Usage] = await self._line.call("answer", question, profile, passages)
        return said
