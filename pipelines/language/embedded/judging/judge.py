"""The one judge of extracted values: when in doubt, nothing is told."""

import re
from collections.abc import Callable, Mapping

from pipelines.contract import Category
from pipelines.language.embedded.frames.candidate import Candidate
from pipelines.language.embedded.frames.open_frames.being import NATIONS
from pipelines.language.embedded.grammar.foods import is_food
from pipelines.language.embedded.grammar.lexicon import LEMMAS
from pipelines.language.embedded.grammar.words import alternatives, word_set
from pipelines.language.embedded.judging.cut_off import (
    is_cut_off,
    made_whole,
    stops_short,
    with_of_what,
    without_a_lost_day,
    without_place_of_talk,
)
from pipelines.language.embedded.judging.interests import interest_objection
from pipelines.language.embedded.judging.life import life_objection
from pipelines.language.embedded.judging.meant import banters
from pipelines.language.embedded.judging.persons import job_objection, name_objection, place_objection
from pipelines.language.embedded.judging.projects import project_objection
from pipelines.language.embedded.judging.relations import relation_objection, unnamed
from pipelines.language.embedded.judging.resolves.beliefs import belief_objection
from pipelines.language.embedded.judging.resolves.decisions import decision_objection
from pipelines.language.embedded.judging.resolves.intents import commitment_objection, date_objection
from pipelines.language.embedded.judging.shapes import (
    feels,
    is_gerund,
    phrase_objection,
    trimmed,
    unaddressed,
    uncompared,
    unmeasured,
    unpraised,
)
from pipelines.language.embedded.judging.stumps import has_finite_verb, passes, points, stump, words_of
from pipelines.language.embedded.judging.tastes import preference_objection
from pipelines.memory.endings import NO_LONGER


def objection(candidate: Candidate, sentence: str) -> str:
    """Why this value, read from `sentence`, may not be told of the user; "" where a person would sign it."""
    value = candidate.value
    if value.startswith(NO_LONGER):  # takes an older fact away, and is not told
        return ""
    if candidate.category == "name":
        return name_objection(value, sentence)
    if banters(candidate, sentence):
        return "banter"
    near = candidate.category == "relationship" and " " not in value  # "my partner of five years"
    if is_cut_off(value) or (not near and stops_short(value, sentence)):
        return "breaks off"
    return _unusable(candidate) or _of_its_kind(candidate, sentence)


_THINGS = frozenset(["interest", "location", "occupation", "relationship", "project", "life_context"])


def _unusable(candidate: Candidate) -> str:
    """Wishes about answers are orders: "never apologise" is a whole one, "please" no greeting."""
    return (
        ""
        if candidate.category == "preference" and candidate.rule.startswith(("manners", "naming"))
        else stump(candidate.value)
    )


def _of_its_kind(candidate: Candidate, sentence: str) -> str:
    judged = _JUDGES.get(candidate.category)
    return judged(candidate, sentence) if judged else ""


_JUDGES: Mapping[Category, Callable[[Candidate, str], str]] = {
    "location": lambda one, sentence: place_objection(one.value, sentence, one.rule),
    "occupation": lambda one, sentence: job_objection(one.value, sentence),
    "interest": lambda one, sentence: interest_objection(one.value, sentence, one.rule),
    "preference": lambda one, sentence: preference_objection(one.value, sentence, one.rule),
    "belief": lambda one, sentence: belief_objection(one.value, sentence),
    "decision": lambda one, sentence: decision_objection(one.value, sentence, one.rule),
    "commitment": lambda one, sentence: commitment_objection(one.value, one.detail, sentence, one.rule),
    "date": lambda one, sentence: date_objection(one.value, sentence),
    "project": lambda one, sentence: project_objection(one.value, sentence),
    "life_context": lambda one, sentence: life_objection(one.value, sentence, one.rule),
    "relationship": lambda one, sentence: relation_objection(one.value, sentence),
}
_AMONG = re.compile(
    r"(?<!\s)\s+(?:(?:in|on|for) (?:my|our) (?:\w+ )?(?:group|team|area|town|city|class)|for (?:the|a) team|"
    r"to (?:help|make ends) .*|(?:based|living|located) (?:in|near|outside) .*)$"
)
_DAY_PARTS = alternatives("morning(s) evening(s) afternoon(s) weekend(s) summer(s) winter(s)")
_HABIT_TAIL = re.compile(
    r"(?<!\s)\s+(?:(?:at|in) (?:my|our) .*|"
    rf"(?:in|on|during) the {_DAY_PARTS}|every .*|"
    r"(?:once|twice|three times) a .*|on \w+days?|most \w+)$"
)


