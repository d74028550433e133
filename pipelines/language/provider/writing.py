"""The parts of a profile, asked for one by one. All calls of one profile begin alike, so that the provider reads the
facts and samples once; what changed later is asked for in one call."""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from pipelines.contract import Change, Fact, Passage, Portrait, SectionName, Usage
from pipelines.language.provider.calls.client import Asker, Prompt
from pipelines.language.provider.calls.retry import Refused
from pipelines.language.provider.questions import memory as memories
from pipelines.language.provider.questions import prompts
from pipelines.language.provider.questions.answers import Answer, ProfileAnswer
from pipelines.language.provider.questions.portrait import clean_fields, supported_section
from pipelines.language.provider.questions.revision import Revision

MAX_SAMPLES = 12

Style = Mapping[str, float]


async def write_section(
    asker: Asker, section: SectionName, facts: Sequence[Fact], style: Style, samples: Sequence[Passage]
) -> tuple[dict[str, Any], Usage]:
    """One section's fields, without what stands in no fact and no sample."""
    samples = samples[:MAX_SAMPLES]
    question = prompts.section_question(section)
    try:
        answer, usage = await _ask(asker, section, question, facts, style, samples)
    except Refused as refused:
        if not samples:
            raise
        samples = ()  # it may be what is said in them, or their size
        answer, usage = await _ask(asker, section, question, facts, style, samples)
        usage += refused.usage
    cleaned = clean_fields(answer.model_dump())
    fields, dropped = await asyncio.to_thread(
        supported_section, section, cleaned, facts, samples
    )  # some 10 ms of words
    _tell_unsupported(asker, dropped)
    return fields, usage


async def write_memory(
    asker: Asker, facts: Sequence[Fact], past: Sequence[Fact], style: Style, samples: Sequence[Passage]
) -> tuple[str, Usage]:
    """MEMORY in Markdown, without lines that say more than the facts that they name."""
    try:
        question = prompts.memory_question(past, len(facts))
        answer, usage = await _ask(asker, "memory", question, facts, style, samples[:MAX_SAMPLES])
    except Refused as refused:
        facts, past = facts[: (len(facts) + 1) // 2], ()  # the strongest
        answer, usage = await _ask(asker, "memory", prompts.memory_question(past, len(facts)), facts, style, ())
        usage += refused.usage
    text, dropped = memories.write_memory(answer, (*facts, *past))
    _tell_unsupported(asker, dropped)
    return text, usage


async def revise(asker: Asker, before: Portrait, facts: Sequence[Fact], change: Change) -> tuple[Portrait, Usage]:
    """The portrait without what ended and with what is new. Raises PipelineError."""
    revision = await asyncio.to_thread(Revision.of, before, facts, change)
    answer, usage = None, Usage()
    if revision.asks:
        prompt = Prompt(prompts.revise_prompt(revision.cleaned, change, revision.again))
        answer, usage = await asker.ask(ProfileAnswer, prompts.PROFILE, prompt)
    revised, dropped = await asyncio.to_thread(revision.take, answer)
    _tell_unsupported(asker, dropped)
    return revised, usage


async def _ask(  # noqa: PLR0913, PLR0917 - what is asked, and what all parts are written from
    asker: Asker, part: str, question: str, facts: Sequence[Fact], style: Style, samples: Sequence[Passage]
) -> tuple[Any, Usage]:
    prompt = Prompt(question, prompts.material(facts, style, samples))
    answer, usage = await asker.ask(ProfileAnswer, prompts.PROFILE, prompt, _require(part))
    return getattr(answer, part), usage


def _require(part: str) -> Callable[[Answer], str | None]:
    return lambda answer: None if getattr(answer, part) is not None else f"`{part}` is null, and it was asked for"


def _tell_unsupported(asker: Asker, dropped: int) -> None:
    if dropped:
        asker.notify("unsupported_line", dropped)
