"""The one judge of extracted values: when in doubt, nothing is told."""

import re
from collections.abc import Callable, Mapping

from pipelines.contract import Category
from pipelines.language.embedded.frames.candidate import Candidate
from pipelines.language.embedded.grammar.words import alternatives
from pipelines.language.embedded.judging.intents import (
    belief_objection,
    commitment_objection,
    date_objection,
    decision_objection,
)
from pipelines.language.embedded.judging.interests import interest_objection
from pipelines.language.embedded.judging.life import life_objection
from pipelines.language.embedded.judging.persons import job_objection, name_objection, place_objection
from pipelines.language.embedded.judging.projects import project_objection
from pipelines.language.embedded.judging.relations import relation_objection, unnamed
from pipelines.language.embedded.judging.shapes import (
    feels,
    is_gerund,
    phrase_objection,
    trimmed,
    uncompared,
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
    "occupation": lambda one, _: job_objection(one.value),
    "interest": lambda one, sentence: interest_objection(one.value, sentence, one.rule),
    "preference": lambda one, sentence: preference_objection(one.value, sentence, one.rule),
    "belief": lambda one, _: belief_objection(one.value),
    "decision": lambda one, sentence: decision_objection(one.value, sentence),
    "commitment": lambda one, sentence: commitment_objection(one.value, one.detail, sentence, one.rule),
    "date": lambda one, _: date_objection(one.value),
    "project": lambda one, sentence: project_objection(one.value, sentence),
    "life_context": lambda one, _: life_objection(one.value, one.rule),
    "relationship": lambda one, sentence: relation_objection(one.value, sentence),
}
_AMONG = re.compile(r"(?<!\s)\s+(?:in|on|for) (?:my|our) (?:\w+ )?(?:group|team|area|town|city|class)$")
_DAY_PARTS = alternatives("morning(s) evening(s) afternoon(s) weekend(s) summer(s) winter(s)")
_HABIT_TAIL = re.compile(
    r"(?<!\s)\s+(?:(?:at|in) (?:my|our) .*|"
    rf"(?:in|on|during) the {_DAY_PARTS}|every .*|"
    r"(?:once|twice|three times) a .*|on \w+days?|most \w+)$"
)


def fitting(candidate: Candidate, sentence: str) -> Candidate | None:
    """The candidate as it may be told, without a detail that does not stand alone; None where it may not."""
    if candidate.category in _THINGS and not (candidate.category == "life_context" and passes(candidate.value)):
        candidate = candidate._replace(value=trimmed(candidate.value))
    if candidate.rule in _PLANNED or candidate.value.startswith("dislikes "):
        candidate = candidate._replace(value=trimmed(candidate.value).removesuffix(" itself"))
    if candidate.category == "occupation":
        candidate = candidate._replace(value=_AMONG.sub("", candidate.value))
    if candidate.category == "interest":
        candidate = candidate._replace(value=_plain(unpraised(uncompared(_HABIT_TAIL.sub("", candidate.value)))))
    if candidate.category == "relationship":
        candidate = candidate._replace(value=unnamed(_WHICH.split(candidate.value, maxsplit=1)[0], sentence))
    if candidate.category == "relationship" and _loose(candidate.detail):
        candidate = candidate._replace(value=candidate.value.partition(":")[0], detail="")
    if candidate.category == "project":
        candidate = candidate._replace(detail=_telling(candidate.detail, candidate.value))
    return None if objection(candidate, sentence) else candidate


def _plain(value: str) -> str:
    """An activity that began its sentence begins no value with a capital: "Dancing" as "dancing"."""
    return value[:1].lower() + value[1:] if is_gerund(value.partition(" ")[0].lower()) else value


def _telling(detail: str, value: str) -> str:
    """A project's detail where it says more than its name does, as far as it holds together."""
    detail = trimmed(detail).partition(" - ")[0]
    more = len(words_of(detail)) - len(words_of(value))
    return "" if more < 2 or points(detail) or feels(detail) or phrase_objection(detail) else detail


_WHICH = re.compile(r"\s(?:that|who|which|whose)\s")
_PLANNED = frozenset(["plans.promise", "plans.plan"])
_BUSY = re.compile(r"(?!living|working|studying|turning)\w+ing ")  # "considering getting a cat"


def _loose(detail: str) -> bool:
    return bool(detail) and (
        points(detail)
        or _BUSY.match(detail) is not None
        or feels(detail)
        or bool(stump(detail))
        or passes(detail)
        or "next " in detail
        or has_finite_verb(detail)
        or " me" in detail
    )
