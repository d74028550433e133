"""What the user calls the assistant: "I'll call you Max", "your name is Max from now on"."""

from collections.abc import Iterator

from pipelines.language.embedded.frames.candidate import Candidate
from pipelines.language.embedded.grammar.words import alternatives, word_set
from pipelines.memory.wishes import CALLS_YOU
from pipelines.work import late_patterns as re

_INTENTIONS = alternatives(
    "i'll i_will i'm_going_to i_am_going_to i'd_like_to i_want_to i'm_gonna let_me i've_decided_to i"
)
_NAMING = re.compile(
    rf"\b(?:{_INTENTIONS}(?: just)? (?:call|name) you|i(?:'ve)? named you|"
    rf"your (?:new )?name (?:is|will be|shall be|is going to be)(?: now)?)\s+(?-i:([A-Z][\w'-]{{1,20}}))"
    rf"(?=\s*(?:[.,!;:)\n]|$|from now on\b|ok(?:ay)?\b|now\b|and\b|if\b|because\b|since\b))",
    re.IGNORECASE,
)
_SCENE = word_set(
    "act acting pretend pretending roleplay role character imagine story scene play playing novel game simulate "
    "assistant's you're are respond translator captain"
)  # with one of these, a name belongs to a part that is to be played


def assistant_name(text: str, words: frozenset[str]) -> Iterator[tuple[Candidate, int, int]]:
    """The assistant's name in a plain message, with the span that gives it."""
    if words.isdisjoint(_SCENE) and (found := _NAMING.search(text)):
        yield Candidate("preference", CALLS_YOU + found.group(1)), found.start(), found.end()
