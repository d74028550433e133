"""How pursuits, preferences, projects and decisions are told, once they are read."""

from pipelines.language.embedded.frames.candidate import Candidate
from pipelines.language.embedded.frames.open_frames.being import NATIONS
from pipelines.language.embedded.grammar.foods import is_food
from pipelines.language.embedded.grammar.lexicon import LEMMAS, MONTHS
from pipelines.language.embedded.grammar.words import alternatives
from pipelines.language.embedded.judging.cut_off import goes_on, made_whole
from pipelines.language.embedded.judging.lasting.likings import as_liked
from pipelines.language.embedded.judging.shapes import (
    feels,
    is_gerund,
    phrase_objection,
    trimmed,
    uncompared,
    unmeasured,
    unpraised,
)
from pipelines.language.embedded.judging.stumps import points, words_of
from pipelines.language.embedded.judging.tastes import HARDLY
from pipelines.work import late_patterns as re

_DAY_PARTS = alternatives("morning(s) evening(s) afternoon(s) weekend(s) summer(s) winter(s)")
_HABIT_TAIL = re.compile(
    r"(?<!\s)\s+(?:(?:at|in) (?:my|our) .*|"
    rf"(?:in|on|during) the {_DAY_PARTS}|every .*|"
    r"(?:once|twice|three times) a .*|on \w+days?|most \w+)$"
)


_MORE = re.compile(r"(?<!\s)\s+and (?:the|my|it|a|i)\b.*")  # "from Leeds and the drive is long"
_FROM_SIZE = re.compile(
    rf"^from (?={alternatives('small big tiny large little quiet rural city town village farm')}\b)"
)
_NEARBY = re.compile(r"\shere ((?:in|at) )")
_MORE = re.compile(
    r"(?:\s(?:a lot|a bit|slightly|much|way))?\s(?:more|better|instead)(?:,.*)?$|\s(?:a lot|slightly|much)$"
)


def as_interest(candidate: Candidate, sentence: str) -> Candidate:
    """The plain name of what is liked; what is eaten or drunk is a preference."""
    candidate = candidate._replace(value=as_liked(made_whole(_pursuit(candidate.value, sentence), sentence), sentence))
    return _eaten(candidate) or candidate


def _pursuit(value: str, sentence: str) -> str:
    """The plain name of what is liked: no praise, no comparison, no amount, no reason."""
    value = _OF_A_GROUP.sub(r" in a \1", value)
    return _plain(unmeasured(unpraised(uncompared(_HABIT_TAIL.sub("", value)))), sentence)


_OF_A_GROUP = re.compile(  # "singing bass in the choir of St. Mary's": which one is the talk's
    r" in (?:the|my|our) ((?:(?:church|school|local|village|works|gospel|community) )?(?:choir|band|orchestra))\b.*"
)


_PROPER = re.compile(rf"(?:{NATIONS})$|I\b|.*[A-Z].*[A-Z]|.*['\u2019]s$")
_EATING = re.compile(r"(?:eating|drinking|having) (?=\w)")
_SERVED = re.compile(r"\s(?:for|in|at|from)\s")


def _eaten(candidate: Candidate) -> Candidate | None:
    """A liking for something to eat or drink: how the user likes things, and no pursuit."""
    what = _EATING.sub("", candidate.value)
    liked = f"likes {_SERVED.split(what, maxsplit=1)[0]}"
    return candidate._replace(category="preference", value=liked) if is_food(what) else None


def _plain(value: str, sentence: str) -> str:
    """What began its sentence begins no value with a capital: "Dancing" as "dancing", "Epic tales" as "epic tales"."""
    first, _, more = value.partition(" ")
    common = sentence.lstrip().startswith(value) and (more[:1].islower() or first.lower() in LEMMAS)
    began = (common and not _PROPER.match(first)) or is_gerund(first.lower())
    return value[:1].lower() + value[1:] if began else value


_BESIDE = re.compile(
    r"(?<=: )(?:yea|yeah|yes|yep|well|oh|hmm|um|honestly),? (?=\w)| (?:for sure|of course|i think|hands down)$",
    re.IGNORECASE,
)
_EVER = re.compile(r"^(favou?rite [^:]+?) (?:ever|of all time|right now|so far|overall): ")

_OUT = re.compile(r"^(favou?rite [^:]+?) out: ")
_OUT_OF_ALL = re.compile(r"\bout of (?:all|every\w*|any\w*)\b", re.IGNORECASE)
_HARDLY = re.compile(
    r"\b(?:not|n't) (?:all )?(?:really|that|so|too|very|particularly|much|super|terribly) interested in |"
    r"\bnever (?:really |ever )?(?:been |got(?:ten)? )?(?:much |that |very |really )*(?:into|interested in|keen on) ",
    re.IGNORECASE,
)


_THAN = re.compile(r"(?<!rather)(?<!more)(?<!er) than ")
_SINCE = re.compile(r"(?<!\s)\s+since (?:[A-Z]\w+|last \w+|\d{4})$")
_CLAUSE_STARTS = alternatives(
    "have has am is are want need the i we it they my trying currently also cannot can't can could will would see "
    "get when"
)
_AND_RUNS = re.compile(
    rf",? and (?:{_CLAUSE_STARTS}\b|[a-z]+ [a-z]+ (?:seems|is|are|has|works)\b).*$|, [a-z]+ing .*$|"
    r" (?:to (?!production)[a-z]+|instead|by the way)\b.*$"
)
_WHEN_ASKED = re.compile(r"\bwhen(?:ever)? i ask (?:you )?((?:about|for|to) [^,.;:!?\x01]{3,60})", re.IGNORECASE)


