"""What a result says about its user that is not in the user's export: another person's name, ids, facts.

Only what the other side says and the one does not is looked up. A value is this user's when its own words, or those of
the sentence that it stands on, are in the export; half of them is enough, so that other endings and other languages of
a value do no harm. A fact from a conversation that is not in the export is not this user's, whatever it says.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from gateway.shadow.compare.model import Finding
from gateway.shadow.compare.normalise import as_items, clean_text, words
from pipelines.contract import Conversation, Soulprint
from pipelines.stages.ledger import fold

PERSONAL = ("name", "preferred_address", "location", "occupation", "relationships", "interests")  # of section user
MAX_CLAIMS = 2_000
MAX_WORDS = 40  # of one value, and of its sentence
STEM = 5  # letters: the rest of a longer word is its ending
SHORT_WORD = 3  # letters: shorter ones are in every text
HALF = 0.5

# Scripts that are written without spaces, or with endings stuck to short words: looked for as pieces of text.
_UNSPACED = re.compile(r"[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")


@dataclass(frozen=True, slots=True)
class Claim:
    """One value of a result, by its field; `sentence` and `conversation` are what it says that it stands on."""

    where: str
    value: str
    sentence: str = ""
    conversation: str = ""


@dataclass(slots=True)
class Search:
    """Looks for everything that claims need, conversation by conversation; what is found is no longer looked for."""

    claims: Sequence[Claim]
    missing: set[str] = field(default_factory=set)  # stems
    pieces: set[str] = field(default_factory=set)
    conversations: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        for claim in self.claims:
            for stem in (*stems(claim.value), *stems(claim.sentence)):
                (self.pieces if _UNSPACED.search(stem) else self.missing).add(stem)
            if claim.conversation:
                self.conversations.add(claim.conversation)

    @property
    def over(self) -> bool:
        """Whether all was found, so that nothing more need be read."""
        return not (self.missing or self.pieces or self.conversations)

    def read(self, conversation: Conversation) -> None:
        """Look through one conversation."""
        self.conversations.discard(conversation.id)
        texts = (message.text for message in (*conversation.messages, *conversation.notes))
        for text in (conversation.title, *texts):
            self._read_text(text or "")

    def _read_text(self, text: str) -> None:
        if self.missing:
            self.missing.difference_update(map(stem_of, words(text)))
        if self.pieces:
            plain = clean_text(text)
            self.pieces -= {piece for piece in self.pieces if piece in plain}

    def foreign(self) -> tuple[Finding, ...]:
        """The claims that are not this user's, once all was read."""
        own = [claim for claim in self.claims if claim.where.startswith("facts.") and self._is_own(claim)]
        said = {stem for claim in own for stem in stems(claim.value)}
        strange = (claim for claim in self.claims if not self._is_own(claim, said))
        return tuple(Finding("wrong_person", claim.where, claim.value[:120]) for claim in strange)

    def _is_own(self, claim: Claim, said: Iterable[str] = ()) -> bool:
        if claim.conversation in self.conversations:
            return False
        return any(
            self._share(text, frozenset(said)) >= HALF for text in (claim.value, claim.sentence) if stems(text)
        ) or not (stems(claim.value) or stems(claim.sentence))

    def _share(self, text: str, said: frozenset[str]) -> float:
        wanted = stems(text)
        here = sum(stem in said or stem not in self.missing | self.pieces for stem in wanted)
        return here / len(wanted)


def stem_of(word: str) -> str:
    """A word without its ending."""
    return word.removesuffix("'s").removesuffix("\u2019s")[:STEM]


def stems(text: str) -> tuple[str, ...]:
    """What of a text is looked for: its words' beginnings; short words only where there are no others."""
    said = words(text)[:MAX_WORDS]
    long = [word for word in said if len(word) >= SHORT_WORD or _UNSPACED.search(word)]
    return tuple({word if _UNSPACED.search(word) else stem_of(word): None for word in long or said})


def claims_of(one: Soulprint | None, other: Soulprint) -> tuple[Claim, ...]:
    """What only the other side says about who the user is."""
    return (*_fact_claims(one, other), *_section_claims(one, other))[:MAX_CLAIMS]


def _fact_claims(one: Soulprint | None, other: Soulprint) -> list[Claim]:
    known = {(fact.category, fold(fact.value), fact.conversation_id) for fact in (one.facts if one else ())}
    return [
        Claim(f"facts.{fact.category}", fact.value, fact.sentence, fact.conversation_id)
        for fact in other.facts
        if (fact.category, fold(fact.value), fact.conversation_id) not in known
    ]


def _section_claims(one: Soulprint | None, other: Soulprint) -> list[Claim]:
    mine: dict[str, Any] = dict(one.sections.get("user", {})) if one else {}
    theirs = other.sections.get("user", {})
    return [
        Claim(f"sections.user.{name}", item)
        for name in PERSONAL
        for item in as_items(theirs.get(name))
        if item not in as_items(mine.get(name))
    ]
