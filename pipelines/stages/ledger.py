"""Facts of one person added up: duplicates become one fact with more support, and the newest wording wins."""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Sequence

import msgspec

from pipelines.contract import Extraction, Fact, Usage
from pipelines.facts import join_mentions
from pipelines.history.chunking.tokens import count_tokens

_LEADING = re.compile(r"^(?:(?:a|an|the|my|to|some)\s+)+")
_EDGES = " \t\n.,;:!?\"'()[]*_"


class Unread(msgspec.Struct, frozen=True):
    """What of the user's own text gave nothing: a share of it, messages that took too long, facts beyond the bound."""

    share: float = 0.0
    given_up: int = 0
    left_out: int = 0
    skipped: int = 0
    unpaid: int = 0
    caps: tuple[str, ...] = ()


class Ledger:
    """Everything found so far in one run; order of adding decides nothing but ties."""

    def __init__(self) -> None:
        self._facts: dict[tuple[str, str], Fact] = {}
        self.style: dict[str, float] = {}
        self.by_conversation: Counter[str] = Counter()
        self.usage = Usage()
        self.read_chars = 0
        self.unread_chars = 0
        self.given_up = 0
        self.left_out = 0
        self.skipped = 0
        self.unpaid = 0
        self.caps: set[str] = set()
        self.tokens = 0

    def add(self, extraction: Extraction) -> None:
        """Add up one extraction."""
        for fact in extraction.facts:
            self._merge(fact)
            self.by_conversation[fact.conversation_id] += 1
        for name, count in sorted(extraction.style.items()):
            self.style[name] = self.style.get(name, 0.0) + count
        self.usage += extraction.usage
        self.read_chars += extraction.read_chars
        self.unread_chars += extraction.unread_chars
        self.given_up += extraction.given_up
        self.left_out += extraction.left_out
        self.skipped += extraction.skipped
        if extraction.unpaid:
            self.unpaid += extraction.unpaid
            self.caps.add(extraction.cap)

    def replace(self, facts: Sequence[Fact], usage: Usage) -> None:
        """Go on from a reduced set of facts."""
        self._facts.clear()
        self.tokens = 0
        for fact in facts:
            self._merge(fact)
        self.usage += usage

    def facts(self) -> tuple[Fact, ...]:
        """Each fact once, strongest first."""
        return strongest_first(self._facts.values())

    @property
    def unread_share(self) -> float:
        """Share of the user's own text that could not be read, 0 to 1."""
        total = self.read_chars + self.unread_chars
        return self.unread_chars / total if total else 0.0

    @property
    def unread(self) -> Unread:
        """What of the user's own text gave nothing."""
        caps = tuple(sorted(self.caps))
        return Unread(self.unread_share, self.given_up, self.left_out, self.skipped, self.unpaid, caps)

    def _merge(self, fact: Fact) -> None:
        key = (fact.category, fold(fact.value))
        known = self._facts.get(key)
        merged = fact if known is None else merge(known, fact)
        self._facts[key] = merged
        self.tokens += fact_tokens(merged) - (fact_tokens(known) if known else 0)


def consolidate(facts: Iterable[Fact]) -> tuple[Fact, ...]:
    """Each fact once, strongest first."""
    ledger = Ledger()
    ledger.add(Extraction(facts=tuple(facts)))
    return ledger.facts()


def merge(known: Fact, fact: Fact) -> Fact:
    """One fact from two that say the same: the newer one's words, both supports, a detail wherever there is one."""
    newer, older = (fact, known) if (fact.time or 0.0) > (known.time or 0.0) else (known, fact)
    return join_mentions(newer, older, known.support + fact.support)


def strongest_first(facts: Iterable[Fact]) -> tuple[Fact, ...]:
    """Said most often first, then newest, then a fixed order: the same facts always come out the same way."""
    return tuple(sorted(facts, key=lambda f: (-f.support, -(f.time or 0.0), f.category, fold(f.value), f.message_id)))


def fold(value: str) -> str:
    """What two wordings of one value have in common: case, articles, spaces and edge punctuation removed."""
    plain = " ".join(unicodedata.normalize("NFKC", value).casefold().split()).strip(_EDGES)
    return _LEADING.sub("", plain) or plain


def fact_tokens(fact: Fact) -> int:
    """Tokens that a fact takes in a prompt: its category, value, detail and evidence."""
    return count_tokens(fact.value) + count_tokens(fact.detail) + count_tokens(fact.sentence) + 4


def total_tokens(facts: Iterable[Fact]) -> int:
    """Tokens that all of them take."""
    return sum(map(fact_tokens, facts))
