"""Calls of a language engine from a shadow's process: the worker makes them, who holds the key and the budget."""

import asyncio
from collections.abc import Callable
from itertools import count
from typing import Any

import msgspec

from gateway.language.remote import METHODS
from gateway.shadow.sandbox.protocol import Call, Heard, Held, OverBudget, Reply
from pipelines.contract import PipelineError

OVER_BUDGET = "over budget: "


class LanguageCalls:
    """Calls on their way: each waits for the reply with its number."""

    def __init__(self, say: Callable[[Call], None]) -> None:
        self._say = say
        self._numbers = count()
        self._waiting: dict[int, asyncio.Future[Reply]] = {}
        self.held_seconds = 0.0  # for which this process stood still

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
        """Hand a reply to the call that waits for it, or note for how long this process stood still."""
        heard: Heard = msgspec.msgpack.decode(frame, type=Heard)
        if isinstance(heard, Held):
            self.held_seconds = heard.seconds
            return
        reply, waiting = heard, self._waiting.get(heard.id)
        if waiting is not None and not waiting.done():
            waiting.set_result(reply)
