"""Sentences that say what somebody is without "I am", told again with it: "As someone who works nights, I ..."."""

from collections.abc import Iterator
from typing import NamedTuple

from pipelines.language.embedded.grammar.lexicon import MONTHS
from pipelines.language.embedded.grammar.words import alternatives
from pipelines.work import late_patterns as re

_WORDS = r"[^,.;:!?()\x01]"
_PHRASE = rf"({_WORDS}{{3,80}}?)"
_ASKING = r"(?:how|what|which|when|where) (?:\w+ ){0,2}?(?:do|can|should|could|would|am) "
_BY_ME = rf",?\s+(?:{_ASKING})?(?:i|i'm|i've|i'd|i'll|my|we)\b"
_PLACE = r"(?-i:([A-Z][\w'-]+(?: [A-Z][\w'-]+){0,2}))"
_DONE = alternatives("been retired moved lived worked grown studied taught quit stopped given")
_NO_PLACES = alternatives(
    "This That It He She There Where What Here Everything My Our Your His Her Their Who How Nothing"
)
_NO_STATES = r"(?:honest|fair|serious|able|that|said)\b"
_NO_PURSUITS = r"(?:there|wondering|thinking|trying)\b"
_AILMENTS = alternatives(
    "ibs adhd add asd asthma eczema psoriasis arthritis diabetes migraines insomnia tinnitus dyslexia epilepsy "
    "endometriosis pcos sciatica hypertension lupus fibromyalgia scoliosis celiac coeliac reflux gout rsi ptsd ocd"
)
_ON_A_DAY = rf"(?: on| in| at the (?:end|start|beginning) of) (?:the )?(?:\d+(?:st|nd|rd|th)? (?:of )?)?{MONTHS}\b"


_DEGREE = rf"an? {_WORDS}{{0,30}}?(?:degree|phd|master's|apprenticeship|diploma){_WORDS}{{0,60}}?"
_IS_SAID = r".*\b(?:is|are|was|can|will|takes|sounds|seems|needs|requires|means)\b"  # "doing a degree in law is hard"


_WORKS = alternatives(
    "app website game novel book memoir thesis screenplay blog podcast newsletter bot chatbot robot library plugin "
    "extension crate compiler synth keyboard treehouse greenhouse shed boat cabin telescope album board_game campaign "
    "weather_station dashboard cookbook"
)
_SPORTS = alternatives("bouldering climbing swimming running cycling rowing yoga pilates boxing dancing hiking surfing")
_TIMES = r"once|twice|(?:\d|two|three|four|five|six)(?: ?x| times| days)"
_STUDIED_FOR = re.compile(
    r"\bfor my (phd|doctorate|master's|masters|bachelor's|bachelors|mba|msc|degree)"
    rf"( (?:degree|thesis|dissertation|research|project))? (in|on) ({_WORDS}{{3,60}})",
    re.IGNORECASE,
)
_DEGREES = frozenset(["phd", "doctorate", "master's", "masters", "bachelor's", "bachelors", "mba", "msc", "degree"])


class _Shape(NamedTuple):
    """How a sentence that says so begins, and what it says in the first person."""

    said: "re.Pattern[str]"
    told: str


def _shape(pattern: str, told: str) -> _Shape:
    return _Shape(re.compile(rf"\s*(?:(?:so|and|but|well|hi|hey|hello)[,!]? )?{pattern}", re.IGNORECASE), told)


_AS_ONE_WHO = r"(?:speaking )?as (?:someone|somebody|a person) (?:who|that)"
_SHAPES = (
    _shape(rf"{_AS_ONE_WHO}(?:'s| is| am) {_PHRASE}{_BY_ME}", "I am {}."),
    _shape(rf"{_AS_ONE_WHO}(?:'s| has) been {_PHRASE}{_BY_ME}", "I have been {}."),
    _shape(rf"{_AS_ONE_WHO} ((?!is\b|has\b|was\b)[a-z]+s\b{_WORDS}{{2,80}}?){_BY_ME}", "I {}."),
    _shape(rf"being (?!{_NO_STATES}){_PHRASE}{_BY_ME}", "I am {}."),
    _shape(rf"having ({_DONE}\b{_WORDS}{{3,80}}?){_BY_ME}", "I have {}."),
    _shape(rf"based (?:out )?(?:in|near|outside) {_PLACE}(?=,|\.|;|!|$| and\b| so\b| but\b)", "I am based in {}."),
    _shape(rf"(?:over|back) here in {_PLACE}\b", "I am based in {}."),
    _shape(
        rf"been ((?!{_NO_PURSUITS})[a-z]+ing\b{_WORDS}{{3,60}}? for (?:like |about |over |almost |nearly )?"
        r"[\w-]+ (?:years|yrs|months|decades))",
        "I have been {}.",
    ),
    _shape(rf"(?:with|because of|due to) my ({_AILMENTS})\b", "I have {}."),
    _shape(r"(?:ever )?since (?:my|our) divorce\b", "I am divorced."),  # "the" may be one's parents'
    _shape(rf"(?:currently|now|just) ((?:re)?training as an? {_WORDS}{{3,60}})", "I am {}."),
    _shape(
        rf"(?:yeah,? |side (?:project|thing): ?)?(building|making|writing|developing|coding|designing|working on) "
        rf"(?=(?:an?|my|our) )(?!{_IS_SAID})({_WORDS}{{0,40}}?\b{_WORKS}\b{_WORDS}{{0,60}})",
        "I'm {} {}.",
    ),
    _shape(
        rf"(?:going |doing )?({_SPORTS}),? (?:{_TIMES}) (?:a|per|every) week\b(?!{_IS_SAID})", "I go {} every week."
    ),
    _shape(rf"doing ({_DEGREE})(?= while| and| alongside|[,.;]|$)(?!{_IS_SAID})", "I am doing {}."),
    _shape(rf"greetings from (an? [a-z]{_WORDS}{{3,60}})", "I am {}."),
    _shape(rf"moving to {_PLACE}(?: with (?:my|our) [a-z -]+?)?({_ON_A_DAY})", "I am moving to {}{}."),
)
_OPENINGS = (
    *("as", "speaking", "being", "having", "based", "over", "back", "been", "with", "because", "due", "since", "ever"),
    *("currently", "now", "just", "doing", "greetings", "moving", "so", "and", "but", "well", "hi", "hey", "hello"),
    *("building", "making", "writing", "developing", "coding", "designing", "working on", "side", "yeah", "going"),
    *("bouldering", "climbing", "swimming", "running", "cycling", "rowing", "yoga", "pilates", "boxing", "dancing"),
    *("hiking", "surfing"),
)
_HOME = re.compile(
    rf"(?:^|[,;] |\b(?:and|but|-) )(?!{_NO_PLACES}\b)([A-Z][\w'-]+(?: [A-Z][\w'-]+)?) (?:is|'s) "
    r"(?:my |our )?home\b(?! to\b|\w)"
)


def recast(text: str, words: frozenset[str]) -> Iterator[str]:
    """What the sentence says of its author, each as a sentence that begins with "I"."""
    if text[:10].lower().startswith(_OPENINGS):
        for shape in _SHAPES:
            if said := shape.said.match(text):
                yield shape.told.format(*said.groups())
    if not words.isdisjoint(_DEGREES) and (studied := _STUDIED_FOR.search(text)):
        degree, written, about, what = studied.groups("")
        yield (
            f"I'm doing a {degree} {about} {what}."
            if not written
            else f"I'm writing a {degree}{written} {about} {what}."
        )
    if "home" in words and (home := _HOME.search(text)):
        yield f"I live in {home[1]}."
