"""Answers a question from a profile and memories: by the language engine, or by quoting when a provider fails."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import structlog

from gateway.retrieval.memory import Memory
from gateway.retrieval.plain_questions import plain_answer
from gateway.retrieval.terms import READ_CHARACTERS, pieces_of
from gateway.telemetry.metrics import Metrics
from pipelines.contract import Language, PipelineError
from pipelines.language.embedded.writing.answer import quote_answer

ANSWER_SECONDS = 45.0
QUOTES, QUOTED = 3, 300  # lines, and characters of one
TURNS = 6
TURN_CHARACTERS = 1_500
NOTHING_KNOWN = "There are no memories of yours here yet: import your conversations first."
log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked, and the turns before it, oldest first."""

    message: str
    history: Sequence[Mapping[str, Any]] = ()

    def with_history(self) -> str:
        """The message after the last turns, for an engine that understands them."""
        turns = [
            f"{turn.get('role', 'user')}: {turn['content'][:TURN_CHARACTERS]}"
            for turn in self.history[-TURNS:]
            if isinstance(turn.get("content"), str)
        ]
        if not turns:
            return self.message
        return "\n".join(["Earlier in this conversation:", *turns, "", "Now the user asks:", self.message])


class Answerer:
    """Over one language engine. The embedded one quotes, and says so."""

    def __init__(self, language: Language, metrics: Metrics, seconds: float = ANSWER_SECONDS) -> None:
        self._language = language
        self._metrics = metrics
        self._seconds = seconds

    async def answer(
        self,
        question: Question,
        profile: str,
        memories: Sequence[Memory],
        soulprint: Mapping[str, Any] | None = None,
    ) -> str:
        """The answer. A provider that fails or takes too long is logged and counted, and memories are quoted.

        Where nothing but quotes can be given, plain questions are answered from the fields of the `soulprint`.
        """
        if not profile and not memories:
            return NOTHING_KNOWN
        passages = [str(memory) for memory in memories]
        if self._language.name == "embedded":
            return plain_answer(question.message, soulprint) or quote(question, profile, memories)
        try:
            async with asyncio.timeout(self._seconds):
                return (await self._language.answer(question.with_history(), profile, passages))[0]
        except (PipelineError, TimeoutError) as failure:
            log.warning("answer_failed", engine=self._language.name, error=str(failure) or type(failure).__name__)
            self._metrics.memory_fallbacks.labels("language").inc()
            return plain_answer(question.message, soulprint) or quote(question, profile, memories)


def quote(question: Question, profile: str, memories: Sequence[Memory]) -> str:
    """The lines that fit best, some 3 ms: what is read is bounded."""
    plain = profile.replace("**", "")  # quotes are lines of words
    pieces = pieces_of(question.message)
    lines = [line.strip() for memory in memories for line in memory.content.splitlines()]
    inside = [line for line in dict.fromkeys(lines) if any(piece in line.lower() for piece in pieces)]
    if inside:
        return "Quoting from your own memories:\n\n" + "\n".join(f"> {line[:QUOTED]}" for line in inside[:QUOTES])
    return quote_answer(question.message[:READ_CHARACTERS], plain, [memory.content for memory in memories])
