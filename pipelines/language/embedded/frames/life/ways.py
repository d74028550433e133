"""Ways to live that one says in a clause of one's own: "I went vegan", "I've lived alone since ...", "a year sober"."""

from collections.abc import Iterator

from pipelines.language.embedded.frames.candidate import Candidate
from pipelines.language.embedded.grammar.clause import Clause
from pipelines.language.embedded.grammar.lexicon import ELDERS, FAMILY
from pipelines.language.embedded.grammar.phrases import noun_phrase
from pipelines.language.embedded.grammar.words import alternatives
from pipelines.work import late_patterns as re

_DIETS = alternatives(
    "vegan veggie vegetarian pescatarian plant-based plant_based teetotal gluten-free gluten_free dairy-free "
    "dairy_free sugar-free"
)
_AFTER = alternatives(
    "since in last this at when because for and about around over after as so to with just a(n) two three four five "
    "six seven eight ten some few many several years recently"
)
_TURNED = re.compile(
    rf"\s*(?:(?:fully|completely|totally|full|strictly|a) )?({_DIETS})(?=\W*$|[,.;!)]| \d| {_AFTER}\b)(.*)",
    re.IGNORECASE,
)
_FOR_A_WHILE = re.compile(
    r"\b(?:but|until|till|back then|briefly|once|"
    r"for (?:an?|one|two|three|\w+ty|\d+|lent|the (?:day|week|month|summer))|"
    r"in (?:january|lent)|food|recipe|option|restaurant)\b",
    re.IGNORECASE,
)


def turned(clause: Clause) -> Iterator[Candidate]:
    """I became vegan three years ago; I've gone vegetarian; I turned plant-based in 2020."""
    found = _TURNED.match(clause.rest)
    if not found or clause.negated or clause.unreal or clause.modal or not (clause.past or clause.perfect):
        return
    if not clause.was and not _FOR_A_WHILE.search(found.group(2)):
        yield Candidate("life_context", {"veggie": "vegetarian"}.get(found.group(1).lower(), found.group(1).lower()))


_BY_ONESELF = re.compile(
    r"\s*(?:all |completely |totally )?(?:alone|by myself|on my own|all by myself)\b(.*)", re.IGNORECASE
)
_SINCE = re.compile(r"\b(?:since|for (?:\w+ ){1,3}(?:years?|months?|decades?)|ever since)\b", re.IGNORECASE)
_NO_HOME = re.compile(r"\s*(?:with (?:it|this|that|my (?:thoughts|pain|grief))|in (?:my head|this world|fear)|or\b)")
_KIN_PATTERN = "|".join(sorted(map(re.escape, FAMILY | ELDERS), key=len, reverse=True))
_WITH_KIN = re.compile(
    rf"\s*(?:here |at home |still |together |in (?-i:[A-Z])\w+ |back )?(?:with )((?:(?:my|our) )(?:[\w'-]+ ){{0,2}}?"
    rf"(?:{_KIN_PATTERN})\b(?:(?:,| and|, and)(?: my| our)?(?: \w+)? (?:{_KIN_PATTERN})\b)*)(?!')",
    re.IGNORECASE,
)
_OURS = re.compile(r"\b(?:my|our) ", re.IGNORECASE)
_NOT_THERE = re.compile(r"\b(?:ex|late|former)\b|\bold\b", re.IGNORECASE)


def household(clause: Clause) -> Iterator[Candidate]:
    """I live alone; I've been living on my own since March; I live with my mum and brother."""
    if clause.negated or clause.unreal or clause.past or clause.modal or clause.was or clause.who != "i":
        return
    if clause.perfect and not _SINCE.search(clause.rest):
        return
    if (alone := _BY_ONESELF.match(clause.rest)) and not _NO_HOME.match(alone.group(1)):
        yield Candidate("life_context", "lives alone")
    elif (kin := _WITH_KIN.match(clause.rest)) and not _NOT_THERE.search(kin.group(1)):
        yield Candidate("life_context", f"lives with {_OURS.sub('', kin.group(1))}")


_COUNT = r"(?:(?:about|over|nearly|almost|around|just|now) )?(?:\d+|an?|[a-z]+(?:teen|ty)?)(?: and a half)?"
_SUBSTANCES = alternatives(
    "drink booze alcohol sauce cigarettes cigs smokes fags weed drugs gambling heroin opioids pills"
)
_SOBER = re.compile(
    rf"\s*(?:{_COUNT} (?:days?|weeks?|months?|years?) )?(?P<how>sober|clean and sober|off (?:the )?{_SUBSTANCES})\b"
    r"(?! (?:enough|right now|tonight|yet|today|this|for (?:a|the|lent))\b)|"
    rf"\s*{_COUNT} (?:days?|weeks?|months?|years?) (?P<clean>clean)\b",
    re.IGNORECASE,
)


def sober(clause: Clause) -> Iterator[Candidate]:
    """I'm 90 days sober; I'm fifteen months off the drink; I've been clean for two years."""
    found = _SOBER.match(clause.rest)
    if found and not (clause.negated or clause.unreal or clause.modal or clause.past or clause.was):
        yield Candidate("life_context", found["how"] or "sober")


SOBER_WORDS = frozenset(["sober", "clean"])
_COUNTED_DAYS = re.compile(
    rf"\s*(?:(?:and|so|well|yes|yeah|hi|hey)[,!]? )?{_COUNT} (?:days?|weeks?|months?|years?) (?:clean and )?"
    r"(?:sober|clean)(?: (?:today|now|and counting|yesterday|tomorrow|this \w+))?\s*(?:[,.!]|$)",
    re.IGNORECASE,
)


def counts_sober_days(text: str) -> Iterator[Candidate]:
    """ "90 days sober today", without a subject."""
    if _COUNTED_DAYS.match(text):
        yield Candidate("life_context", "sober")


_FOUND_ILL = re.compile(r"\s*(?:\w+ly |just )?diagnosed with (.+)", re.IGNORECASE)


def diagnosed(clause: Clause) -> Iterator[Candidate]:
    """I got diagnosed with coeliac disease in May."""
    found = _FOUND_ILL.match(clause.rest)
    if found and clause.form in {"got", "gotten"} and not clause.negated and not clause.unreal:
        yield Candidate("life_context", f"diagnosed with {noun_phrase(found.group(1), 6)}")


_WEEKS = re.compile(
    r"\s*(?:(?:about|around|only|just|almost|nearly|over) )?[\w.]+ (?:weeks|months) pregnant\b", re.IGNORECASE
)


def expecting(clause: Clause) -> Iterator[Candidate]:
    """I'm 9 weeks pregnant."""
    if _WEEKS.match(clause.rest) and not (clause.negated or clause.unreal or clause.modal or clause.past or clause.was):
        yield Candidate("life_context", "pregnant")


_SICK = re.compile(r"\s*(?:\w+ ){0,3}?((?:sea|car|air|travel|motion)[ -]?sick)(?:ness)?\b", re.IGNORECASE)


def travel_sick(clause: Clause) -> Iterator[Candidate]:
    """I get horribly seasick."""
    found = _SICK.match(clause.rest)
    if found and clause.form == "get" and not (clause.negated or clause.unreal or clause.modal):
        yield Candidate("life_context", f"gets {found[1].lower()}")
