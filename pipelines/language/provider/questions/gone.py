"""What must not be said any more: what ended facts said and no fact in force says, found in texts that were written
when they held."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from pipelines.contract import NOT_ENOUGH, Fact
from pipelines.language.provider.questions.manners import MANNER
from pipelines.language.provider.questions.portrait import split_sentences, written_facts
from pipelines.language.provider.questions.support import content_keys, denies, fold, is_unspaced

Claim = tuple[frozenset[str], bool]  # words that say something, and whether they are denied


@dataclass(frozen=True, slots=True)
class Gone:
    """`words` that only ended facts have, `claims` that only they make; `unspaced`: values without blanks."""

    words: frozenset[str]
    claims: tuple[Claim, ...]
    unspaced: tuple[str, ...]

    @classmethod
    def of(cls, ended: Sequence[Fact], told: Sequence[Fact]) -> "Gone":
        """What the ended facts say, and those that are told still do not."""
        still = frozenset().union(*map(content_keys, written_facts(told)))
        standing = [claim for fact in told for claim in _claims(fact)]
        claims = [
            claim for fact in ended for claim in _claims(fact) if not any(_includes(one, claim) for one in standing)
        ]
        values = {fold(fact.value) for fact in ended} - {fold(fact.value) for fact in told}
        words = frozenset().union(*(content_keys(f"{fact.value} {fact.detail}") for fact in ended))
        return cls(words - still - MANNER, tuple(claims), tuple(value for value in values if is_unspaced(value)))

    def stands_in(self, text: str) -> bool:
        """Whether a sentence, an item or a line says any of it."""
        said = content_keys(text)
        if not self.words.isdisjoint(said):
            return True
        whole = (said, denies(text))
        return any(_includes(whole, claim) for claim in self.claims) or any(
            value in fold(text) for value in self.unspaced
        )


def _claims(fact: Fact) -> list[Claim]:
    """What a fact claims, with its detail and without."""
    texts = dict.fromkeys([fact.value, f"{fact.value} {fact.detail}".strip()])
    return [(words, denies(text)) for text in texts if (words := content_keys(text))]


def _includes(one: Claim, other: Claim) -> bool:
    return one[1] == other[1] and one[0] >= other[0]


def leave_out(fields: Mapping[str, Any], gone: Gone) -> tuple[dict[str, Any], list[str]]:
    """A section's fields without it, and the sentences and items that went."""
    kept: dict[str, Any] = {}
    left: list[str] = []
    for name, value in fields.items():
        parts = value if isinstance(value, list) else split_sentences(value)
        held = [part for part in parts if not gone.stands_in(part)]
        left += [part for part in parts if gone.stands_in(part)]
        kept[name] = held if isinstance(value, list) else " ".join(held) or NOT_ENOUGH
    return kept, left


def lost(facts: Iterable[Fact], left_out: Sequence[str], kept: Sequence[str]) -> list[Fact]:
    """The facts that were said in what was left out and nowhere else."""
    went = [content_keys(text) for text in left_out]
    if not went:
        return []
    stays = [content_keys(text) for text in kept]
    return [fact for fact in facts if _said(fact, went) and not _said(fact, stays)]


def _said(fact: Fact, texts: Sequence[frozenset[str]]) -> bool:
    words = content_keys(fact.value)
    return bool(words) and any(words <= text for text in texts)
