"""Whether a project is a thing that is made, and says which one."""

import re
from collections.abc import Sequence

from pipelines.language.embedded.grammar.words import alternatives, word_set
from pipelines.language.embedded.judging.cut_off import lacks_company
from pipelines.language.embedded.judging.shapes import feels, is_gerund, phrase_objection, runs_on
from pipelines.language.embedded.judging.stumps import has_finite_verb, passes, points, words_of

_NO_PROJECTS = word_set(
    "campus weekends getting being weekdays time mornings myself "
    "health fitness body posture kinds sorts types for with in on"
)
_KINDS_OF_WORK = word_set(
    "project projects thing things brand plan plans work idea ideas business goal goals life future self relationship "
    "skills skill game technique routine routines career job dream dreams website content site app store shop stuff "
    "library paper book novel song songs collection series campaign event"
)
_SAYS_NOT_WHICH = word_set(
    "new big own personal current side fun little small another other few some couple important huge secret special "
    "similar different first next latest recent school work group team various creative the a an my our of"
)
_MAKERS = alternatives(
    "building rebuilding writing rewriting designing redesigning making developing creating translating renovating "
    "restoring recording organising organizing editing launching starting setting_up opening planning migrating porting"
)
_STEPS = alternatives("sprint phase step part chapter unit week day round level lesson")
_ONE_STEP = re.compile(rf"{_STEPS} (?:\d+|one|two|three)\b|project with\b", re.IGNORECASE)
_WHEN = re.compile(r"\b(?:tomorrow|tonight|since)\b|\binto \w+ based on\b|^project on \w+ \d")
_FOR_A_CLASS = re.compile(
    r"\b(?:paper|essay|report|project|presentation|lab)\b.*\bfor (?:my|our|a|the|this) .*\b(?:class|course|homework)\b"
)
_BY_ITSELF = re.compile(r"\W*working\b", re.IGNORECASE)  # "Working on cars is fun": the work is what it speaks of
_MAKING = re.compile(rf"{_MAKERS} (?:an?|my|our|the|two|three|\d+)\b")


def project_objection(value: str, sentence: str) -> str:
    """Why it names no work of the user's: a thing that is made, and which one."""
    words = words_of(value)
    if (
        points(value)
        or passes(value)
        or words[0] in _NO_PROJECTS
        or feels(value)
        or _WHEN.search(value)
        or runs_on(value)
        or has_finite_verb(value)
        or _BY_ITSELF.match(sentence)
        or words[-1] in {"everything", "homework", "assignment"}
    ):
        return "stop phrase, or runs on"
    if value.islower() and (len(words) == 1 or (len(words) == 2 and words[0] in _SAYS_NOT_WHICH)):
        return "says not which"
    if words[0].endswith("ing") and is_gerund(words[0]) and not _MAKING.match(value):
        return "an activity"
    if _FOR_A_CLASS.search(value) or _is_a_part(value, words):
        return "homework, or a part of something"
    if set(words) <= _KINDS_OF_WORK | _SAYS_NOT_WHICH or lacks_company(value):
        return "says not which"
    return phrase_objection(value)


def _is_a_part(value: str, words: Sequence[str]) -> bool:
    """ "Sprint 2", "backwards part": of what, only the chat knows."""
    return _ONE_STEP.match(value) is not None or (len(words) < 4 and words[-1] in {"part", "parts", "stuff", "farm"})
