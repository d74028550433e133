"""Where the user lives, told by the way: "from Denver where I live", "the humidity here in Izmir"."""

from collections.abc import Iterator

from pipelines.language.embedded.frames.candidate import Candidate
from pipelines.language.embedded.grammar.places import KNOWN_PLACES
from pipelines.language.embedded.grammar.words import alternatives
from pipelines.work import late_patterns as re

PLACE_WORDS = frozenset(["here", "where"])
_NAMED = rf"((?:(?-i:[A-Z][\w'.-]+)(?: (?-i:[A-Z][\w'.-]+)){{0,2}}|{KNOWN_PLACES}\b)(?:, (?-i:[A-Z][\w-]+))?)"
_WHERE_I_LIVE = re.compile(
    rf"\b(?:in|from|near|around|to) {_NAMED},? (?:which is |that's )?where (?:i|we) (?:now |both |all )?live\b",
    re.IGNORECASE,
)
_FROM_WHERE = re.compile(
    rf"\b(?:in|to) {_NAMED}, (?:\w+ ){{0,4}}?(?:from|near|around) where (?:i|we) live\b", re.IGNORECASE
)
_HERE = re.compile(rf"(?:^|[^\w'-])here (?:in|around|near) {_NAMED}(?=$|[\s,.!?;:)])(?! ?\d)", re.IGNORECASE)
_ON_A_VISIT = alternatives(
    "visit(s) visiting trip vacation holiday(s) hotel hostel airbnb flight flew fly airport tour tourist tourists stay "
    "staying travel travelling traveling landed arrived layover conference honeymoon weekend back_here was were"
)
_NOT_AT_HOME = re.compile(
    rf"\b{_ON_A_VISIT}\b|\b(?:i'?m|i am|we'?re|we are|you'?re|he'?s|she'?s|they'?re|who|get|got|come|came|brought|"
    r"stuck|being|up|down|over|out) (?:\w+ )?here (?:in|around|near)\b",
    re.IGNORECASE,
)


def where_i_live(text: str) -> Iterator[Candidate]:
    """ "Leaving from Denver where I live"; "in Lyon, five minutes from where we live"."""
    found = _WHERE_I_LIVE.search(text) or _FROM_WHERE.search(text)
    if found:
        yield Candidate("location", found.group(1))


def here(text: str) -> Iterator[Candidate]:
    """ "Here in Izmir the humidity is 75 %", said by who lives there, unless of a journey."""
    found = _HERE.search(text)
    if found and not _NOT_AT_HOME.search(text):
        yield Candidate("location", found.group(1))


def placed(text: str) -> Iterator[Candidate]:
    """Either of them."""
    yield from list(where_i_live(text)) or here(text)
