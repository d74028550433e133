"""The check that makes a returned fact believable: it must say what words of the user's own say.

A model that was talked into something by text inside the export can still only return facts whose evidence stands in
the user's own messages, or in what users wrote about themselves in their settings, and whose value stands in that
evidence; whatever assistants, tools and pasted pages said counts for nothing.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from pipelines.contract import ATTACHMENT, Fact, Message, Passage
from pipelines.language.embedded.grammar.sentences import MASK
from pipelines.language.embedded.grammar.words import plain, vocabulary
from pipelines.language.embedded.masks import mask_others
from pipelines.language.provider.questions.answers import FoundFact
from pipelines.language.provider.questions.support import Written, denied, is_unspaced

MAX_SENTENCE = 300
MIN_EVIDENCE = 4  # characters; fewer are in any text
NOT_THEIRS = frozenset(["bio", "model_editable_context"])  # notes that an assistant wrote
_SPACE = re.compile(r"\s+")
_SENTENCE_END = re.compile(r"[.!?;]\s|\x01")
# Single and double typographic quotes, dashes, the ellipsis: models like to change them.
_PLAIN = str.maketrans({"\u2018": "'", "\u2019": "'", "\u201c": '"', "\u201d": '"', "\u2013": "-", "\u2014": "-"})


@dataclass(frozen=True, slots=True)
class Source:
    """A message that may be evidence, with its normalised text, without what others wrote in it."""

    message: Message
    passage: Passage
    text: str


def normalise(text: str) -> str:
    """The text as a comparison sees it: case, white space, and typographic quotes do not matter."""
    plain_text = unicodedata.normalize("NFKC", text.translate(_PLAIN)).casefold()
    return _SPACE.sub(" ", plain_text).strip(" .!?\"'")


def own_words(passage: Passage) -> tuple[Message, ...]:
    """The messages that may be evidence: the user's own, and the notes that users wrote about themselves."""
    spoken = (message for message in passage.messages if message.role == "user" and message.kind != ATTACHMENT)
    return own_notes(passage) + tuple(spoken)


def own_notes(passage: Passage) -> tuple[Message, ...]:
    """The notes but for those that an assistant or a tool wrote."""
    return tuple(note for note in passage.notes if note.kind not in NOT_THEIRS and note.role in ("user", "system"))


def own_text(message: Message) -> str:
    """What of a message of the user's is the user's: pasted, quoted and invented parts are masked."""
    if message.role != "user":
        return message.text
    text = plain(message.text)
    return mask_others(text, vocabulary(text))


def find_source(quote: str, sources: Iterable[Source]) -> Source | None:
    """The first source in whose normalised text the quote stands, from the beginning of a word to the end of one."""
    wanted = normalise(quote)
    if len(wanted) < MIN_EVIDENCE or MASK in wanted:
        return None
    return next((source for source in sources if _stands_in(wanted, source.text) is not None), None)


def supported(found: Sequence[FoundFact], passages: Sequence[Passage]) -> tuple[Fact, ...]:
    """The found facts that the passages' own words say, each tied to the message that says it."""
    sources = [
        Source(message, passage, normalise(own_text(message))) for passage in passages for message in own_words(passage)
    ]
    return tuple(_supported(found, sources))


def _supported(found: Sequence[FoundFact], sources: Sequence[Source]) -> Iterator[Fact]:
    for fact in found:
        source = find_source(fact.quote, sources)
        if source is None:
            continue
        evidence = Written.of([fact.quote])
        if evidence.supports(fact.value) and not denied(_sentence(fact.quote, source.text), fact.value):
            yield _tie(fact, source, fact.detail if evidence.supports(fact.detail) else "")


def _stands_in(wanted: str, text: str) -> int | None:
    """Where the quote begins in the text."""
    unspaced = is_unspaced(wanted)
    start = text.find(wanted)
    while start >= 0:
        end = start + len(wanted)
        if unspaced or not (_joined(text, start) or _joined(text, end)):
            return start
        start = text.find(wanted, start + 1)
    return None


def _joined(text: str, place: int) -> bool:
    """Whether a word goes on over this place."""
    return 0 < place < len(text) and text[place - 1].isalnum() and text[place].isalnum()


def _sentence(quote: str, text: str) -> str:
    """The quote with the rest of the sentence before it, where a "not" may stand."""
    wanted = normalise(quote)
    start = _stands_in(wanted, text) or 0
    before = _SENTENCE_END.split(text[max(0, start - MAX_SENTENCE) : start])[-1]
    return before + text[start : start + len(wanted)]


def _tie(found: FoundFact, source: Source, detail: str) -> Fact:
    return Fact(
        category=found.category,
        value=_SPACE.sub(" ", found.value).strip(),
        sentence=_SPACE.sub(" ", found.quote).strip()[:MAX_SENTENCE],
        conversation_id=source.passage.conversation_id,
        message_id=source.message.id,
        time=source.passage.time if source.message.time is None else source.message.time,
        detail=_SPACE.sub(" ", detail).strip(),
    )
