"""`EmbeddedLanguage`: the rules behind the `Language` protocol.

The rules that read are loaded where texts are read, which is in worker processes: what only hands texts on, or serves
HTTP, starts without them.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from typing import Any

import msgspec

from pipelines.contract import NO_STYLE, Compute, Extraction, Fact, Passage, SectionName, Usage
from pipelines.language.embedded.facts import merge_facts, rank_facts, settle_conflicts, tokens_of
from pipelines.language.embedded.spoken import is_read
from pipelines.language.embedded.style import add_counts
from pipelines.language.embedded.writing.answer import quote_answer
from pipelines.language.embedded.writing.memory import write_memory
from pipelines.language.embedded.writing.saying import to_tell
from pipelines.language.embedded.writing.sections import write_section
from pipelines.work.time_limit import ProcessorTimeLimit

BATCH_CHARS = 4_000_000  # of text handed to one call in a worker process


class EmbeddedLanguage:
    """Reads English by rules: no key, no network, deterministic."""

    name = "embedded"
    window_tokens = 200_000
    extract_characters = 1_000_000
    kept_as = ""  # it reads again for nothing

    def __init__(self, compute: Compute) -> None:
        self._compute = compute
        # A portrait's sections come one after another, all from the same facts; kept here, they go with their job.
        self._to_tell = lru_cache(maxsize=1)(to_tell)

    async def extract(self, passages: Sequence[Passage]) -> Extraction:
        """Facts, style counts and read shares of `passages`, worked out in worker processes; of none, too."""
        parts = []
        for batch in _batches(map(_read_of, passages)) if passages else [[]]:
            encoded = await self._compute(extract_encoded, msgspec.msgpack.encode(batch))
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
        return write_section(section, self._to_tell(tuple(facts)), style), Usage()

    async def memory(
        self,
        facts: Sequence[Fact],
        past: Sequence[Fact] = (),
        style: Mapping[str, float] = NO_STYLE,  # noqa: ARG002 - for models, whose calls share what they read
        samples: Sequence[Passage] = (),  # noqa: ARG002
    ) -> tuple[str, Usage]:
        """MEMORY as Markdown."""
        return write_memory(self._to_tell((*facts, *past))), Usage()

    async def answer(self, question: str, profile: str, passages: Sequence[str]) -> tuple[str, Usage]:
        """The best matching lines, quoted."""
        return quote_answer(question, profile, passages), Usage()


def extract_encoded(encoded: bytes) -> bytes:
    """`extract_passages` over MessagePack, for a worker process."""
    from pipelines.language.embedded.extracting import extract_passages  # noqa: PLC0415 - not where it is handed on

    passages = msgspec.msgpack.decode(encoded, type=list[Passage])
    with ProcessorTimeLimit.here() as limit:
        return msgspec.msgpack.encode(extract_passages(passages, limit))


def _read_of(passage: Passage) -> Passage:
    """What of a passage is read. The assistant's turns are three quarters of most, and are not sent to other
    processes."""
    return msgspec.structs.replace(passage, messages=tuple(filter(is_read, passage.messages)))


def _batches(passages: Iterable[Passage]) -> Iterator[list[Passage]]:
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
