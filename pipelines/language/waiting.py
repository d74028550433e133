"""Asking by batches, whatever the vendor: questions that wait for the next one, and answers that came with earlier."""

import asyncio
from collections.abc import Awaitable, Callable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import Any, Final, Literal, NamedTuple, Never

from pipelines.contract import PipelineError, Usage

CALL: Final[ContextVar[int]] = ContextVar("call", default=0)

# As vendors end a request; `live`: it was asked in the usual way after all, and `body` is its answer.
Status = Literal["succeeded", "errored", "expired", "canceled", "live"]


class Asked(NamedTuple):
    """One question as the vendor takes it. `key` is the same whenever the same is asked of the same model."""

    key: str
    group: str
    body: str


class Answer(NamedTuple):
    """How the vendor ended a request; `body` as it sent it."""

    status: Status
    body: str | None


class Collected(NamedTuple):
    """How one question of a batch ended. `n` is its place in the batch; `priced`: its price is known."""

    n: int
    answer: Answer
    usage: Usage
    priced: bool


class NotSent(PipelineError):
    """The vendor did not take the batch, and runs nothing of it."""


class Unknown(PipelineError):
    """What the settings name now cannot know this batch: another vendor, address or model has it."""


Pay = Callable[[int, Callable[[], Awaitable[Any]], Callable[[Any], Any]], Awaitable[Any]]
Keep = Callable[[str, Answer], Awaitable[None]]


@dataclass(slots=True)
class Waiting:
    """Of one run. `known`: what was answered before; `pay` makes a call in the usual way; `keep` stores its answer.

    `live`: no more batches, everything is asked in the usual way. `part` tells two runs apart that ask the same and are
    to get answers of their own.
    """

    known: Mapping[str, Answer]
    pay: Pay
    keep: Keep
    live: bool = False
    part: str = ""
    asked: dict[str, Asked] = field(default_factory=dict)
    moves: int = 0  # changes whenever something is asked or answered
    _open: dict[int, int] = field(default_factory=dict)  # calls of the engine -> how many questions of each wait
    _calls: int = 0
    _live: int = 0  # questions that are asked in the usual way now

    @contextmanager
    def asking(self) -> Iterator[None]:
        """A question is asked in the usual way."""
        self._live += 1
        try:
            yield
        finally:
            self._live -= 1
            self.moves += 1

    @contextmanager
    def call(self) -> Iterator[None]:
        """One call of the engine, which may ask several questions."""
        self._calls += 1
        number, token = self._calls, CALL.set(self._calls)
        self._open[number] = 0
        self.moves += 1
        try:
            yield
        finally:
            CALL.reset(token)
            del self._open[number]
            self.moves += 1

    async def wait(self, asked: Asked) -> Never:
        """Wait for the next batch: until cancelled."""
        self.asked[asked.key] = asked
        call = CALL.get()
        self._open[call] = self._open.get(call, 0) + 1
        self.moves += 1
        await asyncio.Event().wait()
        raise AssertionError

    @property
    def nothing_else(self) -> bool:
        """Whether questions wait, and each call that is under way waits for one."""
        return bool(self.asked) and not self._live and all(self._open.values())
