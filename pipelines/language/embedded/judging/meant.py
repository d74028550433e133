"""Whether a sentence is meant as it stands: neither in jest, nor to say that it is not so."""

from pipelines.contract import Category
from pipelines.language.embedded.frames.candidate import Candidate
from pipelines.language.embedded.judging.shapes import is_gerund
from pipelines.work import late_patterns as re

_OF_THE_CHAT = frozenset[Category](["belief", "commitment", "decision", "project"])
_LAUGHING = re.compile(
    r"\b(?:lol|lmao|rofl|(?:ha){2,}h?|hehe|jk|xd+|just kidding)\b|[\U0001f602\U0001f923]", re.IGNORECASE
)
_NO_WAY = re.compile(  # "There is no way I sign up for that", "As if I work out"
    r"\b(?:no way(?: that)?|as if|not that|like hell|pretend(?:ing)?(?: that)?|imagine(?: if)?) i\b", re.IGNORECASE
)
_NO_WAY_WORDS = ("no way", "as if", "not that", "like hell", "pretend", "imagine")  # of which it has one
_SAID_AFTER = re.compile(  # "I am a sailor, he says."
    r",[\"\u201d]? (?:he|she|they|the \w+|[A-Z]\w+) (?:says?|said|lied|replied|answered|whispered|thought)\b[^,]{0,12}$"
)
_AFTER_ALL = re.compile(r"\bthen\W*(?:lol\W*)?$", re.IGNORECASE)  # "Well I hate tea then!"
LONGEST_TAKING_BACK = 30  # characters
_TAKEN_BACK = re.compile(
    r"\W*(?:(?:but|or|well|haha|lol|actually|no)\W+)*(?:not really|jk|j/k|si[ck]e|psych|just kidding|kidding)"
    r"(?:\W+(?:lol|haha|though|tho|lmao))*\W*$",
    re.IGNORECASE,
)
_ASKED_FOR = ("manners", "naming", "requests")
_END = 8  # characters by which the end of a value is found again in its sentence


def takes_back(said: str) -> bool:
    """Whether words that follow a statement take it back: "jk", "Not really"."""
    return _TAKEN_BACK.match(said) is not None


def banters(candidate: Candidate, sentence: str) -> bool:
    """Whether it only answers in jest what another said: nobody is held to "I have to work on my aura then lol"."""
    if candidate.rule.startswith(_ASKED_FOR):
        return False
    low = sentence.lower()  # words are looked for before patterns are tried at every place
    if "n't not " in low:  # "I don't not like football"
        return True
    if _SAID_AFTER.search(sentence):
        return True
    denied = _NO_WAY.search(sentence) if any(words in low for words in _NO_WAY_WORDS) else None
    if denied and denied.end() < sentence.rfind(candidate.value[-_END:]):
        return True
    doing = candidate.rule == "tastes.like" and is_gerund(candidate.value.partition(" ")[0])
    said = sentence.rpartition(candidate.value)[2] if doing else sentence  # "Haha, I like baking" is meant
    jest = (doing or candidate.category in _OF_THE_CHAT) and _LAUGHING.search(said) is not None
    return jest or ("then" in low and _AFTER_ALL.search(sentence) is not None)
