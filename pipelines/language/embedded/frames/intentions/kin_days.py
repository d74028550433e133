"""Days of the family, and events that are named with their day only: "my sister gets married on 11 December"."""

from collections.abc import Iterator, Sequence

from pipelines.contract import Category
from pipelines.language.embedded.frames.candidate import Candidate, read_by
from pipelines.language.embedded.frames.intentions.ahead import CALENDAR_WORDS, ahead
from pipelines.language.embedded.grammar.lexicon import ELDERS, FAMILY, MONTHS, SEASONS
from pipelines.language.embedded.grammar.stating import is_stated, task_of
from pipelines.language.embedded.grammar.words import alternatives, word_set
from pipelines.work import late_patterns as re

_MONTH_NAMES = alternatives("january february march april may june july august september october november december")
_DAY = (
    rf"(?:on )?(?:the )?\d{{1,2}}(?:st|nd|rd|th)?(?: of)? {MONTHS}\b(?:,? \d{{4}}| next year)?|"
    rf"(?:on )?{_MONTH_NAMES} "
    r"(?:the )?\d{1,2}(?:st|nd|rd|th)?\b(?:,? \d{4})?"
)
_WHEN = rf"(?:{_DAY}|(?:in|at|next) (?:early |late )?(?:{MONTHS}|{SEASONS})\b(?: \d{{4}}| next year)?)"
_KIN = alternatives(" ".join(sorted(FAMILY | ELDERS)))
_NO_NAMES = alternatives(
    "would will is was has and who also just never might could should may can turns turn gets are starts finally"
)
_AGES = alternatives("older younger little big elder eldest oldest youngest twin")
_WHO = rf"(?P<who>(?:{_AGES} )?{_KIN}(?: (?!{_NO_NAMES}\b)[\w'-]+)?)"
_NUMBERS = alternatives("five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen eighteen")
_AGE = rf"(?:\d{{1,3}}|{_NUMBERS})"
_STARTS = alternatives("school kindergarten nursery preschool university uni college work daycare barnehage kita")
_MARRIES = re.compile(
    rf"\b(?:my|our) {_WHO},? (?:is getting|'s getting|gets|is going to get|will get|are getting|get) "
    rf"(?P<what>married)\b(?P<where>(?: in (?-i:[A-Z])\w+)?) (?P<when>{_WHEN})(?P<rest>(?: in \w+)?)",
    re.IGNORECASE,
)
_TURNS = re.compile(
    rf"\b(?:my|our) {_WHO}(?:,? (?:he|she)(?='s))?,? ?(?:turns?|is turning|will be|will turn|'s turning|is|'s)"
    rf" (?P<age>{_AGE})(?: years old)? (?P<when>{_WHEN})",
    re.IGNORECASE,
)
_BEGINS = re.compile(
    rf"\b(?:my|our) {_WHO} (?P<what>(?:starts?|begins?|finishe?s?|leaves?) {_STARTS}|graduates?|retires?|is due|"
    rf"comes? home|moves? (?:out|in|to (?-i:[A-Z])\w+)) (?P<when>{_WHEN})",
    re.IGNORECASE,
)
_FEASTS = alternatives("wedding anniversary birthday jubilee silver_wedding golden_wedding diamond_wedding graduation")
_CELEBRATES = re.compile(
    rf"\b(?:i|we)(?:'re|'m| are| am|'ll| will)? celebrat(?:e|ing) (?:my|our) (?P<what>(?:[\w-]+ ){{0,2}}{_FEASTS})"
    rf"(?: together)? (?P<when>{_WHEN})",
    re.IGNORECASE,
)
_EXPECTED = re.compile(
    rf"\b(?:pregnant|expecting|baby|twins)\b[^.;!?\x01]{{0,40}}?\bdue (?:date is |date )?(?P<when>{_WHEN})",
    re.IGNORECASE,
)
_YEARS_KEPT = re.compile(
    rf"(?:^|[,;] )(?P<what>\d{{1,2}} years (?:married|sober|clean|together)) (?P<when>{_WHEN})", re.IGNORECASE
)
_EVENTS = alternatives(
    "wedding viva interview surgery operation recital hearing court_date graduation due_date driving_test defence "
    "defense scan moving_day citizenship_test audition christening baptism"
)
_EVENT_ON_A_DAY = re.compile(
    r"\s*(?:and |so |also |ok |btw )?(?:the |our |my )?(?P<what>"
    rf"(?:(?!not\b|no\b|a\b|was\b)[\w-]+ ){{0,2}}?exam|(?:(?:product|book|site|website|app|album|shop) )?launch|"
    rf"(?:(?!not\b|no\b|a\b)(?-i:[a-z])[\w-]* ){{0,2}}?{_EVENTS})"
    rf"(?: date)?(?: is|'s| are| falls)? (?P<when>{_DAY})\s*(?:$|[.!,;]|(?:and|so|but)\b)",
    re.IGNORECASE,
)
_OF_THE_TWO = re.compile(
    r"(?:\b(?:i|i'm|im|we|we're|our|wife|partner|girlfriend)\b|^\s*(?:the )?(?:baby|twins))", re.IGNORECASE
)
_BABY_OF_OTHERS = re.compile(
    r"\b(?:she|he|they|her|friend|story|neighbou?r|colleague|boss|cousin|sister|aunt)\b", re.IGNORECASE
)
DAY_WORDS = word_set(
    "married turns turn turning due celebrate celebrating years starts start begins begin finishes graduates retires "
    "is will exam wedding viva interview surgery operation launch recital deadline flight hearing court graduation "
    "driving defence defense scan moving citizenship audition christening baptism moves comes leaves he's she's "
    "wedding's exam's launch's flight's"
)
_PLANS = frozenset[Category](["commitment", "decision", "date"])


def of_days(said: str, words: frozenset[str], found: Sequence[Candidate], *, alone: bool) -> Iterator[Candidate]:
    """What a sentence that states `said` plans for a time that it names, and what falls on a day."""
    if not said or words.isdisjoint(CALENDAR_WORDS):
        return
    told = {each.category for each in found}
    if told.isdisjoint(_PLANS):
        yield from read_by(ahead, said, words)
    if "date" not in told and not words.isdisjoint(DAY_WORDS):
        stated = is_stated(f"{said} - ", len(said) + 3, task_of(said, words))
        yield from read_by(kin_and_own_events if alone else kin_events, said) if stated else ()


def kin_events(text: str) -> Iterator[Candidate]:
    """`text` is what a sentence states."""
    if found := _MARRIES.search(text):
        yield _date(f"{found['who']} getting married{found['where']}", found["when"] + found["rest"])
    elif found := _TURNS.search(text):
        yield _date(f"{found['who']} turns {found['age']}", found["when"])
    elif found := _BEGINS.search(text):
        yield _date(f"{found['who']} {found['what']}", found["when"])
    elif found := _CELEBRATES.search(text) or _YEARS_KEPT.search(text):
        yield _date(found["what"], found["when"])
    elif (found := _EXPECTED.search(text)) and _OF_THE_TWO.search(text) and not _BABY_OF_OTHERS.search(text):
        yield _date("baby due", found["when"])


def kin_and_own_events(text: str) -> Iterator[Candidate]:
    """`text` is of a short message, whose events are the user's: "launch is 17 February"."""
    of_kin = [*kin_events(text)]
    yield from of_kin
    if not of_kin and (found := _EVENT_ON_A_DAY.match(text)):
        yield _date(found["what"], found["when"])


def _date(what: str, when: str) -> Candidate:
    return Candidate("date", f"{what} {when}", when)
