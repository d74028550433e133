"""Asks a language engine which of two texts is the better one, in both orders."""

from collections.abc import Sequence
from typing import Protocol

from gateway.shadow.judging import INSTRUCTION, Judgement, ballots, read_preference, settle
from pipelines.contract import Usage

MAX_CHARACTERS = 20_000  # of each text
BETTER = "Which says more that is specific to the person, and less that is not supported?"


class Answers(Protocol):
    """The part of a language engine that a judge is."""

    async def answer(self, question: str, profile: str, passages: Sequence[str]) -> tuple[str, Usage]: ...


async def judge(language: Answers, one: str, other: str, question: str = BETTER) -> tuple[Judgement, Usage]:
    """The judgement, and what it cost. An engine that cannot judge is undecided; a failing one raises PipelineError."""
    spent = Usage()
    preferences = []
    for ballot in ballots(question, one[:MAX_CHARACTERS], other[:MAX_CHARACTERS]):
        asked = INSTRUCTION.format(question=ballot.question)
        answer, usage = await language.answer(asked, "", (ballot.first, ballot.second))
        preferences.append(read_preference(answer))
        spent += usage
    straight, swapped = preferences
    if straight is None or swapped is None:
        return "undecided", spent
    return settle(straight, swapped), spent
