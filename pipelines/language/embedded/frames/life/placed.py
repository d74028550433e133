"""Where the user lives, told by the way: "from Denver where I live", "the humidity here in Izmir"."""

from collections.abc import Iterator

from pipelines.language.embedded.frames.candidate import Candidate
from pipelines.language.embedded.grammar.places import KNOWN_PLACES
from pipelines.language.embedded.grammar.words import alternatives, word_set
from pipelines.work import late_patterns as re

_HOMES = "flat apartment apt condo house studio basement bungalow cottage room dorm loft bedsit"
PLACE_WORDS = word_set(f"here where landlord landlady greetings hello hi morning evening {_HOMES}")
_NAMED = rf"((?:(?-i:[A-Z][\w'.-]+)(?: (?-i:[A-Z][\w'.-]+)){{0,2}}|{KNOWN_PLACES}\b)(?:, {KNOWN_PLACES}\b)?)"
_WHERE_I_LIVE = re.compile(
    rf"\b(?:in|at|from|near|around|to) {_NAMED},? (?:which is |that's )?where (?:i|we) (?:now |both |all )?live\b",
    re.IGNORECASE,
)
_NEAR_WHERE = re.compile(
    rf"\b(?:in|to) {_NAMED}, (?:\w+ ){{0,4}}?(?:from|near|around) where (?:i|we) live\b", re.IGNORECASE
)
_AROUND_HERE = re.compile(rf"(?:^|[^\w'-])here (?:in|around|near) {_NAMED}(?=$|[\s,.!?;:)])(?! ?\d)", re.IGNORECASE)
_MY_HOME = re.compile(
    rf"\b(?:(?:my|our)(?: (?!old\b|first\b|former\b|last\b|previous\b|next\b|parents\b|holiday\b|summer\b|own\b)\w+)? "
    rf"(?:{'|'.join(_HOMES.split())}|landlord|landlady)|"
    rf"i(?:'m| am)? (?:rent|renting|pay \S+(?: a month| monthly)? for) (?:an?|the|my) (?:\w+ )?"
    rf"(?:{'|'.join(_HOMES.split())})) in {_NAMED}",
    re.IGNORECASE,
)
_GREETS = re.compile(
    rf"\W*(?:greetings|hello|hi|good (?:morning|evening|afternoon))(?: \w+)? from (?:\w+ )?{_NAMED}\W*$", re.IGNORECASE
)
_ON_A_VISIT = alternatives(
    "visit(s) visiting trip vacation holiday(s) hotel hostel airbnb flight flew fly airport tour tourist tourists stay "
    "staying travel travelling traveling landed arrived layover conference honeymoon weekend back_here was were"
)
_ON_THE_WAY = alternatives(
    "i'm im i_am we're we_are you're you_are he's she's they're they_are who get got come came brought stuck being up "
    "down over out"
)
_NOT_AT_HOME = re.compile(
    rf"\b{_ON_A_VISIT}\b|\b{_ON_THE_WAY} (?:\w+ )?here (?:in|around|near)\b",
    re.IGNORECASE,
)


def where_i_live(text: str) -> Iterator[Candidate]:
    """ "Leaving from Denver where I live"; "in Lyon, five minutes from where we live"."""
    found = _WHERE_I_LIVE.search(text) or _NEAR_WHERE.search(text)
    if found:
        yield Candidate("location", found.group(1))


def here(text: str) -> Iterator[Candidate]:
    """ "Here in Izmir the humidity is 75 %", said by who lives there, unless of a journey."""
    found = _AROUND_HERE.search(text)
    if found and not _NOT_AT_HOME.search(text):
        yield Candidate("location", found.group(1))


def at_home(text: str) -> Iterator[Candidate]:
    """ "My landlord in Porto wants cash"; "I rent a room in Ghent"; "Good morning from rainy Osaka"."""
    found = _MY_HOME.search(text) or _GREETS.match(text)
    if found and not _NOT_AT_HOME.search(text):
        yield Candidate("location", found.group(1))


def placed(text: str) -> Iterator[Candidate]:
    """The first of them."""
    yield from list(where_i_live(text)) or list(at_home(text)) or here(text)