def fitting(candidate: Candidate, sentence: str) -> Candidate | None:
    """The candidate as it may be told, without a detail that does not stand alone; None where it may not."""
    if " " in candidate.value and candidate.rule != "introductions.introduction":
        whole = without_a_lost_day(without_place_of_talk(candidate.value, sentence), sentence)
        whole = with_of_what(whole, sentence)
        candidate = candidate._replace(value=whole)
    if candidate.category in _THINGS and not (candidate.category == "life_context" and passes(candidate.value)):
        candidate = candidate._replace(value=trimmed(candidate.value))
    if candidate.rule in _PLANNED or candidate.value.startswith("dislikes "):
        candidate = candidate._replace(value=trimmed(candidate.value).removesuffix(" itself"))
    if candidate.value.startswith(_OF_A_FIELD):
        candidate = candidate._replace(value=unaddressed(candidate.value, sentence))
    tidied = _TIDIERS.get(candidate.category)
    candidate = tidied(candidate, sentence) if tidied else candidate
    return None if objection(candidate, sentence) else candidate


def _as_occupation(candidate: Candidate, _sentence: str) -> Candidate:
    return candidate._replace(value=_NEARBY.sub(r" \1", _AMONG.sub("", candidate.value)))


def _as_life(candidate: Candidate, _sentence: str) -> Candidate:
    if fan := _FAN.fullmatch(candidate.value):
        return candidate._replace(category="interest", value=fan["of"])
    if height := _HEIGHT.fullmatch(candidate.value):
        return candidate._replace(value=f"{height['feet']} feet {height['inches']} inches tall")
    value = _AND_MORE.sub("", candidate.value) if candidate.value.startswith("from ") else candidate.value
    return candidate._replace(value=_FROM_SIZE.sub("from a ", value))


def _as_interest(candidate: Candidate, sentence: str) -> Candidate:
    candidate = candidate._replace(value=made_whole(_pursuit(candidate.value, sentence), sentence))
    return _eaten(candidate) or candidate


_EVER = re.compile(r"^(favou?rite [^:]+?) (?:ever|of all time|right now|so far|overall): ")


_THAN = re.compile(r"(?<!rather)(?<!more)(?<!er) than ")
_SINCE = re.compile(r"(?<!\s)\s+since (?:[A-Z]\w+|last \w+|\d{4})$")
_WHEN_ASKED = re.compile(r"\bwhen(?:ever)? i ask (?:you )?((?:about|for|to) [^,.;:!?\x01]{3,60})", re.IGNORECASE)


def _as_preference(candidate: Candidate, sentence: str) -> Candidate:
    asked = _WHEN_ASKED.search(sentence)
    if asked and not candidate.value.startswith(("likes ", "dislikes ")) and " asked " not in candidate.value:
        # "never use tables" says too much of who said "... when I ask for recipes"
        candidate = candidate._replace(value=f"{candidate.value} when asked {asked.group(1).strip()}")
    if candidate.rule == "tastes.rather" and not candidate.value.startswith("would"):
        value = _THAN.sub(" rather than ", candidate.value, count=1)  # "a cat than a dog" is no sentence
        candidate = candidate._replace(value=value)
    if candidate.value.startswith("uses "):
        candidate = candidate._replace(value=_SINCE.sub("", candidate.value))
    candidate = candidate._replace(value=_EVER.sub(r"\1: ", candidate.value))
    return candidate._replace(value=_MORE.sub("", candidate.value)) if candidate.rule == "tastes.prefer" else candidate


