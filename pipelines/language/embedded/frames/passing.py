"""Tells what is said in passing (of the chat, the task, the moment) from what is said of oneself."""

import re

from pipelines.language.embedded.clauses import Clause
from pipelines.language.embedded.phrases import statement

_VAGUE = re.compile(
    r"(?:it|this|that|these|those|them|him|her|you|your|yours|how|what|why|whether|if|the (?:same|first|second|"
    r"third|last|"
    r"one|other|next|following|above|below|previous|original|former|latter|way|code|rest|right|wrong|best|most)|one of|"
    r"(?:anything|something|nothing|everything)(?! (?:on|with|in|from|by)\b)|such|each|myself|to (?:know|see|ask|"
    r"understand|be|do|get|use|make|add|"
    r"create|write|say|find)|like (?:this|that|you|a)|an? (?:few|bit|couple|way|lot|different|specific|certain)|"
    r"some (?:of|kind|sort)|there|here|lol|haha|up with|through (?:this|the)|into (?:this|an?|the)|about (?:it|"
    r"this|that))\b",
    re.IGNORECASE,
)
_CHAT = re.compile(
    r"\b(?:you|your|yours|chatgpt|gpt|above|below|following|this (?:one|chat|conversation|answer|code|text|"
    r"question|part))\b",
    re.IGNORECASE,
)
TASK_NOUN = (
    r"codes?|scripts?|functions?|class(?:es)? (?:that|which|named|called|in)|methods?|errors?|bugs?|exceptions?|files?|"
    r"folders?|director(?:y|ies)|tables?|columns?|rows?|lists?|strings?|arrays?|loops?|regex|quer(?:y|ies)|variables?|"
    r"outputs?|inputs?|buttons?|images?|links?|urls?|pages?|documents?|docs|paragraphs?|texts?|essays?|"
    r"e-?mails?|letters?|versions?|options?|suggestions?|answers?|questions?|prompts?|responses?|"
    r"examples?|steps?|lines?|formulas?|equations?|values?|numbers?|graphs?|datasets?|data ?frames?|commands?|"
    r"endpoints?|models?|results?|problems?|issues?|doubts?|ideas?|things?|stuff|points?|parts|words?|terms?|"
    r"differences?|meanings?|tasks?|assignments?|homework|spreadsheets?|cells?|json|csv|pdfs?|xml|html|css|"
    r"objects?|components?|packages?|modules?|dependenc\w+|requests?|tokens?|keys?|repos?|branch(?:es)?|templates?|"
    r"tests?|layers?|nodes?|instances?|vectors?|matri\w+|integers?|sequences?|messages?|sentences?|titles?|topics?|"
    r"translations?|summar(?:y|ies)|explanations?|information|info|details|clue|feeling|look|reason|choice|access|"
    r"following|trouble|difficult\w+|hard time|sense|article|paper|report|presentation|stories|story|poem|character|"
    r"scenario|situation|case|plan|ways? (?:to|of)|method|approach|solution|sum|x|y|n|plugin|extension|version|"
    r"login|password|account|"
    r"server|app|site|website|page|form|field|user|users|customers?|project"
)
_TASK = re.compile(rf"\b(?:{TASK_NOUN})\b", re.IGNORECASE)
_HABIT = re.compile(
    r"\b(?:every|most|each|these days|mostly|mainly|on (?:weekends?|weekdays?)|at weekends?|in my (?:spare|free|down) "
    r"?time|daily|weekly|regularly|for a living|for fun|(?:in the|at) (?:evenings?|mornings?|nights?)|full-?time|"
    r"part-?time|"
    r"since (?:\w+ )?(?:\d{4}|i was|last|childhood|january|february|march|april|may|june|july|august|september|october|"
    r"november|december)|(?:once|twice|thrice|\w+ times) (?:a|per) (?:day|week|month|year)|a (?:week|day|month|year)$|"
    r"for (?:\w+ ){1,3}(?:years|decades)|on (?:mon|tues|wednes|thurs|fri|satur|sun)days?|after work|before work|"
    r"to work)\b",
    re.IGNORECASE,
)
_OFTEN = frozenset(
    ["usually", "often", "regularly", "always", "sometimes", "mostly", "mainly", "generally", "normally"]
)


def told(rest: str) -> str:
    """The words after a verb, with their "after midnight" and "before work"."""
    return statement(_WHEN.sub("\\1\x02\\2", rest), 12).replace("\x02", "")


_WHEN = re.compile(r"(\s)((?:after|before)\s(?!(?:i|we|you|that|this)\b))", re.IGNORECASE)


def vague(object_: str) -> bool:
    """Whether it only points at something: "it", "this one", "how to ..."."""
    return _VAGUE.match(re.sub(r"^(?:a lot|lots|loads|plenty|tons) of\s", "", object_)) is not None


def about_the_task(object_: str) -> bool:
    """Whether it speaks of the chat, or of the pieces that tasks are made of."""
    start = " ".join(object_.split()[:6])
    return _CHAT.search(start) is not None or _TASK.search(start) is not None


def is_habit(clause: Clause) -> bool:
    """Whether adverbs or a stretch of time make the clause a habit."""
    return not _OFTEN.isdisjoint(clause.adverbs) or _HABIT.search(clause.sentence) is not None
