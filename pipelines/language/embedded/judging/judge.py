"""The one judge of extracted values: when in doubt, nothing is told."""

from collections.abc import Callable, Mapping

from pipelines.contract import Category
from pipelines.language.embedded.frames.candidate import Candidate
from pipelines.language.embedded.frames.open_frames.being import TRADES
from pipelines.language.embedded.judging.cut_off import (
    goes_on,
    is_cut_off,
    stops_short,
    with_its_preposition,
    with_of_what,
    without_a_lost_day,
    without_place_of_talk,
)
from pipelines.language.embedded.judging.interests import interest_objection
from pipelines.language.embedded.judging.lasting.harms import nobody_signs
from pipelines.language.embedded.judging.life import is_creed, life_objection
from pipelines.language.embedded.judging.meant import banters
from pipelines.language.embedded.judging.persons import job_objection, name_objection, place_objection
from pipelines.language.embedded.judging.projects import project_objection
from pipelines.language.embedded.judging.relations import relation_objection
from pipelines.language.embedded.judging.resolves.beliefs import belief_objection
from pipelines.language.embedded.judging.resolves.decisions import decision_objection
from pipelines.language.embedded.judging.resolves.intents import commitment_objection, date_objection
from pipelines.language.embedded.judging.shapes import (
    trimmed,
    unaddressed,
)
from pipelines.language.embedded.judging.stumps import passes, stump
from pipelines.language.embedded.judging.tastes import preference_objection
from pipelines.language.embedded.judging.telling.of_persons import as_life, as_location, as_occupation, as_relation
from pipelines.language.embedded.judging.telling.of_tastes import as_decision, as_interest, as_preference, as_project
from pipelines.memory.endings import NO_LONGER
from pipelines.work import late_patterns as re


def objection(candidate: Candidate, sentence: str) -> str:
    """Why this value, read from `sentence`, may not be told of the user; "" where a person would sign it."""
    value = candidate.value
    if value.startswith(NO_LONGER):  # takes an older fact away, and is not told
        return ""
    if candidate.category == "name":
        return name_objection(value, sentence)
    if banters(candidate, sentence) or nobody_signs(candidate, sentence):
        return "banter, or harm"
    near = candidate.category == "relationship" and " " not in value  # "my partner of five years"
    if is_cut_off(value) or (not near and stops_short(value, sentence)):
        return "breaks off"
    if not (candidate.category in _SAID_OF or _is_tidied(candidate, sentence)) and goes_on(value, sentence):
        return "breaks off before a noun"
    return _unusable(candidate) or _of_its_kind(candidate, sentence)


_SAID_OF = frozenset(["relationship"])  # a verb follows: "my wife paints"
_OF_WISHES = ("manners", "naming", "lasting", "requests.standing", "ailing", "ways")


_AT_WORK = re.compile(r" [a-z]{3,}ing ")


def _is_tidied(candidate: Candidate, sentence: str) -> bool:
    """Whether what follows was left out on purpose: "majors in law, Ana!", "agronomist" who is "advising farmers"."""
    if candidate.rule == "placed.placed":
        return True
    if candidate.rule == "person.person" and candidate.category == "occupation":
        return _AT_WORK.match(sentence.partition(candidate.value)[2]) is not None
    return candidate.rule.startswith(_OF_WISHES) or candidate.value.startswith(_OF_A_FIELD)


_THINGS = frozenset(["interest", "location", "occupation", "relationship", "project", "life_context"])


def _unusable(candidate: Candidate) -> str:
    """Wishes about answers are orders: "never apologise" is a whole one, "please" no greeting."""
    return (
        ""
        if candidate.category == "preference" and candidate.rule.startswith(("manners", "naming", "lasting"))
        else stump(candidate.value)
    )


def _of_its_kind(candidate: Candidate, sentence: str) -> str:
    judged = _JUDGES.get(candidate.category)
    return judged(candidate, sentence) if judged else ""


_JUDGES: Mapping[Category, Callable[[Candidate, str], str]] = {
    "location": lambda one, sentence: place_objection(one.value, sentence, one.rule),
    "occupation": lambda one, sentence: job_objection(one.value, sentence, one.rule),
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


def fitting(candidate: Candidate, sentence: str) -> Candidate | None:
    """The candidate as it may be told, without a detail that does not stand alone; None where it may not."""
    if " " in candidate.value and candidate.rule != "introductions.introduction":
        whole = without_a_lost_day(without_place_of_talk(candidate.value, sentence), sentence)
        whole = with_its_preposition(with_of_what(whole, sentence), sentence)
        candidate = candidate._replace(value=whole)
    if candidate.category in _THINGS and not (candidate.category == "life_context" and passes(candidate.value)):
        candidate = candidate._replace(value=trimmed(candidate.value))
    if candidate.rule in _PLANNED or candidate.value.startswith("dislikes "):
        candidate = candidate._replace(value=trimmed(candidate.value).removesuffix(" itself"))
    if candidate.value.startswith(_OF_A_FIELD):
        candidate = candidate._replace(value=unaddressed(candidate.value, sentence))
    tidied = _TIDIERS.get(candidate.category)
    candidate = tidied(candidate, sentence) if tidied else candidate
    return None if objection(candidate, sentence) else _filed(candidate)


_DRIVES = re.compile(
    r"drives (?:(?:an? )?(?:\w+ )?(?:trucks?|lorry|lorries|bus|buses|taxis?|cab|tram|train)\b|long|for)"
)
_SUM = r"(?:[$\u00a3\u20ac]\d|\d[\d.,]*(?:k\b| (?:dollars|bucks|pounds|euros|an? (?:hour|month|year))\b))"
_PAID = re.compile(rf" (?:making|earning|paid|on) (?:(?:about|around|roughly|over|up to) )?{_SUM}.*$")


_IN_A_TRADE = re.compile(
    rf"in (?:{TRADES}(?: (?:for|at|with) .*)?|the (?:[\w-]+ ){{1,4}}(?:industry|sector))", re.IGNORECASE
)
_GOT_A_JOB = re.compile(r"got a (?:new )?job (?:as (?:(?:an?|the) )?(?P<what>.+)|(?P<where>(?:at|in|with|for) .+))")


def _filed(candidate: Candidate) -> Candidate:
    """A creed is a belief; a trade and a job that one got are work; what a job pays is nobody's business."""
    category, value = candidate.category, candidate.value
    if category == "occupation":
        return candidate._replace(value=_PAID.sub("", value))
    if category != "life_context":
        return candidate
    if is_creed(value):
        return candidate._replace(category="belief")
    if _DRIVES.match(value):
        return candidate._replace(category="occupation")
    got = _GOT_A_JOB.fullmatch(value)
    if got or _IN_A_TRADE.fullmatch(value):
        work = f"works {value}" if got is None else got["what"] or f"works {got['where']}"
        return candidate._replace(category="occupation", value=work)
    return candidate


_TIDIERS: Mapping[Category, Callable[[Candidate, str], Candidate]] = {
    "life_context": as_life,
    "occupation": as_occupation,
    "location": as_location,
    "interest": as_interest,
    "preference": as_preference,
    "relationship": as_relation,
    "project": as_project,
    "decision": as_decision,
}
_OF_A_FIELD = ("studies ", "majors ")
_PLANNED = frozenset(["plans.promise", "plans.plan"])
