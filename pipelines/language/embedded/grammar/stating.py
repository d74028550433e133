"""Tells what is stated from what is asked, supposed, reported, or asked to be written."""

import re

from pipelines.language.embedded.grammar.sentences import Sentence
from pipelines.language.embedded.grammar.words import word_set

_INVERTED = word_set(
    "do does did should can could would will am are have has may might must shall was were what how "
    "which who whom why where "
    "when before until till whether than whatever whenever wherever if unless don't didn't can't couldn't shouldn't"
)
_HYPOTHETICAL = re.compile(
    r"\b(?:if|unless|whether|as though|supposing|suppose|imagine|imagining|wish|pretend|in case|what "
    r"about|how about|even if|as if|"
    r"in (?:this|the|my|our) (?:story|scenario|game|example|scene|dream|book|novel)|let's say|provided|"
    r"lest|assuming)\b[^.;\x01]*$",
    re.IGNORECASE,
)
_HYPOTHETICAL_WORDS = word_set(
    "story scenario game example scene dream book novel if unless whether though supposing suppose "
    "imagine imagining wish pretend case what how let's provided lest assuming"
)
_REPORT_WORDS = word_set(
    "say says said saying tell tells told telling ask asks asked claim claims claimed think thinks "
    "thought believes replied replies wrote writes "
    "goes stating state states insists insisted assumes assume joked shouted like said:"
)
_HARMLESS_IF = re.compile(
    r"\bif (?:it|that|this|you|anyone|possible|relevant|needed|so|not|there|someone|anything)\b[^,]*,[^,]*$",
    re.IGNORECASE,
)
_REPORTED = re.compile(
    r"\b(?:says?|said|saying|tells?|told|telling|asks?|asked|claims?|claimed|thinks?|thought|believes?|"
    r"replied|replies|wrote|writes|goes|"
    r"stating|states?|insists?|insisted|assumes?|joked|shouted|like)\b(?:\s+(?:me|us|him|her|them|you|"
    r"that|to))*[\s,:]*$",
    re.IGNORECASE,
)
_DENIED = re.compile(
    r"\b(?:never|not|n't|doubt)\s+(?:say|said|think|claim|mean|sure|true)(?:ed)?\s+(?:that\s+)?$", re.IGNORECASE
)
_SELF_REPORT = re.compile(
    r"\b(?:i|i've|i'd|we)\s+(?:\w+\s+)?(?:say|said|think|thought|believe|told|tell|should say)\b", re.IGNORECASE
)
_TASK = re.compile(
    r"^(?:[\W_]*+(?:please|pls|can|could|would|will|you|kindly|help|me|us|hi|hey|hello|now|i|want|need|"
    r"to|like|i'd|and|then|just|let's|so|ok|okay),?\s++){0,8}"
    r"(?:write|generate|create|compose|draft|produce|give|tell|make|suggest|list|design|build|come up|"
    r"provide|show|explain|describe|prepare|find|"
    r"recommend|outline|brainstorm|tweet|post|reply|respond|answer|invent|craft|formulate)\b"
    r"(?=\s+(?:me|us|a|an|the|some|my|our|\d+|in|this|up|about|how|why|what|two|three|five|ten|\w+ "
    r"(?:about|for|that|on))\b|\s*:)",
    re.IGNORECASE,
)
_TASK_VERBS = word_set(
    "write generate create compose draft produce give tell make suggest list design build come "
    "provide show explain describe prepare find recommend "
    "outline brainstorm tweet post reply respond answer invent craft formulate"
)
_TASK_WORDS = re.compile(
    r"\b(?:saying|says?|that i|in which|where|about how|as if|as though|telling|stating|claiming|"
    r"explaining|pretending|which)\b|:",
    re.IGNORECASE,
)
_QUESTION_START = re.compile(
    r"(?:^|[,;:\x01]\s*|\s[-\u2013\u2014]+\s*|\b(?:and|but|so|then)\s+)(?:what|what's|whats|how|how's|which|who|"
    r"when|where|why|whose|should|do|does|did|don't|can|could|"
    r"would|will|is|are|am|was|were|isn't|aren't|have|has|may|any|shall|got|is it|right|correct|or not|"
    r"ok|okay|thoughts|ideas|"
    r"recommendations?|suggestions?|tips|advice|good|best|you|yes|no|does|possible|the best|must|might|anything|anyone|"
    r"eh|huh|please|so)\b",
    re.IGNORECASE,
)
_OPEN_QUESTION = re.compile(
    r"^(?:\W*+(?:and|but|so|also|hey|hi|hello|ok|okay|then|now|well|or|please)\W++){0,2}(?:(?:do|does|"
    r"did|should|can|could|would|will|is|are|am|was|were|"
    r"have|has|may|shall|must)\s+(?:i|you|we|my|our|it|this|that|the|there|he|she|they|a|an)\b|(?:what|"
    r"how|which|who|where|why|whose)\b(?!\s+i\s+(?:like|love|want|prefer|decided|chose)))",
    re.IGNORECASE,
)


def statement_end(sentence: Sentence) -> int:
    """How far the sentence states something: up to its question, 0 when it only asks."""
    text = sentence.text
    opening = _OPEN_QUESTION.match(text)
    if opening:
        return 0
    if not sentence.asks:
        return len(text)
    found = _QUESTION_START.search(text)
    return found.start() if found else 0


def task_of(text: str, words: frozenset[str]) -> "re.Match[str] | None":
    """The task that a sentence opens with ("Write me a plan ..."), if any."""
    return None if words.isdisjoint(_TASK_VERBS) else _TASK.match(text)


def is_stated(text: str, start: int, task: "re.Match[str] | None") -> bool:
    """Whether what starts at `start` is said as true: not asked, supposed, reported, or asked to be written."""
    before = text[:start]
    if not before.strip():
        return True
    previous = before.rsplit(None, 1)[-1].lower().strip("\"'(*")
    if previous in _INVERTED:
        return False
    if task and start > task.start() + 1 and (_TASK_WORDS.search(before) or not _opens_clause(before)):
        return False
    low = before.lower()
    words = low.replace(",", " ").split()
    if not _HYPOTHETICAL_WORDS.isdisjoint(words) and _HYPOTHETICAL.search(before) and not _HARMLESS_IF.search(before):
        return False
    denied = ("not" in low or "never" in low or "n't" in low or "doubt" in low) and _DENIED.search(before)
    if denied or "according to" in low:
        return False
    return not (not _REPORT_WORDS.isdisjoint(words) and _REPORTED.search(before) and not _SELF_REPORT.search(before))


def _opens_clause(before: str) -> bool:
    """After a task, a statement needs its own clause: "a plan, I'm 34", "a gift because I ..."."""
    return bool(re.search(r"(?:[,;.:)\u2013\u2014-]|\b(?:because|since|as|so|and|but))\s*$", before))
