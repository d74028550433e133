"""What is told beside the clause of "I": each shape is looked for only where one of its words is there."""

from collections.abc import Callable, Iterator

from pipelines.language.embedded.frames.attitudes.favourites import FAN_WORDS, FAVOURITE_WORDS, favourite, lasting_fan
from pipelines.language.embedded.frames.candidate import Candidate, read_by
from pipelines.language.embedded.frames.identity.tongues import TONGUE_WORDS, tongue
from pipelines.language.embedded.frames.life.ailing import AILING_WORDS, ailing, may_ail
from pipelines.language.embedded.frames.life.named import KIN_WORDS, named
from pipelines.work import late_patterns as re

_SHAPES: tuple[tuple[frozenset[str], Callable[..., Iterator[Candidate]]], ...] = (
    (TONGUE_WORDS, tongue),
    (FAN_WORDS, lasting_fan),
    (FAVOURITE_WORDS, favourite),
    (KIN_WORDS, named),
)

ASIDE_WORDS = AILING_WORDS.union(*(looked_for for looked_for, _frame in _SHAPES))


def asides(said: str, words: frozenset[str], task: "re.Match[str] | None") -> Iterator[Candidate]:
    """`said` is what a sentence states, `task` its order, if any."""
    if may_ail(words):
        yield from read_by(ailing, said, task)
    for looked_for, frame in _SHAPES:
        if not words.isdisjoint(looked_for):
            yield from read_by(frame, said, task)
