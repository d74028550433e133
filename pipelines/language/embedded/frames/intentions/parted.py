"""Partners who have parted, and who has died: "Ana and I broke up", "I'm divorced", "my wife died in May"."""

from collections.abc import Iterator, Sequence

from pipelines.language.embedded.frames.candidate import Candidate
from pipelines.language.embedded.grammar.words import alternatives, word_set
from pipelines.memory.endings import NOT_ALIVE, NOT_WITH
from pipelines.work import late_patterns as re

PARTING_WORDS = word_set(
    "broke broken split divorced divorce separated dumped single left died passed late parted quits put"
)
_SPOUSES = "wife husband"
_PARTNERS = f"{_SPOUSES} partner girlfriend boyfriend fiance fiancee fianc\u00e9 fianc\u00e9e gf bf"
_PARENTS = "mother father mum mom dad grandmother grandfather grandma grandpa"
_NAME = r"(?-i:[A-Z][a-z]+)"
_MINE = rf"(?:my |our )?(?P<who>{alternatives(_PARTNERS)}|{_NAME})(?: {_NAME})?"
_KIN = rf"(?P<who>{alternatives(f'{_PARTNERS} {_PARENTS}')})(?: {_NAME})?"
_LEADS = alternatives("so well sadly unfortunately yeah and but then recently actually update anyway")
_LEAD = rf"\s*(?:(?:{_LEADS}|last \w+|in \w+),? ){{0,2}}"
_JUST = r"(?:(?:just|recently|finally|have|has|'ve|actually|both|sadly|since) ){0,3}"
_THINGS = r"(?! (?:the|an?|our|my|it|this|that|into|with|off)\b)"  # "we split the bill"
_PARTED = rf"(?:(?:broke|broken|split) up|split|separated|(?:got )?divorced|called it quits|parted ways)\b{_THINGS}"


_FOR_GOOD = (
    r"(?=\s*(?:$|[.,;!])| (?:last|this|for|after|\w+ (?:days?|weeks?|months?|years?) ago)\b)"  # not "at the bus"
)


def _begins(pattern: str) -> "re.Pattern[str]":
    return re.compile(_LEAD + pattern, re.IGNORECASE)


_FROM_ONE = (
    _begins(rf"{_MINE} and (?:i|me) {_JUST}{_PARTED}"),
    _begins(rf"me and {_MINE} {_JUST}{_PARTED}"),
    _begins(rf"me and (?P<who>[a-z]{{3,12}}) {_JUST}{_PARTED}"),  # a name in small letters
    _begins(rf"(?P<who>[a-z]{{3,12}}) and (?:i|me) {_JUST}{_PARTED}"),
    _begins(rf"i {_JUST}(?:broke up with|split (?:up )?with|divorced|dumped) {_MINE}"),
    _begins(rf"{_MINE} {_JUST}(?:(?:dumped|divorced|broke up with) me\b|left me{_FOR_GOOD})"),
)
_FROM_ANY = (
    _begins(rf"we {_JUST}{_PARTED}"),
    _begins(r"i(?:'m| am) (?:newly single|single(?: again| now)?\s*(?:[.,!]|$))"),
)
_FROM_SPOUSE = (
    _begins(r"i(?:'m| am| got|'ve been| have been) (?:\w+ )?divorced\b"),
    _begins(r"we(?:'re| are| got) divorced\b"),
    _begins(r"(?:ever )?since (?:my|our) divorce\b"),
)
_DEAD = (
    _begins(rf"my {_KIN} {_JUST}(?:died|passed away)\b"),
    _begins(rf"(?:we|i) {_JUST}(?:had to )?put (?:our |my )?(?:[a-z]+ )?(?P<who>{_NAME}) (?:down|to sleep)\b"),
    re.compile(rf".*\bmy late {_KIN}\b", re.IGNORECASE),
)


def parted(text: str) -> Iterator[Candidate]:
    """Whom the user is no longer together with, or who of them has died: it ends what was said of them before."""
    if found := _first(_DEAD, text):
        yield Candidate("life_context", NOT_ALIVE + found["who"])
    elif found := _first(_FROM_ONE, text):
        yield Candidate("life_context", NOT_WITH + found["who"])
    elif _first(_FROM_SPOUSE, text):
        yield Candidate("life_context", NOT_WITH + " or ".join(_SPOUSES.split()))
    elif _first(_FROM_ANY, text):
        yield Candidate("life_context", NOT_WITH + " or ".join(_PARTNERS.split()))


def still_stands(candidate: Candidate, ending: str) -> bool:
    """Whether it may be told beside an ending: "we had to put our dog Rex down" tells of no dog any more."""
    if candidate.category != "relationship" or "passed away" in candidate.value or "died" in candidate.value:
        return True
    return set(ending.lower().split()).isdisjoint(candidate.value.lower().partition(":")[0].split())


def _first(shapes: Sequence["re.Pattern[str]"], text: str) -> "re.Match[str] | None":
    return next((found for shape in shapes if (found := shape.match(text))), None)
