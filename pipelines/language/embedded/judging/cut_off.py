"""Whether a value was cut off its sentence: what the sentence says of it, or after it, is what would make it whole."""

import re

from pipelines.language.embedded.frames.candidate import Candidate
from pipelines.language.embedded.grammar.words import alternatives, word_set
from pipelines.language.embedded.judging.shapes import is_quality
from pipelines.language.embedded.judging.stumps import words_of

_OPEN_ENDS = word_set("since until during between among without within unless whether about toward towards despite")
_AS_MANY = re.compile(r"\bas (?:many|much|few|little|often|far|long) \S+$|\bas (?:many|much|often)$")
_PROGRESS = re.compile(r"reading (?:about |around |over |nearly |some )?\d+ (?:pages?|chapters?|books?)\b")
_ANY_OF_THEM = word_set("stuff thing things one ones")
_OTHERS = word_set("people others everyone everybody somebody someone users folks")
_FAVOURITE = re.compile(r"favou?rite (?P<kind>[^:]+): (?P<what>[a-z].*)")
_SELF = re.compile(r"\b(?:i|i'm|i've|i'd|i'll|im|ive|my|me|we|our)\b", re.IGNORECASE)
_BORN_INTO = re.compile(r"born into ", re.IGNORECASE)
_MEDICINES = alternatives("med(s) pill(s) painkiller(s) tablet(s) medicine antibiotic(s) ibuprofen aspirin")
_TAKING = re.compile(rf"(?:is |has been )?taking (?:\w+ )?{_MEDICINES}\b")
_PAST_STORY = re.compile(
    r"(?:arranged|booked|scheduled|signed up|agreed|promised|planned|organised|organized)\b.*\band (?:then )?\w+ed\b"
)
_DEGREES = word_set("much far way even more less most least so too very equally")
_BELIEVED = re.compile(
    rf"\b(?:{alternatives('is are should must can does do has have makes matters means needs')}|\w+(?<!s)s)\b|n't\b"
)
_TOGETHER = re.compile(r"\btogether\b")
_WITH_WHOM = re.compile(r"\bwith\b")
_AGAIN_WHERE = re.compile(
    r"(?:plans to |planning to |will )?(?:return|go back|come back|be back)(?: (?:on|in|by) .*)?$"
)
_EVERYTHING = re.compile(r"\b(?:everything|anything|something)\b")
_NO_VERB = re.compile(r"(?:plans?|planning)(?: for)?(?:(?: in)? [A-Z]\w+ \d{4})?$")
_BROKEN = re.compile(r"\b(?:on|in|at|for) (?:in|on|at|for)\b")
_WITHOUT_OBJECT = re.compile(r"\b(?:pay|have|want|need|use|like|take|make|give|get|buy)$")
_SKILL = re.compile(r"not (?:very |that |so )?(?:good|great|bad) at ")
_SOME_JOB = re.compile(r"got (?:my|a|the) (?:dream|new|first|perfect) job$")
_FRAGMENT = re.compile(r"(?!I\b)[A-Z][a-z]+ just \w+$")
_HARDLY = re.compile(
    r"\bnot (?:really|that|so|too|very|particularly|much) (?:into|keen on|fond of|a fan of)\b", re.IGNORECASE
)
_MEASURED = re.compile(r"(?:pretty|really|very|quite|such) (?:big|huge)\b")
_JOKING = re.compile(r"(?:joking|complaining|wondering|rambling|arguing) about\b")
_VERB_AS_NAME = re.compile(r"[a-z-]+ [A-Z][a-z]+ed")
_FAN = re.compile(r"(?:an? )?(?:huge |big |massive )?(?P<of>[A-Z].*) fan")
_OWNED = re.compile(rf"uses an? .*\b{alternatives('PC computer laptop desktop phone tablet monitor headset')}\b")
_TASKS = alternatives("class lab project presentation business study exam assignment homework math")
_OF_WORK = re.compile(rf"\b{_TASKS}\b", re.IGNORECASE)
_FAR = frozenset(["cousin", "cousins", "neighbor", "neighbour", "coworker", "colleague", "roommate"])
_SECOND_ONE = re.compile(r"(?:to )?(?:pick|picked) up an? (?:second|new|another)\b|(?:pick|picked) up another\b")
_FIELDS = alternatives(
    "music song(s) art dance movie(s) film(s) book(s) game(s) novel(s) literature food cuisine history fiction poetry "
    "design clothes fashion cars instrument(s)"
)


