"""A provider's engine whose every call is paid from a job's purse. Where a cap is reached the job goes on: what was not
read is counted as unread, and the rules that come with the gateway write from what was read."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Any, Final, TypeVar

from gateway.language.purse import Cap, Purse, Taken
from pipelines.contract import (
    NO_STYLE,
    Change,
    Extraction,
    Fact,
    Language,
    Passage,
    PipelineError,
    Portrait,
    Revises,
    SectionName,
    Usage,
)
from pipelines.history.chunking.tokens import count_tokens
from pipelines.history.passages import user_characters
from pipelines.stages.ledger import total_tokens

T = TypeVar("T")

READING_SHARE: Final = 0.8  # of a job's cap; the rest is for what is written from what was read
QUESTION_TOKENS: Final = 500  # what is asked, and the shape of the answer
ANSWER_SHARE: Final = 0.25  # of what is read, in answer tokens
WRITTEN_TOKENS: Final = 500  # of a section or MEMORY


def paid_from(purse: Purse, language: Language, free: Language) -> Language:
    """The engine as the job may use it; one that costs nothing, or none at all, stays as it is."""
    return PaidEngine(language, free, purse) if getattr(language, "kept_as", "") else language


class PaidEngine:
    """Implements `Language`. `free` stands in for what there is no money for."""

    def __init__(self, language: Language, free: Language, purse: Purse) -> None:
        self.name = language.name
        self.window_tokens = language.window_tokens
        self.extract_characters = language.extract_characters
        self.kept_as = language.kept_as
        self.written_as = language.written_as if isinstance(language, Revises) else ""
        self._language = language
        self._free = free
        self._purse = purse

    async def extract(self, passages: Sequence[Passage]) -> Extraction:
        (found,) = await self.extract_each([passages])
        return found

    async def extract_each(self, conversations: Sequence[Sequence[Passage]]) -> tuple[Extraction, ...]:
        tokens = sum(_tokens(passage) for passages in conversations for passage in passages)
        taken = await self._purse.take(tokens + QUESTION_TOKENS, tokens * ANSWER_SHARE, READING_SHARE)
        if not isinstance(taken, Taken):
            return tuple(_unread(passages, taken) for passages in conversations)
        return await self._pay(
            taken,
            lambda: self._language.extract_each(conversations),
            lambda found: sum((one.usage for one in found), Usage()),
        )

    async def reduce(self, facts: Sequence[Fact], keep_tokens: int) -> tuple[tuple[Fact, ...], Usage]:
        return await self._write(
            "the choice of facts", total_tokens(facts), lambda engine: engine.reduce(facts, keep_tokens)
        )

    async def section(
        self, section: SectionName, facts: Sequence[Fact], style: dict[str, float], samples: Sequence[Passage]
    ) -> tuple[dict[str, Any], Usage]:
        tokens = total_tokens(facts) + sum(map(_tokens, samples))
        return await self._write(section, tokens, lambda engine: engine.section(section, facts, style, samples))

    async def memory(
        self,
        facts: Sequence[Fact],
        past: Sequence[Fact] = (),
        style: Mapping[str, float] = NO_STYLE,
        samples: Sequence[Passage] = (),
    ) -> tuple[str, Usage]:
        tokens = total_tokens((*facts, *past)) + sum(map(_tokens, samples))
        return await self._write("MEMORY", tokens, lambda engine: engine.memory(facts, past, style, samples))

    async def revise(self, before: Portrait, facts: Sequence[Fact], change: Change) -> tuple[Portrait, Usage]:
        """Raises PipelineError where there is no money for it: its parts are then written one by one, as far as it
        goes."""
        if not isinstance(self._language, Revises):
            raise PipelineError(f"{self.name} revises nothing")
        revising = self._language
        tokens = count_tokens(f"{before.sections} {before.memory}") + total_tokens((*change.added, *change.ended))
        taken = await self._purse.take(tokens + QUESTION_TOKENS, tokens * ANSWER_SHARE)
        if not isinstance(taken, Taken):
            raise PipelineError(f"{taken} has no more money")
        return await self._pay(taken, lambda: revising.revise(before, facts, change), lambda revised: revised[1])

    async def answer(self, question: str, profile: str, passages: Sequence[str]) -> tuple[str, Usage]:
        tokens = sum(map(count_tokens, (question, profile, *passages)))
        return await self._write("the answer", tokens, lambda engine: engine.answer(question, profile, passages))

    async def _write(
        self, what: str, tokens: int, ask: Callable[[Language], Awaitable[tuple[T, Usage]]]
    ) -> tuple[T, Usage]:
        taken = await self._purse.take(tokens + QUESTION_TOKENS, WRITTEN_TOKENS)
        if isinstance(taken, Taken):
            return await self._pay(taken, lambda: ask(self._language), lambda answer: answer[1])
        self._purse.unwritten[what] = taken
        return await ask(self._free)

    async def _pay(self, taken: Taken, call: Callable[[], Awaitable[T]], usage_of: Callable[[T], Usage]) -> T:
        try:
            answer = await call()
        except PipelineError as error:
            await self._purse.settle(taken, getattr(error, "usage", Usage()))
            raise
        await self._purse.settle(taken, usage_of(answer))
        return answer


def _tokens(passage: Passage) -> int:
    return sum(count_tokens(message.text) for message in (*passage.messages, *passage.notes))


def _unread(passages: Sequence[Passage], cap: Cap) -> Extraction:
    return Extraction(unread_chars=sum(map(user_characters, passages)), unpaid=len(passages), cap=cap)
