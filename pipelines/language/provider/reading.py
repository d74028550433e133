"""Facts from passages, asked in calls of a bounded size. What is refused, too long or answered in part is asked in
halves, and what is refused even then is skipped: one bad passage never costs the others."""

import asyncio
from collections.abc import Coroutine, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

import msgspec

from pipelines.contract import Extraction, Fact, Passage, Usage
from pipelines.history.passages import characters, has_user_words, user_characters
from pipelines.language.provider.calls.client import Asker, Prompt
from pipelines.language.provider.calls.retry import Refused
from pipelines.language.provider.questions import prompts
from pipelines.language.provider.questions.answers import FoundFacts
from pipelines.language.provider.questions.evidence import supported

T = TypeVar("T")

EXTRACT_CHARACTERS = 24_000  # about 6,000 tokens: more to a call and models start to skip facts
MOST_HALVINGS = 4  # of one call: a sixteenth of it is about a page
LEAST_MESSAGES = 2  # that a passage can be halved into
NOTHING = Usage()


@dataclass(frozen=True, slots=True)
class Part:
    """What one call, or one passage that was skipped, gave."""

    passages: tuple[Passage, ...]
    facts: tuple[Fact, ...] = ()
    usage: Usage = NOTHING
    skipped: bool = False


async def read(asker: Asker, passages: Sequence[Passage]) -> list[Part]:
    """All passages with words of the user's own, as many to a call as fit."""
    spoken = [passage for passage in passages if has_user_words(passage)]
    parts = await gather([_read_some(asker, some, MOST_HALVINGS) for some in pack(spoken, EXTRACT_CHARACTERS)])
    return [part for some in parts for part in some]


async def _read_some(asker: Asker, passages: Sequence[Passage], halvings: int) -> list[Part]:
    try:
        answer, usage = await asker.ask(FoundFacts, prompts.EXTRACT, Prompt(prompts.extract_prompt(passages)))
    except Refused as refused:
        halves = halve(passages) if halvings else ()
        if not halves:
            asker.notify("skipped", len(passages))
            return [Part(tuple(passages), usage=refused.usage, skipped=True)]
        parts = await gather(
            [_read_some(asker, half, halvings - 1) for half in halves if any(map(has_user_words, half))]
        )
        return [Part((), usage=refused.usage), *(part for some in parts for part in some)]
    facts = await asyncio.to_thread(supported, answer.facts, passages)
    if dropped := len(answer.facts) - len(facts):
        asker.notify("unsupported_fact", dropped)
    return [Part(tuple(passages), facts, usage)]


def halve(passages: Sequence[Passage]) -> tuple[Sequence[Passage], ...]:
    """Two halves; nothing where there is no half."""
    if len(passages) > 1:
        middle = len(passages) // 2
        return passages[:middle], passages[middle:]
    messages = passages[0].messages
    if len(messages) < LEAST_MESSAGES:
        return ()
    middle = len(messages) // 2
    first = msgspec.structs.replace(passages[0], messages=messages[:middle])
    return [first], [msgspec.structs.replace(passages[0], messages=messages[middle:], notes=())]


def extraction_of(parts: Iterable[Part], style: dict[str, float]) -> Extraction:
    """Parts added up."""
    parts = list(parts)
    return Extraction(
        facts=tuple(fact for part in parts for fact in part.facts),
        style=style,
        read_chars=sum(user_characters(passage) for part in parts if not part.skipped for passage in part.passages),
        unread_chars=sum(user_characters(passage) for part in parts if part.skipped for passage in part.passages),
        usage=sum((part.usage for part in parts), Usage()),
        skipped=sum(len(part.passages) for part in parts if part.skipped),
    )


def by_conversation(parts: Sequence[Part]) -> dict[str, list[Part]]:
    """Each conversation's share of the parts. What a call cost goes with the first that it was about."""
    shares: dict[str, list[Part]] = {}
    first = next((passage.conversation_id for part in parts for passage in part.passages), "")
    for part in parts:
        for n, one in enumerate(_shares(part, first)):
            name, share = one
            cost = part.usage if n == 0 else NOTHING
            shares.setdefault(name, []).append(Part(share, _facts_of(part, name), cost, part.skipped))
    return shares


def _shares(part: Part, first: str) -> Iterator[tuple[str, tuple[Passage, ...]]]:
    names = dict.fromkeys(passage.conversation_id for passage in part.passages) or {first: None}
    for name in names:
        yield name, tuple(passage for passage in part.passages if passage.conversation_id == name)


def _facts_of(part: Part, name: str) -> tuple[Fact, ...]:
    return tuple(fact for fact in part.facts if fact.conversation_id == name)


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
