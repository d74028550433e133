"""A language engine for a process that holds no key: every call is made elsewhere, by whoever holds it."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Any

import msgspec

from pipelines.contract import (
    NO_STYLE,
    Change,
    Extraction,
    Fact,
    Language,
    Passage,
    Portrait,
    Revises,
    SectionName,
    Usage,
)

CallEngine = Callable[..., Awaitable[Any]]  # (method, *arguments) -> the engine's answer

# The methods of `Language` that may be called from another process, with the types of their arguments and answers.
METHODS: dict[str, tuple[Any, Any]] = {
    "extract": (tuple[tuple[Passage, ...]], Extraction),
    "extract_each": (tuple[tuple[tuple[Passage, ...], ...]], tuple[Extraction, ...]),
    "reduce": (tuple[tuple[Fact, ...], int], tuple[tuple[Fact, ...], Usage]),
    "section": (
        tuple[SectionName, tuple[Fact, ...], dict[str, float], tuple[Passage, ...]],
        tuple[dict[str, Any], Usage],
    ),
    "memory": (
        tuple[tuple[Fact, ...], tuple[Fact, ...], dict[str, float], tuple[Passage, ...]],
        tuple[str, Usage],
    ),
    "revise": (tuple[Portrait, tuple[Fact, ...], Change], tuple[Portrait, Usage]),
    "answer": (tuple[str, str, tuple[str, ...]], tuple[str, Usage]),
}


class RemoteEngine(msgspec.Struct, frozen=True):
    """A language engine that answers in another process: its traits."""

    name: str
    window_tokens: int
    extract_characters: int
    kept_as: str = ""
    written_as: str = ""


def traits_of(language: Language) -> RemoteEngine:
    """What has to be known of an engine to stand in for it."""
    written_as = language.written_as if isinstance(language, Revises) else ""
    return RemoteEngine(
        language.name, language.window_tokens, language.extract_characters, language.kept_as, written_as
    )


class RemoteLanguage:
    """Implements `Language` over `call`."""

    def __init__(self, engine: RemoteEngine, call: CallEngine) -> None:
        self.name = engine.name
        self.window_tokens = engine.window_tokens
        self.extract_characters = engine.extract_characters
        self.kept_as = engine.kept_as
        self.written_as = engine.written_as
        self._call = call

    async def extract(self, passages: Sequence[Passage]) -> Extraction:
        answer: Extraction = await self._call("extract", passages)
        return answer

    async def extract_each(self, conversations: Sequence[Sequence[Passage]]) -> tuple[Extraction, ...]:
        answer: tuple[Extraction, ...] = await self._call("extract_each", conversations)
        return answer

    async def reduce(self, facts: Sequence[Fact], keep_tokens: int) -> tuple[tuple[Fact, ...], Usage]:
        answer: tuple[tuple[Fact, ...], Usage] = await self._call("reduce", facts, keep_tokens)
        return answer

    async def section(
        self, section: SectionName, facts: Sequence[Fact], style: dict[str, float], samples: Sequence[Passage]
    ) -> tuple[dict[str, Any], Usage]:
        answer: tuple[dict[str, Any], Usage] = await self._call("section", section, facts, style, samples)
        return answer

    async def memory(
        self,
        facts: Sequence[Fact],
        past: Sequence[Fact] = (),
        style: Mapping[str, float] = NO_STYLE,
        samples: Sequence[Passage] = (),
    ) -> tuple[str, Usage]:
        answer: tuple[str, Usage] = await self._call("memory", facts, past, style, samples)
        return answer

    async def revise(self, before: Portrait, facts: Sequence[Fact], change: Change) -> tuple[Portrait, Usage]:
        answer: tuple[Portrait, Usage] = await self._call("revise", before, facts, change)
        return answer

    async def answer(self, question: str, profile: str, passages: Sequence[str]) -> tuple[str, Usage]:
        said: tuple[str, Usage] = await self._call("answer", question, profile, passages)
        return said