_WISHES = frozenset(["", "requests.standing", "manners.manner", "lasting.kept", "lasting.alone"])
_ASIDE = re.compile(r",?\s(?:pls|please|plz) (?:you|i)\b.*$", re.IGNORECASE)
_SO = re.compile(r",?\sso (?:we|i|they|it|he|she|don't)\b.*$")
_CASE = re.compile(r",?\s(?:please )?(when(?:ever)? (?:i|you|it|it's|we)\b[\w' -]{2,45})(?=[.,;!?\n]|$)", re.IGNORECASE)


def _with_its_case(wish: str, sentence: str) -> str:
    """ "Cite sources" says too much of who said "cite sources when you give medical information"."""
    case = _CASE.match(sentence.partition(wish[-12:])[2]) if len(wish) > 3 else None
    return f"{wish} {case.group(1).strip()}" if case else wish


def _as_wished(candidate: Candidate, sentence: str) -> Candidate:
    """With the case that it is for."""
    asked = _WHEN_ASKED.search(sentence)
    if asked and not candidate.value.startswith(("likes ", "dislikes ")) and " asked " not in candidate.value:
        # "never use tables" says too much of who said "... when I ask for recipes"
        return candidate._replace(value=f"{candidate.value} when asked {asked.group(1).strip()}")
    if candidate.rule in _WISHES:
        return candidate._replace(value=_with_its_case(_ASIDE.sub("", candidate.value), sentence))
    return (
        candidate._replace(value=_SO.sub("", candidate.value)) if candidate.value.startswith("does not ") else candidate
    )


def as_preference(candidate: Candidate, sentence: str) -> Candidate:
    """A preference with what it is for, and without what else is said."""
    candidate = _as_wished(candidate, sentence)
    if candidate.rule == "tastes.rather" and not candidate.value.startswith("would"):
        value = _THAN.sub(" rather than ", candidate.value, count=1)  # "a cat than a dog" is no sentence
        candidate = candidate._replace(value=value)
    if candidate.value.startswith("uses "):
        candidate = candidate._replace(value=_AND_RUNS.sub("", _SINCE.sub("", candidate.value)))
    if candidate.rule == "tastes.prefer":
        candidate = candidate._replace(value=_THAN.sub(" rather than ", candidate.value, count=1))
    if candidate.rule == "health.diet" and candidate.value.startswith("no "):
        drinks = re.search(r"\bdrink(?:ing)?\b", sentence, re.IGNORECASE)
        candidate = candidate._replace(value=f"{'drinks' if drinks else 'eats'} {candidate.value}")
    if candidate.value.startswith("dislikes ") and _HARDLY.search(sentence):
        candidate = candidate._replace(value=HARDLY + candidate.value.removeprefix("dislikes "))
    if _OUT_OF_ALL.search(sentence):
        candidate = candidate._replace(value=_OUT.sub(r"\1: ", candidate.value))
    candidate = candidate._replace(value=_BESIDE.sub("", _EVER.sub(r"\1: ", candidate.value)))
    return candidate._replace(value=_MORE.sub("", candidate.value)) if candidate.rule == "tastes.prefer" else candidate


_IN_A_MONTH = re.compile(rf" in (?:{MONTHS})(?: (?:19|20)\d\d)?$", re.IGNORECASE)


def as_project(candidate: Candidate, sentence: str) -> Candidate:
    """A project with a detail that says more than its name."""
    value = _IN_A_MONTH.sub("", candidate.value.removeprefix("own "))
    return candidate._replace(value=value, detail=_telling(candidate.detail, value, sentence))


def as_decision(candidate: Candidate, sentence: str) -> Candidate:
    """A decision without what is done beside it, and with a reason only where that is its own."""
    value = _NOW_DOES.sub("", candidate.value)
    return candidate._replace(
        value=value, detail="" if _is_no_reason(candidate.detail, value, sentence) else candidate.detail
    )


def _is_no_reason(detail: str, value: str, sentence: str) -> bool:
    """ "I have no friends since I quit drugs"; "I'm not sure, because in the past months I quit my job"."""
    if value.lower() in detail.lower():
        return True
    at, of = sentence.find(detail[-12:]), sentence.find(value[-12:])
    return 0 < at < of and sentence[: sentence.find(detail[:12])].strip() != ""


_OPEN = re.compile(r"\b(?:&|that is|with some|a|an|the|my|our|some)$|\b(?:that|which|who|to) \w+$")
_NOW_DOES = re.compile(r" and (?:currently|now|then) .*$|^to (?=[a-z]+ )")


_ALSO_NEEDS = re.compile(r",? and (?:i |we )?(?:need|want|would|am|are|have|was|is)\b.*$|, (?:for|at) the moment\b.*$")


def _telling(detail: str, value: str, sentence: str) -> str:
    """A project's detail where it says more than its name does, as far as it holds together."""
    detail = _ALSO_NEEDS.sub("", trimmed(detail).partition(" - ")[0])
    if goes_on(detail, sentence) or _OPEN.search(detail):
        return ""
    more = len(words_of(detail)) - len(words_of(value))
    return "" if more < 2 or points(detail) or feels(detail) or phrase_objection(detail) else detail