def cut_off(candidate: Candidate, sentence: str) -> str:
    """Why it is no whole value; "" where it is one."""
    value, words = candidate.value, words_of(candidate.value)
    if not words:
        return "no words"
    if words[-1] in _OPEN_ENDS or _AS_MANY.search(value) or _BROKEN.search(value):
        return "breaks off"
    judged = _BY_CATEGORY.get(candidate.category)
    return judged(value, words, sentence) if judged else ""


def _interest(value: str, _words: list[str], _sentence: str) -> str:
    return "passing" if any(found.match(value) for found in (_PROGRESS, _MEASURED, _JOKING)) else ""


def _preference(value: str, words: list[str], sentence: str) -> str:
    if value.startswith("dislikes ") and _HARDLY.search(sentence):
        return "says less"  # who is not really into podcasts dislikes none
    if words[-1] in _ANY_OF_THEM and value.startswith(("likes ", "dislikes ")):
        return "says not which"
    if words[0] in _OTHERS or _OWNED.match(value):
        return "a clause about others, or what is owned"
    named = _FAVOURITE.fullmatch(value)
    if not named:
        return ""
    kind, what = words_of(named["kind"]), words_of(named["what"])
    return "says not which" if kind[-1:] == what[-1:] and is_quality(what[0]) else ""  # "mint tea" says which tea


def _life(value: str, _words: list[str], sentence: str) -> str:
    if _BORN_INTO.match(value) and not _SELF.search(sentence):
        return "says not of whom"
    if _SKILL.match(value) or _SOME_JOB.match(value):
        return "says not which"
    return "passing" if _TAKING.match(value) or _FRAGMENT.match(value) else ""


def _commitment(value: str, words: list[str], sentence: str) -> str:
    if _NO_VERB.match(value) or _AGAIN_WHERE.match(value) or _EVERYTHING.search(value):
        return "says not what"
    return "it is done" if _PAST_STORY.match(value) else _with_whom(value, words, sentence)


def _belief(value: str, words: list[str], _sentence: str) -> str:
    if _WITHOUT_OBJECT.search(value):
        return "breaks off"
    return "says not of what" if words[0] in _DEGREES and not _BELIEVED.search(value) else ""


def _decision(value: str, words: list[str], sentence: str) -> str:
    return "small" if _SECOND_ONE.match(value) else _with_whom(value, words, sentence)


def _with_whom(value: str, _words: list[str], _sentence: str) -> str:
    """ "Move in together", read alone, says not with whom."""
    return "says not with whom" if _TOGETHER.search(value) and not _WITH_WHOM.search(value) else ""


def _relation(value: str, _words: list[str], sentence: str) -> str:
    if value == "partner" and _OF_WORK.search(sentence):
        return "of a task"
    if value in _FAR or _VERB_AS_NAME.fullmatch(value):
        return "says not who"
    is_one = value.endswith("s") and re.search(rf"\b{re.escape(value)} (?:gotten|been|got)\b", sentence, re.IGNORECASE)
    return "one of them" if is_one else ""


_BY_CATEGORY = {
    "interest": _interest,
    "preference": _preference,
    "life_context": _life,
    "commitment": _commitment,
    "belief": _belief,
    "decision": _decision,
    "project": _with_whom,
    "relationship": _relation,
}


_SAYS_WHAT_KIND = word_set(
    "electronic folk classical acoustic instrumental orchestral "
    "romantic historical modern contemporary abstract ancient "
    "medieval renaissance foreign indie alternative traditional experimental progressive popular latin funny scary "
    "non-fiction nonfiction dystopian post-apocalyptic autobiographical"
)


def made_whole(value: str, sentence: str) -> str:
    """A kind that shares its noun with the next one, with that noun: "electronic" of "electronic and rock music"."""
    if value not in _SAYS_WHAT_KIND:
        return value
    shared = re.search(
        rf"\b{re.escape(value)}(?:, [\w-]+)*,? (?:and|or|&) [\w-]+ ({_FIELDS})\b", sentence, re.IGNORECASE
    )
    return f"{value} {shared.group(1).lower()}" if shared else value


def of_a_fan(candidate: Candidate) -> Candidate | None:
    """Who is a fan of something has an interest, whatever frame has read it: "Manchester City fan"."""
    found = _FAN.fullmatch(candidate.value)
    return candidate._replace(category="interest", value=found["of"]) if found else None
