"""Tells what is said in passing ("I need this in Python") from what is said of oneself ("I need step-free access")."""

import re

from pipelines.language.embedded.grammar.clause import Clause
from pipelines.language.embedded.grammar.phrases import statement
from pipelines.language.embedded.grammar.words import word_set

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
_CHAT_WORDS = word_set("you your yours chatgpt gpt above below following this")
_TASK_WORDS = word_set(
    "code codes script scripts function functions method methods error errors bug bugs exception exceptions file "
    "files folder folders directory directories table tables column columns row rows list lists string strings "
    "array arrays loop loops regex query queries variable variables output outputs input inputs button buttons "
    "image images link links url urls page pages document documents docs paragraph paragraphs text texts essay "
    "essays letter letters version versions option options suggestion suggestions answer answers question "
    "questions prompt prompts response responses example examples step steps line lines formula formulas equation "
    "equations value values number numbers graph graphs dataset datasets command commands endpoint endpoints "
    "model models result results problem problems issue issues doubt doubts idea ideas thing things stuff point "
    "points parts word words term terms difference differences meaning meanings task tasks assignment assignments "
    "homework spreadsheet spreadsheets cell cells json csv pdf pdfs xml html css object objects component "
    "components package packages module modules request requests token tokens key keys repo repos branches branch "
    "template templates test tests layer layers node nodes instance instances vector vectors integer integers "
    "sequence sequences message messages sentence sentences title titles topic topics translation translations "
    "summary summaries explanation explanations information info details clue feeling look reason choice access "
    "following trouble sense article paper report presentation stories story poem character scenario situation "
    "case plan approach solution sum x y n plugin extension login password account server app site website form "
    "field user users customer customers project dataframe dataframes email emails"
)
_TASK_PHRASE = re.compile(
    r"\b(?:class(?:es)? (?:that|which|named|called|in)|data frames?|e-mails?|hard time|ways? (?:to|of)|"
    r"(?:dependenc|difficult|matri)\w+)\b"
)
_MUCH = re.compile(r"^(?:a lot|lots|loads|plenty|tons) of\s")
_WORD = re.compile(r"\w+")
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
    return _VAGUE.match(_MUCH.sub("", object_)) is not None


def about_the_task(object_: str) -> bool:
    """Whether it speaks of the chat, or of the pieces that tasks are made of."""
    start = " ".join(object_.split()[:6]).lower()
    words = _WORD.findall(start)
    if not _TASK_WORDS.isdisjoint(words) or (not _CHAT_WORDS.isdisjoint(words) and _CHAT.search(start)):
        return True
    return _TASK_PHRASE.search(start) is not None


def is_habit(clause: Clause) -> bool:
    """Whether adverbs or a stretch of time make the clause a habit."""
    return not _OFTEN.isdisjoint(clause.adverbs) or _HABIT.search(clause.sentence) is not None
