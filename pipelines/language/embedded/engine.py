"""`EmbeddedLanguage`: the rules behind the `Language` protocol."""

from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from typing import Any

import msgspec

from pipelines.contract import NO_STYLE, Compute, Extraction, Fact, Message, Passage, SectionName, Usage
from pipelines.language.embedded.english import is_readable
from pipelines.language.embedded.facts import merge_facts, rank_facts, settle_conflicts, tokens_of
from pipelines.language.embedded.grammar.words import plain, vocabulary
from pipelines.language.embedded.notes import note_facts
from pipelines.language.embedded.reader import facts_of, may_state
from pipelines.language.embedded.style import add_counts, count_style
from pipelines.language.embedded.writing.answer import quote_answer
from pipelines.language.embedded.writing.memory import write_memory
from pipelines.language.embedded.writing.sections import write_section
from pipelines.work.time_limit import OverTime, ProcessorTimeLimit, Unlimited

BATCH_CHARS = 4_000_000  # of text handed to one call in a worker process
READ_SECONDS = 3.0  # of processor time for one text
READ_CHARACTERS_A_SECOND = 20_000  # of a long one; it takes about a millionth of a second each
_SPOKEN = frozenset(["text", "multimodal_text", "voice", "audio_transcription"])


class EmbeddedLanguage:
    """Reads English by rules: no key, no network, deterministic."""

    name = "embedded"
    window_tokens = 200_000
    extract_characters = 1_000_000
    kept_as = ""  # it reads again for nothing

    def __init__(self, compute: Compute) -> None:
        self._compute = compute

    async def extract(self, passages: Sequence[Passage]) -> Extraction:
        """Facts, style counts and read shares of `passages`, worked out in worker processes."""
        parts = []
        for batch in _batches(passages):
            encoded = await self._compute(extract_encoded, msgspec.msgpack.encode(list(map(_read_of, batch))))
            parts.append(msgspec.msgpack.decode(encoded, type=Extraction))
        return parts[0] if len(parts) == 1 else _add(parts)

    async def extract_each(self, conversations: Sequence[Sequence[Passage]]) -> tuple[Extraction, ...]:
        """Each conversation by itself."""
        return tuple([await self.extract(passages) for passages in conversations])

    async def reduce(self, facts: Sequence[Fact], keep_tokens: int) -> tuple[tuple[Fact, ...], Usage]:
        """Merged and settled facts, best first, while they fit; one pass, so it always ends."""
        kept: list[Fact] = []
        left = keep_tokens
        for fact in rank_facts(settle_conflicts(merge_facts(facts))):
            cost = tokens_of(fact)
            if cost <= left:
                kept.append(fact)
                left -= cost
        return tuple(kept), Usage()

    async def section(
        self,
        section: SectionName,
        facts: Sequence[Fact],
        style: dict[str, float],
        samples: Sequence[Passage],  # noqa: ARG002 - a model reads them; the rules have counted them
    ) -> tuple[dict[str, Any], Usage]:
        """The section's fields from facts and counts."""
        return write_section(section, facts, style), Usage()

    async def memory(
        self,
        facts: Sequence[Fact],
        past: Sequence[Fact] = (),
        style: Mapping[str, float] = NO_STYLE,  # noqa: ARG002 - for models, whose calls share what they read
        samples: Sequence[Passage] = (),  # noqa: ARG002
    ) -> tuple[str, Usage]:
        """MEMORY as Markdown."""
        return write_memory((*facts, *past)), Usage()

    async def answer(self, question: str, profile: str, passages: Sequence[str]) -> tuple[str, Usage]:
        """The best matching lines, quoted."""
        return quote_answer(question, profile, passages), Usage()


def extract_encoded(encoded: bytes) -> bytes:
    """`extract_passages` over MessagePack, for a worker process."""
    passages = msgspec.msgpack.decode(encoded, type=list[Passage])
    with ProcessorTimeLimit.here() as limit:
        return msgspec.msgpack.encode(extract_passages(passages, limit))


def extract_passages(passages: Sequence[Passage], limit: Unlimited | None = None) -> Extraction:
    """Facts from notes first, then from the user's own messages. The same messages give the same facts.

    A text that takes longer than `limit` grants it costs itself: it counts as unread.
    """
    limit = limit or Unlimited()
    ready: list[Fact] = []
    found: list[Fact] = []
    style: dict[str, float] = {}
    read = unread = given_up = 0
    notes_seen: set[str] = set()
    for passage in passages:
        for note in passage.notes:
            if note.text not in notes_seen:
                notes_seen.add(note.text)
                try:
                    ready += limit.run(partial(_note, note, passage.conversation_id), _seconds(note.text))
                except OverTime:
                    unread, given_up = unread + len(note.text), given_up + 1
        for message in passage.messages:
            if not _is_read(message):
                continue
            try:
                facts, counts = limit.run(partial(_message, message, passage.conversation_id), _seconds(message.text))
            except OverTime:
                unread, given_up = unread + len(message.text), given_up + 1
                continue
            read, unread = (read + len(message.text), unread) if counts else (read, unread + len(message.text))
            add_counts(style, counts)
            found += facts
    facts_ = merge_facts([*ready, *found])
    return Extraction(facts_, dict(sorted(style.items())), read, unread, given_up=given_up)


def _note(note: Message, conversation_id: str) -> list[Fact]:
    return [*note_facts(note, conversation_id)]


def _message(message: Message, conversation_id: str) -> tuple[list[Fact], dict[str, float]]:
    """The facts and style counts of one message; no counts where it cannot be read."""
    text = plain(message.text)
    words = vocabulary(text)
    if not is_readable(text, words):
        return [], {}
    counts = count_style(text, words)
    return [*facts_of(message, conversation_id, text, words)] if may_state(text, words) else [], counts


def _read_of(passage: Passage) -> Passage:
    """What of a passage is read. The assistant's turns are three quarters of most, and are not sent to other
    processes."""
    return msgspec.structs.replace(passage, messages=tuple(filter(_is_read, passage.messages)))


def _is_read(message: Message) -> bool:
    return message.role == "user" and message.kind in _SPOKEN


def _seconds(text: str) -> float:
    """How long it may take to read: hundreds of times what it takes, so that machines do not differ."""
    return READ_SECONDS + len(text) / READ_CHARACTERS_A_SECOND


def _batches(passages: Sequence[Passage]) -> Iterator[list[Passage]]:
    """Runs of passages of about BATCH_CHARS each."""
    batch: list[Passage] = []
    size = 0
    for passage in passages:
        batch.append(passage)
        size += sum(len(message.text) for message in passage.messages)
        if size >= BATCH_CHARS:
            yield batch
            batch, size = [], 0
    if batch:
        yield batch


def _add(parts: Sequence[Extraction]) -> Extraction:
    style: dict[str, float] = {}
    for part in parts:
        add_counts(style, part.style)
    return Extraction(
        merge_facts(fact for part in parts for fact in part.facts),
        dict(sorted(style.items())),
        sum(part.read_chars for part in parts),
        sum(part.unread_chars for part in parts),
        given_up=sum(part.given_up for part in parts),
    )
