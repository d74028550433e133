"""The check that makes a returned fact believable: its evidence must be words that the user wrote.

A model that was talked into something by text inside the export can still only return facts whose evidence is in the
user's own messages or saved notes of that passage; whatever assistants, tools and web pages said counts for nothing.
"""

import re
import unicodedata
from collections.abc import Iterable, Sequence

from pipelines.contract import Fact, Message, Passage
from pipelines.language.provider.answers import FoundFact

MAX_SENTENCE = 300
MIN_EVIDENCE = 4  # characters; fewer are in any text
_SPACE = re.compile(r"\s+")
# Single and double typographic quotes, dashes, the ellipsis: models like to change them.
_PLAIN = str.maketrans({"\u2018": "'", "\u2019": "'", "\u201c": '"', "\u201d": '"', "\u2013": "-", "\u2014": "-"})


def normalise(text: str) -> str:
    """The text as a comparison sees it: case, white space, and typographic quotes do not matter."""
    plain = unicodedata.normalize("NFKC", text.translate(_PLAIN)).casefold()
    return _SPACE.sub(" ", plain).strip(" .!?\"'")


def own_words(passage: Passage) -> tuple[Message, ...]:
    """The messages that may be evidence: the user's own, and the notes that the export carries about the user."""
    return passage.notes + tuple(message for message in passage.messages if message.role == "user")


def find_source(quote: str, sources: Iterable[tuple[Message, str]]) -> Message | None:
    """The first message whose normalised text holds the quote."""
    wanted = normalise(quote)
    if len(wanted) < MIN_EVIDENCE:
        return None
    return next((message for message, text in sources if wanted in text), None)


def supported(found: Sequence[FoundFact], passage: Passage) -> tuple[Fact, ...]:
    """The found facts whose evidence occurs in the passage's own words, each tied to the message that says it."""
    sources = [(message, normalise(message.text)) for message in own_words(passage)]
    kept = []
    for fact in found:
        source = find_source(fact.quote, sources)
        if source is not None and fact.value.strip():
            kept.append(_tie(fact, source, passage))
    return tuple(kept)


def _tie(found: FoundFact, source: Message, passage: Passage) -> Fact:
    return Fact(
        category=found.category,
        value=_SPACE.sub(" ", found.value).strip(),
        sentence=_SPACE.sub(" ", found.quote).strip()[:MAX_SENTENCE],
        conversation_id=passage.conversation_id,
        message_id=source.id,
        time=source.time if source.time is not None else passage.time,
        detail=_SPACE.sub(" ", found.detail).strip(),
    )
