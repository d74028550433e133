"""The check that makes a returned fact believable: its evidence must be words that the user wrote.

A model that was talked into something by text inside the export can still only return facts whose evidence is in the
user's own messages or saved notes of that passage; whatever assistants, tools and web pages said counts for nothing.
"""

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from pipelines.contract import Fact, Message, Passage
from pipelines.language.provider.questions.answers import FoundFact

MAX_SENTENCE = 300
MIN_EVIDENCE = 4  # characters; fewer are in any text
_SPACE = re.compile(r"\s+")
# Single and double typographic quotes, dashes, the ellipsis: models like to change them.
_PLAIN = str.maketrans({"\u2018": "'", "\u2019": "'", "\u201c": '"', "\u201d": '"', "\u2013": "-", "\u2014": "-"})


@dataclass(frozen=True, slots=True)
class Source:
    """A message that may be evidence, with its normalised text."""

    message: Message
    passage: Passage
    text: str


def normalise(text: str) -> str:
    """The text as a comparison sees it: case, white space, and typographic quotes do not matter."""
    plain = unicodedata.normalize("NFKC", text.translate(_PLAIN)).casefold()
    return _SPACE.sub(" ", plain).strip(" .!?\"'")


def own_words(passage: Passage) -> tuple[Message, ...]:
    """The messages that may be evidence: the user's own, and the notes that the export carries about the user."""
    return passage.notes + tuple(message for message in passage.messages if message.role == "user")


def find_source(quote: str, sources: Iterable[Source]) -> Source | None:
    """The first source whose normalised text holds the quote."""
    wanted = normalise(quote)
    if len(wanted) < MIN_EVIDENCE:
        return None
    return next((source for source in sources if wanted in source.text), None)


def supported(found: Sequence[FoundFact], passages: Sequence[Passage]) -> tuple[Fact, ...]:
    """The found facts whose evidence occurs in the passages' own words, each tied to the message that says it."""
    sources = [
        Source(message, passage, normalise(message.text)) for passage in passages for message in own_words(passage)
    ]
    kept = []
    for fact in found:
        source = find_source(fact.quote, sources)
        if source is not None and fact.value.strip():
            kept.append(_tie(fact, source))
    return tuple(kept)


def _tie(found: FoundFact, source: Source) -> Fact:
    return Fact(
        category=found.category,
        value=_SPACE.sub(" ", found.value).strip(),
        sentence=_SPACE.sub(" ", found.quote).strip()[:MAX_SENTENCE],
        conversation_id=source.passage.conversation_id,
        message_id=source.message.id,
        time=source.passage.time if source.message.time is None else source.message.time,
        detail=_SPACE.sub(" ", found.detail).strip(),
    )
