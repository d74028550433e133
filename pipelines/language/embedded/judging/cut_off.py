"""Whether a value was cut off its sentence: what stands after it, or with whom, is what would make it whole."""

import re

from pipelines.language.embedded.grammar.words import alternatives, word_set
from pipelines.language.embedded.judging.stumps import words_of

_OPEN_ENDS = word_set("since until during between among without within unless whether about toward towards despite")
_AS_MANY = re.compile(r"\bas (?:many|much|few|little|often|far|long) \S+$|\bas (?:many|much|often)$")
_BROKEN = re.compile(r"\b(?:on|in|at|for) (?:in|on|at|for)\b")
_TOGETHER = re.compile(r"\btogether\b")
_WITH_WHOM = re.compile(r"\bwith\b")
_FIELDS = alternatives(
    "music song(s) art dance movie(s) film(s) book(s) game(s) novel(s) literature food cuisine history fiction poetry "
    "design clothes fashion cars instrument(s)"
)
_SAYS_WHAT_KIND = word_set(
    "electronic folk classical acoustic instrumental orchestral "
    "romantic historical modern contemporary abstract ancient "
    "medieval renaissance foreign indie alternative traditional experimental progressive popular latin funny scary "
    "non-fiction nonfiction dystopian post-apocalyptic autobiographical"
)


def is_cut_off(value: str) -> bool:
    """Whether it ends, or was joined, where a sentence goes on: "project to watch as many movies", "on in July"."""
    words = words_of(value)
    breaks = _AS_MANY.search(value) or _BROKEN.search(value)
    return bool(breaks) or (words[-1:] != [] and words[-1] in _OPEN_ENDS)


def lacks_company(value: str) -> bool:
    """ "Move in together", read alone, says not with whom."""
    return _TOGETHER.search(value) is not None and not _WITH_WHOM.search(value)


def made_whole(value: str, sentence: str) -> str:
    """A kind that shares its noun with the next one, with that noun: "electronic" of "electronic and rock music"."""
    if value not in _SAYS_WHAT_KIND:
        return value
    shared = re.search(
        rf"\b{re.escape(value)}(?:, [\w-]+)*,? (?:and|or|&) [\w-]+ ({_FIELDS})\b", sentence, re.IGNORECASE
    )
    return f"{value} {shared.group(1).lower()}" if shared else value