def _as_relation(candidate: Candidate, sentence: str) -> Candidate:
    value, detail = _ACTUALLY.sub(": ", candidate.value), _ACTUALLY.sub("", candidate.detail)
    value, detail = _AND_THEN.sub("", value), _AND_THEN.sub("", detail)
    value = unnamed(_WHICH.split(value, maxsplit=1)[0], sentence)
    if _loose(detail) or (detail.isdigit() and f"{detail}'" in sentence):  # half a height
        value, detail = value.partition(":")[0], ""
    return candidate._replace(value=value, detail=detail)


def _as_project(candidate: Candidate, _sentence: str) -> Candidate:
    return candidate._replace(detail=_telling(candidate.detail, candidate.value))


_TIDIERS: Mapping[Category, Callable[[Candidate, str], Candidate]] = {
    "life_context": _as_life,
    "occupation": _as_occupation,
    "interest": _as_interest,
    "preference": _as_preference,
    "relationship": _as_relation,
    "project": _as_project,
}
_OF_A_FIELD = ("studies ", "majors ")
_HEIGHT = re.compile(r"(?P<feet>[4-7])['\u2019] ?(?P<inches>\d\d?)[\"\u201d]?(?: tall)?")
_FAN = re.compile(r"(?:an? )?(?:huge |big |massive )?(?P<of>[A-Z].*) fan")
_AND_MORE = re.compile(r"(?<!\s)\s+and (?:the|my|it|a|i)\b.*")  # "from Leeds and the drive is long"
_FROM_SIZE = re.compile(
    rf"^from (?={alternatives('small big tiny large little quiet rural city town village farm')}\b)"
)
_NEARBY = re.compile(r"\shere ((?:in|at) )")
_MORE = re.compile(r"\s(?:more|better|instead)(?:,.*)?$")


def _pursuit(value: str, sentence: str) -> str:
    """The plain name of what is liked: no praise, no comparison, no amount, no reason."""
    return _plain(unmeasured(unpraised(uncompared(_HABIT_TAIL.sub("", value)))), sentence)


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


def _telling(detail: str, value: str) -> str:
    """A project's detail where it says more than its name does, as far as it holds together."""
    detail = trimmed(detail).partition(" - ")[0]
    more = len(words_of(detail)) - len(words_of(value))
    return "" if more < 2 or points(detail) or feels(detail) or phrase_objection(detail) else detail


_WHICH = re.compile(r"\s(?:that|who|which|whose)\s")
_DENIES = alternatives("cant can't cannot wont won't dont don't doesnt doesn't another typed")
_AND_THEN = re.compile(rf"\s(?:and|but) {_DENIES}\b.*")
_ACTUALLY = re.compile(r"(?:^|: )(?:actually|really|also|quite|pretty|very) ")
_PLANNED = frozenset(["plans.promise", "plans.plan"])
_BUSY = re.compile(r"(?!living|working|studying|turning)\w+ing ")  # "considering getting a cat"


_MOODS = alternatives("chill nice cool fun great awesome clean tired busy")
_OF_A_STATE = re.compile(
    rf"(?:(?:both|pretty|relatively|really|very|so|too|super|always|just) )+\w+$|(?:{_MOODS}|moved|left|came|went)$",
    re.IGNORECASE,
)


_HAPPENED = re.compile(  # once: "came home"
    r"(?:came|turned on|ran into|took|gave|brought|told|said|made|did|typed|saw|asked|fed|gonna|about to|all at|over|"
    r"basically|probably|like)\b(?! from)"
)
_LASTING_STATES = word_set(
    "pregnant married engaged divorced retired dead deaf blind autistic vegan vegetarian dyslexic adopted bilingual "
    "disabled diabetic allergic unemployed deployed single widowed"
)


def _loose(detail: str) -> bool:
    mood = detail.isalpha() and detail.islower() and detail not in _LASTING_STATES  # "concerned"
    return bool(detail) and (
        mood
        or _HAPPENED.match(detail) is not None
        or points(detail)
        or _BUSY.match(detail) is not None
        or feels(detail)
        or bool(stump(detail))
        or passes(detail)
        or _OF_A_STATE.match(detail) is not None
        or "next " in detail
        or has_finite_verb(detail)
        or " me" in detail
    )
