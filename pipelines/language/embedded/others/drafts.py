"""Where in a message a draft begins that speaks for another: "Write a bio for my boss", "Caption: I love the sea"."""

from pipelines.language.embedded.grammar.words import alternatives, word_set
from pipelines.work import late_patterns as re

_SOMEBODY = "boss manager client friend colleague coworker student employee intern teammate customer ceo"
_SOMEBODYS = word_set(_SOMEBODY)
_DRAFTING = alternatives("write draft create compose make prepare generate")
_DRAFTS = alternatives(
    "bio biography speech letter e(-)mail text_message message statement post essay review profile recommendation "
    "reference cv resume cover_letter toast vow(s) application eulogy poem"
)
_FOR_SOMEBODY = re.compile(
    rf"\b{_DRAFTING}\b (?:me )?(?:an?|the|some) (?:[\w-]+ ){{0,3}}?{_DRAFTS} for "
    rf"(?:my|our|an?|the) (?:[\w-]+ ){{0,2}}?{alternatives(_SOMEBODY)}\b",
    re.IGNORECASE,
)
_LINE = "caption headline tagline slogan testimonial tweet toast quote"
_LINES = word_set(_LINE)
_HEADED = re.compile(rf"\b{alternatives(_LINE)}\b[^.:!?\n]{{0,40}}?(?::| [-\u2013\u2014])\s", re.IGNORECASE)


def drafted_from(text: str, words: frozenset[str]) -> int:
    """Where the draft begins; the text's length where there is none."""
    found = _FOR_SOMEBODY.search(text) if not words.isdisjoint(_SOMEBODYS) else None
    found = found or (_HEADED.search(text) if not words.isdisjoint(_LINES) else None)
    return found.end() if found else len(text)
