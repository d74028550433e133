"""Which facts a document tells, and a person as it names them: what another fact says with more is not said twice."""

from collections.abc import Iterable, Mapping, Sequence

from pipelines.contract import Fact
from pipelines.language.embedded.facts import fold, merge_facts, rank_facts, settle_conflicts
from pipelines.language.embedded.writing.wording import of_them

_AND_THEN = ": "  # "partner: pregnant"


def to_tell(facts: Iterable[Fact]) -> tuple[Fact, ...]:
    """What a document tells: the facts that still hold, best first, and what others say with more left out."""
    return tuple(without_repeats(rank_facts(settle_conflicts(merge_facts(facts)))))


def without_repeats(facts: Sequence[Fact]) -> list[Fact]:
    """The facts in their order, without an interest whose words are all in another one ("music" beside "classical
    music"), and without a person of whom another fact tells more ("partner" beside "partner: pregnant")."""
    interests = _by_word(_words(fact) for fact in facts if fact.category == "interest")
    heads = {_head(fact.value) for fact in facts if fact.category == "relationship" and _AND_THEN in fact.value}
    return [fact for fact in facts if not _is_said(fact, interests, heads)]


def _by_word(interests: Iterable[frozenset[str]]) -> dict[str, list[frozenset[str]]]:
    """The interests under each of their words, so that few are compared with each: a long history has thousands."""
    found: dict[str, list[frozenset[str]]] = {}
    for words in interests:
        for word in words:
            found.setdefault(word, []).append(words)
    return found


def _is_said(fact: Fact, interests: Mapping[str, Sequence[frozenset[str]]], heads: set[str]) -> bool:
    if fact.category == "interest":
        words = _words(fact)
        alike = min((interests[word] for word in words), key=len, default=())  # those with its rarest word
        return any(words < other for other in alike)
    return fact.category == "relationship" and fold(fact.value) in heads


def _words(fact: Fact) -> frozenset[str]:
    return frozenset(fold(fact.value).split())


def _head(value: str) -> str:
    return fold(value.partition(_AND_THEN)[0])


def person_text(fact: Fact) -> str:
    """A person or an animal: "sister Ana (lives in Leeds)". What stands behind a colon needs no brackets: those hold
    the words as they were said, "two days ago" and all."""
    value = of_them(fact.value)
    if not fact.detail or _AND_THEN in value or fact.detail.lower() in value.lower():
        return value
    return of_them(f"{value} ({fact.detail})")
