"""Invented people, each with the facts that their export states: what a test or the demo counts against."""

import random
import re
from collections.abc import Iterable
from dataclasses import dataclass

from gateway.cli.rehearsal.invented_users import phrases


@dataclass(frozen=True, slots=True)
class Person:
    """The truth about one invented person; every text that states it comes from `phrases`."""

    name: str
    city: str
    occupation: str
    hobbies: tuple[str, ...]
    decisions: tuple[tuple[str, str], ...]  # (the sentence, the words of it that a result must hold)
    decoy: str  # a city that the export names, but not as theirs

    def facts(self) -> tuple[str, ...]:
        """The lower-case words that a result must hold, one for each known fact."""
        stated = (self.name, self.city, self.occupation, *self.hobbies, *(words for _, words in self.decisions))
        return tuple(words.lower() for words in stated)


def make_person(rng: random.Random) -> Person:
    return Person(
        name=rng.choice(phrases.FIRST_NAMES),
        city=rng.choice(phrases.CITIES),
        occupation=rng.choice(phrases.OCCUPATIONS),
        hobbies=tuple(rng.sample(phrases.HOBBIES, 3)),
        decisions=tuple(rng.sample(phrases.DECISIONS, 2)),
        decoy=rng.choice(phrases.DECOY_CITIES),
    )


def count_found(person: Person, texts: Iterable[str]) -> int:
    """How many of the person's known facts occur, as whole words, in what a pipeline wrote."""
    written = "\n".join(texts).lower()
    return sum(occurs(fact, written) for fact in person.facts())


def holds_decoy(person: Person, texts: Iterable[str]) -> bool:
    """Whether a pipeline took the city for theirs that the export only quotes."""
    return occurs(person.decoy.lower(), "\n".join(texts).lower())


def occurs(words: str, text: str) -> bool:
    return re.search(rf"\b{re.escape(words)}\b", text) is not None
