"""What a job will ask of an engine that is paid, before it asks anything: calls and tokens, by the words to be read."""

import json
import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from pipelines.contract import Extraction, Passage, Portrait, SectionName, Usage
from pipelines.history.chunking.tokens import count_tokens
from pipelines.history.passages import characters, has_user_words
from pipelines.stages.ledger import total_tokens
from pipelines.stages.revision import is_much

READING_TOKENS: Final = 520  # what is sent with every call that reads: the question, and the shape of its answer
WRITING_TOKENS: Final = 1_120  # the same where something is written
REVISING_TOKENS: Final = 180  # and where it is revised
PART_TOKENS: Final = 30  # of it, what one part alone is asked
CACHED_TOKENS: Final = 1_024  # shorter beginnings of prompts are kept by no provider
PASSAGE_TOKENS: Final = 22  # marks, title and day
MESSAGE_TOKENS: Final = 2  # who speaks
WORDS_A_FACT: Final = 400  # tokens of what is read; people differ by far more than models do
FACT_ANSWERED: Final = 35  # tokens of a fact as it is answered
FACT_SHOWN: Final = 40  # tokens of a fact where something is written from it
SECTION_ANSWERED: Final = 60  # and for each fact
VALUE_ANSWERED: Final = 4
LINE_ANSWERED: Final = 25  # of MEMORY
MOST_LINES: Final = 250
SAMPLES: Final = 12  # passages that a section is written from


@dataclass(frozen=True, slots=True)
class Later:
    """What is asked once the facts are there. Samples are at most `sample_characters` long."""

    sections: tuple[SectionName, ...]
    memory: bool
    sample_characters: int


class Expected:
    """Adds up what is to be read. `call_characters` go to a call, `window_tokens` of facts to what is written."""

    def __init__(self, call_characters: int, window_tokens: int) -> None:
        self._call_characters = call_characters
        self._window_tokens = window_tokens
        self._calls, self._held = 0, 0
        self._passages, self._sample_tokens = 0, 0.0
        self._asked, self._known = 0, 0

    def add(self, passages: Sequence[Passage], known: Extraction | None, sample_characters: int) -> None:
        """One conversation, and what an earlier job has read in it."""
        spoken = [passage for passage in passages if has_user_words(passage)]
        for passage in spoken:
            self._sample(passage, sample_characters)
            if known is None:
                self._ask(passage)
        if known is not None:
            self._known += total_tokens(known.facts)

    def _sample(self, passage: Passage, most: int) -> None:
        size = characters(passage)
        self._passages += 1
        self._sample_tokens += _tokens(passage) * (min(most, size) / size if size else 1.0)

    def _ask(self, passage: Passage) -> None:
        size = characters(passage)
        if not self._calls or self._held + size > self._call_characters:
            self._calls, self._held = self._calls + 1, 0
        self._held += size
        self._asked += _tokens(passage)

    def usage(self, later: Later, before: Portrait | None = None) -> Usage:
        """Calls and tokens of the whole job, re-asked and halved calls not counted; `before` is what was written
        last."""
        found = self._asked / WORDS_A_FACT
        reading = Usage(self._calls, self._calls * READING_TOKENS + self._asked, math.ceil(found * FACT_ANSWERED))
        if not self._passages:
            return reading
        if before is None or is_much(before, found):
            return reading + self._writing(later, found)
        return reading + (_revising(before, found) if self._asked else Usage())

    def _writing(self, later: Later, found: float) -> Usage:
        """Each part by itself; what they share is sent with each, and kept by the provider after the first."""
        facts = min(self._known + found * FACT_SHOWN, self._window_tokens)
        lines = min(facts / FACT_SHOWN, MOST_LINES)
        parts = len(later.sections) + (1 if later.memory and facts else 0)
        samples = self._sample_tokens / self._passages * min(self._passages, SAMPLES)
        shared = math.ceil(WRITING_TOKENS + facts + samples)
        answered = len(later.sections) * (SECTION_ANSWERED + lines * VALUE_ANSWERED)
        if parts > len(later.sections):
            answered += lines * LINE_ANSWERED
        kept = shared if shared >= CACHED_TOKENS else 0
        sent = parts * (shared + PART_TOKENS)
        return Usage(
            parts,
            sent,
            math.ceil(answered),
            cache_read_tokens=kept * (parts - 1),
            cache_write_tokens=kept,
        )


def _revising(before: Portrait, found: float) -> Usage:
    """One call: what is new changes the section about the user, and is a line of MEMORY."""
    written = count_tokens(json.dumps(before.sections, ensure_ascii=False, indent=1))
    again = count_tokens(json.dumps(before.sections.get("user", {}), ensure_ascii=False))
    lines = found * LINE_ANSWERED if before.memory else 0.0
    sent = WRITING_TOKENS + REVISING_TOKENS + written + found * FACT_SHOWN
    return Usage(1, math.ceil(sent), math.ceil(again + found * VALUE_ANSWERED + lines))


def _tokens(passage: Passage) -> int:
    texts = (*passage.messages, *passage.notes)
    return PASSAGE_TOKENS + sum(count_tokens(message.text) + MESSAGE_TOKENS for message in texts)
