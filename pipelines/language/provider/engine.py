"""`ProviderLanguage`: the `Language` protocol served by a model provider."""

import asyncio
from collections.abc import Awaitable, Callable, Coroutine, Iterable, Sequence
from typing import Any, TypeVar

from pipelines.contract import NOT_ENOUGH, SECTION_FIELDS, Extraction, Fact, Passage, SectionName, Usage
from pipelines.history.passages import characters, has_user_words, user_characters
from pipelines.language.provider.calls.client import Asker
from pipelines.language.provider.questions import prompts, reduction
from pipelines.language.provider.questions.answers import (
    LIST_FIELDS,
    FoundFacts,
    KeptFacts,
    MemoryAnswer,
    section_answer,
)
from pipelines.language.provider.questions.evidence import supported
from pipelines.language.provider.questions.memory import write_memory
from pipelines.language.provider.questions.portrait import supported_section
from pipelines.stages.ledger import consolidate, total_tokens
from pipelines.stages.reduction import strongest_that_fit

T = TypeVar("T")
CountStyle = Callable[[Sequence[Passage]], Awaitable[dict[str, float]]]

EXTRACT_CHARACTERS = 24_000  # about 6,000 tokens: more to a call and models start to skip facts
ROUND_SHRINK = 0.7  # a round of reduction must leave at most this share, or the rest is cut by rank
MAX_SAMPLES = 12


async def count_nothing(_: Sequence[Passage]) -> dict[str, float]:
    """No style counts."""
    return {}


