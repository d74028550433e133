"""`ProviderLanguage`: the `Language` protocol served by a model provider."""

from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from typing import Any

from pipelines.contract import (
    NO_STYLE,
    NOT_ENOUGH,
    SECTION_FIELDS,
    Change,
    Extraction,
    Fact,
    Passage,
    Portrait,
    SectionName,
    Usage,
)
from pipelines.history.passages import has_user_words
from pipelines.language.provider import writing
from pipelines.language.provider.calls.client import Asker, Prompt
from pipelines.language.provider.calls.retry import Refused
from pipelines.language.provider.questions import prompts, reduction
from pipelines.language.provider.questions.answers import LIST_FIELDS, KeptFacts, MemoryAnswer
from pipelines.language.provider.questions.memory import write_memory
from pipelines.language.provider.reading import EXTRACT_CHARACTERS, by_conversation, extraction_of, gather, read
from pipelines.stages.ledger import consolidate, total_tokens
from pipelines.stages.reduction import strongest_that_fit

CountStyle = Callable[[Sequence[Passage]], Awaitable[dict[str, float]]]

ROUND_SHRINK = 0.7  # a round of reduction must leave at most this share, or the rest is cut by rank


async def count_nothing(_: Sequence[Passage]) -> dict[str, float]:
    """No style counts."""
    return {}


class ProviderLanguage:
    """Reads people's words by asking a model. Every failed call raises PipelineError."""

    def __init__(self, asker: Asker, *, window_tokens: int = 60_000, count_style: CountStyle = count_nothing) -> None:
        self._asker = asker
        self._window_tokens = window_tokens
        self._count_style = count_style
        self._kept_as = f"{asker.name} {prompts.extract_version()}"
        self._written_as = f"{asker.name} {prompts.write_version()}"

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

    @property
    def kept_as(self) -> str:
        """The model, and the version of the question that it is asked."""
        return self._kept_as

    @property
    def written_as(self) -> str:
        """The model, and the version of what it is asked to write."""
        return self._written_as

    async def extract(self, passages: Sequence[Passage]) -> Extraction:
        """The facts of the passages that have words of the user's own, as many to a call as fit."""
        return extraction_of(await read(self._asker, passages), await self._style(passages))

    async def extract_each(self, conversations: Sequence[Sequence[Passage]]) -> tuple[Extraction, ...]:
        """The same conversation by conversation, small ones together in a call."""
        parts = by_conversation(await read(self._asker, [one for passages in conversations for one in passages]))
        return tuple(
            [
                extraction_of(parts.get(passages[0].conversation_id, ()), await self._style(passages))
                for passages in conversations
            ]
        )

    async def _style(self, passages: Sequence[Passage]) -> dict[str, float]:
        spoken = [passage for passage in passages if has_user_words(passage)]
        return await self._count_style(spoken) if spoken else {}

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
        try:
            answer, usage = await self._asker.ask(KeptFacts, instructions, Prompt(prompts.reduce_prompt(group)))
        except Refused as refused:  # cut by rank instead
            self._asker.notify("truncated", 1)
            return list(strongest_that_fit(group, int(total_tokens(group) * share))), refused.usage
        return reduction.take_choice(group, answer.kept), usage

    async def section(
        self, section: SectionName, facts: Sequence[Fact], style: dict[str, float], samples: Sequence[Passage]
    ) -> tuple[dict[str, Any], Usage]:
        """The fields of one section; without facts and samples, "not enough data" and no call."""
        if not facts and not samples:
            return {name: [] if name in LIST_FIELDS else NOT_ENOUGH for name in SECTION_FIELDS[section]}, Usage()
        return await writing.write_section(self._asker, section, self._fit(facts), style, samples)

    async def memory(
        self,
        facts: Sequence[Fact],
        past: Sequence[Fact] = (),
        style: Mapping[str, float] = NO_STYLE,
        samples: Sequence[Passage] = (),
    ) -> tuple[str, Usage]:
        """MEMORY in Markdown, without lines that say more than the facts that they name. Without facts, no call."""
        if not facts and not past:
            return write_memory(MemoryAnswer(), ())[0], Usage()
        return await writing.write_memory(self._asker, self._fit(facts), past, style, samples)

    async def revise(self, before: Portrait, facts: Sequence[Fact], change: Change) -> tuple[Portrait, Usage]:
        """The portrait as it is to be now, in one call; where nothing is new, in none."""
        return await writing.revise(self._asker, before, facts, change)

    async def answer(self, question: str, profile: str, passages: Sequence[str]) -> tuple[str, Usage]:
        """The answer to the user's question, in words."""
        prompt = Prompt(prompts.answer_prompt(question, profile, passages))
        return await self._asker.ask(str, prompts.ANSWER, prompt)

    def _fit(self, facts: Sequence[Fact]) -> tuple[Fact, ...]:
        if total_tokens(facts) <= self._window_tokens:
            return tuple(facts)
        self._asker.notify("truncated", 1)
        return strongest_that_fit(facts, self._window_tokens)


def add(usages: Iterable[Usage]) -> Usage:
    """Usages added up."""
    return sum(usages, Usage())
