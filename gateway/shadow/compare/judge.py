"""A model as judge of free text: blind, asked in both orders, and undecided when its answers do not agree."""

from collections.abc import Awaitable, Callable, Coroutine, Sequence
from typing import Literal, Protocol

import msgspec

from pipelines.contract import Usage

Preference = Literal["first", "second", "tie"]
Judgement = Literal["one", "other", "tie", "undecided"]

_PREFERENCES: dict[str, Preference] = {"first": "first", "second": "second", "tie": "tie"}

INSTRUCTION = (
    "Two texts about the same person follow, the first and the second. {question} "
    "Begin with one word: FIRST, SECOND or TIE."
)
MAX_CHARACTERS = 20_000  # of each text
BETTER = "Which says more that is specific to the person, and less that is not supported?"


class JudgePrompt(msgspec.Struct, frozen=True):
    """What a judge is shown: two texts without their makers' names. `swapped` says that `other` came first."""

    question: str
    first: str
    second: str
    swapped: bool


def prompts(question: str, one: str, other: str) -> tuple[JudgePrompt, JudgePrompt]:
    """The two orders in which a judge is asked."""
    return JudgePrompt(question, one, other, swapped=False), JudgePrompt(question, other, one, swapped=True)


def read_preference(answer: str) -> Preference | None:
    """What a judge's answer says; None when it says none of the three words first."""
    word = answer.strip().strip("*\"'.:").split(maxsplit=1)[:1]
    said = word[0].strip("*\"'.,:;").casefold() if word else ""
    return _PREFERENCES.get(said)


def settle(straight: Preference, swapped: Preference) -> Judgement:
    """The judgement from the answers in both orders; a judge that goes by position is undecided."""
    turned: dict[Preference, Judgement] = {"first": "other", "second": "one", "tie": "tie"}
    plain: dict[Preference, Judgement] = {"first": "one", "second": "other", "tie": "tie"}
    return plain[straight] if plain[straight] == turned[swapped] else "undecided"


class Answers(Protocol):
    """The part of a language engine that a judge is."""

    async def answer(self, question: str, profile: str, passages: Sequence[str]) -> tuple[str, Usage]: ...


Answered = tuple[Preference | None, Usage]
Together = Callable[[Coroutine[None, None, Answered], Coroutine[None, None, Answered]], Awaitable[Sequence[Answered]]]


async def in_turn(*asked: Coroutine[None, None, Answered]) -> Sequence[Answered]:
    """One question after the other."""
    return [await one for one in asked]


async def judge(
    language: Answers, one: str, other: str, question: str = BETTER, together: Together = in_turn
) -> tuple[Judgement, Usage]:
    """The judgement, and what it cost. An engine that cannot judge is undecided; a failing one raises PipelineError."""

    async def prefer(prompt: JudgePrompt) -> Answered:
        asked = INSTRUCTION.format(question=prompt.question)
        answer, usage = await language.answer(asked, "", (prompt.first, prompt.second))
        return read_preference(answer), usage

    as_they_are, turned = prompts(question, one[:MAX_CHARACTERS], other[:MAX_CHARACTERS])
    (straight, first), (swapped, second) = await together(prefer(as_they_are), prefer(turned))
    spent = first + second
    if straight is None or swapped is None:
        return "undecided", spent
    return settle(straight, swapped), spent
