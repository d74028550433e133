"""Where the user lives, told by the way: "from Denver where I live", "the humidity here in Izmir"."""

from collections.abc import Iterator

from pipelines.language.embedded.frames.candidate import Candidate
from pipelines.language.embedded.grammar.places import known_at
from pipelines.language.embedded.grammar.words import alternatives, word_set
from pipelines.work import late_patterns as re

_HOMES = "flat apartment apt condo house studio basement bungalow cottage room dorm loft bedsit"
_HOME_WORDS = word_set(f"landlord landlady {_HOMES}")
_OWNED_OR_LET = word_set("my our rent renting pay")
_GREETINGS = word_set("greetings hello hi morning evening afternoon")
_TOWARDS = frozenset(["in", "around", "near"])
_NAME = r"[A-Z][\w'.-]+(?: [A-Z][\w'.-]+){0,2}"
_CAPITALISED = re.compile(_NAME)
_WHERE_I_LIVE = re.compile(
    r"(?:.*\b)?(?:in|at|from|near|around|to) (?P<where>[^.;!?()\x01]{2,40}?),? (?:which is |that's )?"
    r"where (?:i|we) (?:now |both |all )?live\b",
    re.IGNORECASE,
)
_NEAR_WHERE = re.compile(
    rf"\b(?:in|to) (?P<where>(?-i:{_NAME})(?:, (?-i:[A-Z][\w-]+))?),"
    r" (?:\w+ ){0,4}?(?:from|near|around) where (?:i|we) live\b",
    re.IGNORECASE,
)
_AROUND_HERE = re.compile(r"(?:^|[^\w'-])here (?:in|around|near) (?P<where>[^.;!?()\x01]{2,40})", re.IGNORECASE)
_OTHER_HOMES = alternatives("old first former last previous next parents holiday summer own")
_A_HOME = alternatives(_HOMES)
_MY_HOME = re.compile(
    rf"\b(?:(?:my|our)(?: (?!{_OTHER_HOMES}\b)\w+)? (?:{_A_HOME}|landlord|landlady)|"
    rf"i(?:'m| am)? (?:rent|renting|pay \S+(?: a month| monthly)? for) (?:an?|the|my) (?:\w+ )?{_A_HOME})"
    r" in (?P<where>[^.;!?()\x01]{2,40})",
    re.IGNORECASE,
)
_WEATHERS = alternatives("rainy sunny cold hot snowy grey gray windy foggy warm freezing beautiful lovely wet dark")
_GREETS = re.compile(
    r"\W*(?:greetings|hello|hi|good (?:morning|evening|afternoon))(?: \w+)? from "
    rf"(?:{_WEATHERS} )?(?P<where>[\w' -]{{2,40}})\W*$",
    re.IGNORECASE,
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


def place_named(text: str) -> str:
    """The place with which `text` begins, in capitals or known in small letters; "" where it names none."""
    named = _CAPITALISED.match(text)
    if not named:
        return known_at(text.split()[:4])
    number_follows = text[named.end() : named.end() + 2].strip()[:1].isdigit()  # "Chapter 3"
    return "" if number_follows else named.group()


def where_i_live(text: str) -> Iterator[Candidate]:
    """ "Leaving from Denver where I live"; "in Lyon, five minutes from where we live"."""
    found = _WHERE_I_LIVE.match(text)
    name = place_named(found["where"]) if found else ""
    if not name and (found := _NEAR_WHERE.search(text)):
        name = found["where"]
    if name:
        yield Candidate("location", name)


def at_home(text: str) -> Iterator[Candidate]:
    """ "My landlord in Porto wants cash"; "I rent a room in Ghent"; "Good morning from rainy Osaka"."""
    yield from _said_of_home(_MY_HOME.search(text) or _GREETS.match(text), text)


def here(text: str) -> Iterator[Candidate]:
    """ "Here in Izmir the humidity is 75 %", said by who lives there, unless of a journey."""
    yield from _said_of_home(_AROUND_HERE.search(text), text)


def _said_of_home(found: "re.Match[str] | None", text: str) -> Iterator[Candidate]:
    name = place_named(found["where"]) if found else ""
    if name and not _NOT_AT_HOME.search(text):
        yield Candidate("location", name)


def may_be_placed(words: frozenset[str]) -> bool:
    """Whether a sentence with these words may say where its author lives. Patterns are tried only where it may."""
    if "here" in words or "where" in words:
        return "live" in words or not words.isdisjoint(_TOWARDS)
    return _of_a_home(words) or _greets(words)


def _of_a_home(words: frozenset[str]) -> bool:
    return "in" in words and not words.isdisjoint(_HOME_WORDS) and not words.isdisjoint(_OWNED_OR_LET)


def _greets(words: frozenset[str]) -> bool:
    return "from" in words and not words.isdisjoint(_GREETINGS)


def placed(text: str, words: frozenset[str]) -> Iterator[Candidate]:
    """The first of them."""
    told = list(where_i_live(text)) if "where" in words and "live" in words else []
    if not told and (_of_a_home(words) or _greets(words)):
        told = list(at_home(text))
    yield from told or (here(text) if "here" in words else ())
