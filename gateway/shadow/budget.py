"""What shadows may spend at a language provider: every call is paid from the day's budget before it is made."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

import msgspec

from gateway.config.settings import Settings
from gateway.database.pool import Pool, load_sql
from gateway.language.remote import METHODS
from gateway.shadow.sandbox.protocol import Call, OverBudget, Reply
from gateway.shadow.sandbox.remote_language import OVER_BUDGET
from gateway.shadow.store import ShadowStore
from pipelines.contract import Extraction, Language, PipelineError, Usage
from pipelines.language.waiting import Waiting

T = TypeVar("T")
QUERIES = load_sql(Path(__file__).with_name("budget.sql"))
BYTES_A_TOKEN = 2  # of a call's arguments: on the high side for every script, so that a reservation holds
ANSWER_TOKENS = 8_000  # at most, for one call
LOOK_AGAIN_SECONDS = 1.0


@dataclass(slots=True)
class Budget:
    """Pays for calls: reserves before, settles after. What a killed worker reserved stays spent for the day. `used`
    adds up, also when a run ends early."""

    store: ShadowStore
    settings: Settings
    used: Usage = field(default_factory=Usage)

    async def pay(self, size: int, call: Callable[[], Awaitable[T]], usage_of: Callable[[T], Usage]) -> T:
        """Make a call whose arguments have `size` bytes. Raises `OverBudget` when today holds no such call."""
        tokens = size // BYTES_A_TOKEN + ANSWER_TOKENS
        most_tokens, most_usd = self.settings.shadow_daily_tokens, self.settings.shadow_daily_usd
        taken = await self.store.reserve(tokens, most_tokens, most_usd)
        if taken is None:
            spent = await self.store.spent()
            raise OverBudget(f"{spent[0]} of {most_tokens} tokens, {spent[1]:.2f} of {most_usd:g} US dollars today")
        try:
            answer = await call()
        except Exception:
            await self.store.settle(taken, Usage())  # a provider that fails asks for nothing
            raise
        used = usage_of(answer)
        self.used += used
        await self.store.settle(taken, used)
        return answer


@dataclass(frozen=True, slots=True)
class PaidLanguage:
    """Answers a shadow's calls with a real engine, paid from the budget. With `waiting`, the engine asks by batches,
    which are paid when they are sent, and pays by itself for what it asks in the usual way."""

    language: Language
    budget: Budget
    waiting: Waiting | None = None

    @property
    def used(self) -> Usage:
        """What was paid call by call."""
        return self.budget.used

    async def pay(self, size: int, call: Callable[[], Awaitable[T]]) -> T:
        """Make a call of the engine. Raises `OverBudget`, and what the engine raises."""
        if self.waiting is None:
            return await self.budget.pay(size, call, usage_of)
        with self.waiting.call():
            return await call()

    async def answer(self, call: Call) -> Reply:
        """The engine's answer or its failure, as a reply."""
        try:
            arguments = msgspec.msgpack.decode(call.arguments, type=METHODS[call.method][0])
            method: Callable[..., Awaitable[Any]] = getattr(self.language, call.method)
            value = await self.pay(len(bytes(call.arguments)), lambda: method(*arguments))
        except OverBudget as error:
            return Reply(call.id, error=f"{OVER_BUDGET}{error}")
        except PipelineError as error:
            return Reply(call.id, error=str(error), retryable=error.retryable)
        return Reply(call.id, msgspec.Raw(msgspec.msgpack.encode(value)))

    def judge(self) -> "PaidAnswers":
        """The same engine as a judge, paid from the same budget."""
        return PaidAnswers(self)


@dataclass(frozen=True, slots=True)
class PaidAnswers:
    """Answers questions, each paid for; raises `OverBudget`, and `PipelineError` as the engine does."""

    paid: PaidLanguage

    async def answer(self, question: str, profile: str, passages: Sequence[str]) -> tuple[str, Usage]:
        size = sum(len(text.encode("utf-8", "replace")) for text in (question, profile, *passages))
        language = self.paid.language
        return await self.paid.pay(size, lambda: language.answer(question, profile, passages))


def usage_of(answer: Any) -> Usage:
    """What a call of a language engine cost."""
    usage = answer.usage if isinstance(answer, Extraction) else answer[1]
    return usage if isinstance(usage, Usage) else Usage()


async def no_engine(call: Call) -> Reply:
    """For shadows that read with the embedded rules: they have nothing to ask."""
    return Reply(call.id, error=f"there is no engine to {call.method}")


class YieldingRateLimit:
    """The pace of provider calls for shadows: takes a slot only when no call of a user's job waits for one."""

    def __init__(self, pool: Pool, per_minute: int, name: str = "language") -> None:
        self._pool = pool
        self._seconds_a_call = 60.0 / per_minute
        self._name = name

    async def acquire(self, tokens: int = 1) -> None:
        """Wait for a slot that nobody else wants."""
        values = {"name": self._name, "cost": tokens * self._seconds_a_call}
        while True:
            async with self._pool.connection() as connection:
                if (await connection.execute(QUERIES["book_if_free"], values)).rowcount:
                    return
            await asyncio.sleep(LOOK_AGAIN_SECONDS)