class ProviderLanguage:
    """Reads people's words by asking a model. Every failed call raises PipelineError."""

    def __init__(self, asker: Asker, *, window_tokens: int = 60_000, count_style: CountStyle = count_nothing) -> None:
        self._asker = asker
        self._window_tokens = window_tokens
        self._count_style = count_style

    @property
    def name(self) -> str:
        """What serves the calls: "anthropic:<model>"."""
        return self._asker.name

    @property
    def window_tokens(self) -> int:
        """How many tokens of facts go into one call."""
        return self._window_tokens

    @property
    def extract_characters(self) -> int:
        """How many characters of passages go into one call."""
        return EXTRACT_CHARACTERS

    async def extract(self, passages: Sequence[Passage]) -> Extraction:
        """The facts of the passages that have words of the user's own, as many to a call as fit."""
        spoken = [passage for passage in passages if has_user_words(passage)]
        found = await gather([self._extract_some(some) for some in pack(spoken, EXTRACT_CHARACTERS)])
        return Extraction(
            facts=tuple(fact for facts, _ in found for fact in facts),
            style=await self._count_style(spoken) if spoken else {},
            read_chars=sum(map(user_characters, spoken)),
            usage=add(usage for _, usage in found),
        )

    async def _extract_some(self, passages: Sequence[Passage]) -> tuple[tuple[Fact, ...], Usage]:
        answer, usage = await self._asker.ask(FoundFacts, prompts.EXTRACT, prompts.extract_prompt(passages))
        facts = await asyncio.to_thread(supported, answer.facts, passages)
        if dropped := len(answer.facts) - len(facts):
            self._asker.notify("unsupported_fact", dropped)
        return facts, usage

    async def reduce(self, facts: Sequence[Fact], keep_tokens: int) -> tuple[tuple[Fact, ...], Usage]:
        """Facts that fit `keep_tokens`: equal ones merged, then chosen by the model round by round.

        It ends: a round that leaves more than `ROUND_SHRINK` of the tokens is the last, and the strongest facts that
        fit are kept.
        """
        left: Sequence[Fact] = consolidate(facts)
        spent = Usage()
        while (size := total_tokens(left)) > keep_tokens:
            groups = reduction.split(left, self._window_tokens)
            answers = await gather([self._choose(group, keep_tokens / size) for group in groups])
            left = [fact for chosen, _ in answers for fact in chosen]
            spent += add(usage for _, usage in answers)
            if total_tokens(left) > max(keep_tokens, size * ROUND_SHRINK):
                self._asker.notify("truncated", 1)
                left = strongest_that_fit(left, keep_tokens)
        return tuple(left), spent

    async def _choose(self, group: Sequence[Fact], share: float) -> tuple[list[Fact], Usage]:
        count = max(1, int(len(group) * share))
        instructions = prompts.REDUCE.format(count=count)
        answer, usage = await self._asker.ask(KeptFacts, instructions, prompts.reduce_prompt(group))
        return reduction.take_choice(group, answer.kept), usage

    async def section(
        self, section: SectionName, facts: Sequence[Fact], style: dict[str, float], samples: Sequence[Passage]
    ) -> tuple[dict[str, Any], Usage]:
        """The fields of one section; without facts and samples, "not enough data" and no call."""
        if not facts and not samples:
            return {name: [] if name in LIST_FIELDS else NOT_ENOUGH for name in SECTION_FIELDS[section]}, Usage()
        shown = self._fit(facts)
        prompt = prompts.section_prompt(shown, style, samples[:MAX_SAMPLES])
        answer, usage = await self._asker.ask(section_answer(section), prompts.section_instructions(section), prompt)
        cleaned = {name: _clean(value) for name, value in answer.model_dump().items()}
        fields, dropped = await asyncio.to_thread(
            supported_section, section, cleaned, shown, samples[:MAX_SAMPLES]
        )  # some 10 ms of words
        if dropped:
            self._asker.notify("unsupported_line", dropped)
        return fields, usage

    async def memory(self, facts: Sequence[Fact]) -> tuple[str, Usage]:
        """MEMORY in Markdown, without lines that say more than the facts that they name. Without facts, no call."""
        if not facts:
            return write_memory(MemoryAnswer(), ())[0], Usage()
        shown = self._fit(facts)
        answer, usage = await self._asker.ask(MemoryAnswer, prompts.MEMORY, prompts.memory_prompt(shown))
        text, dropped = write_memory(answer, shown)
        if dropped:
            self._asker.notify("unsupported_line", dropped)
        return text, usage

    async def answer(self, question: str, profile: str, passages: Sequence[str]) -> tuple[str, Usage]:
        """The answer to the user's question, in words."""
        return await self._asker.ask(str, prompts.ANSWER, prompts.answer_prompt(question, profile, passages))

    def _fit(self, facts: Sequence[Fact]) -> tuple[Fact, ...]:
        if total_tokens(facts) <= self._window_tokens:
            return tuple(facts)
        self._asker.notify("truncated", 1)
        return strongest_that_fit(facts, self._window_tokens)


def _clean(value: str | list[str]) -> str | list[str]:
    if isinstance(value, list):
        return [item.strip() for item in value if item.strip() and item.strip().casefold() != NOT_ENOUGH]
    return value.strip() or NOT_ENOUGH


def pack(passages: Sequence[Passage], size: int) -> list[list[Passage]]:
    """Passages in groups of about `size` characters, at least one passage each."""
    groups: list[list[Passage]] = []
    left = 0
    for passage in passages:
        if not groups or characters(passage) > left:
            groups.append([])
            left = size
        groups[-1].append(passage)
        left -= characters(passage)
    return groups


def add(usages: Iterable[Usage]) -> Usage:
    """Usages added up."""
    return sum(usages, Usage())


async def gather(work: Sequence[Coroutine[Any, Any, T]]) -> list[T]:
    """All results in order; the first failure cancels the rest and is raised as itself."""
    try:
        async with asyncio.TaskGroup() as group:
            tasks = [group.create_task(one) for one in work]
    except ExceptionGroup as failures:
        raise _first(failures) from failures
    return [task.result() for task in tasks]


def _first(failures: ExceptionGroup[Exception]) -> Exception:
    first = failures.exceptions[0]
    return _first(first) if isinstance(first, ExceptionGroup) else first
