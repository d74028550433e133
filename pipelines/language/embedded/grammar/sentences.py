"""Cuts a message into sentences and sentences into clauses, by offsets, in linear time."""

from collections.abc import Iterator
from typing import NamedTuple

from pipelines.work import late_patterns as re

MASK = "\x01"  # stands for each character that is not the user's own statement
LONGEST_SENTENCE = 400  # characters of one sentence that are read

# Begins with one set of characters: whatever is none of them is skipped several times as fast as by alternatives.
_BREAK = re.compile(
    r"[.!?\n\r…](?:(?<=…)|(?<=[\n\r])[\n\r]*|(?<=[.!?])(?<![.!?].)[.!?]*+[\"')\]*_]*+(?=\s|$))", re.DOTALL
)
_ABBREVIATION = re.compile(
    r"(?:\b(?:mr|mrs|ms|dr|st|vs|etc|approx|prof|jr|sr|no|fig|inc|ltd|dept)|\b[a-z](?:\.[a-z]){0,8})\.$", re.IGNORECASE
)
_LONG_ABBREVIATIONS = ("prof", "dept", "approx")  # of four letters and more
_BULLET = re.compile(r"(?:[-*•\u2013]|\d{1,2}[.)])\s+")


class Sentence(NamedTuple):
    """A span of a message: `text` is the masked text, `start` and `end` its place in the original."""

    text: str
    start: int
    end: int

    @property
    def asks(self) -> bool:
        return self.text.endswith("?")


def split_sentences(text: str) -> Iterator[Sentence]:
    """Yield the sentences of `text`; a line end always ends one."""
    start = 0
    for found in _BREAK.finditer(text):
        end = found.end()
        if end < len(text) and found.group().startswith(".") and _may_abbreviate(text, start, end):
            before = text[max(start, end - 3) : end]
            if before.lower() not in {" i.", "me."}:
                continue
        if sentence := _sentence(text, start, end):
            yield sentence
        start = end
    if sentence := _sentence(text, start, len(text)):
        yield sentence


def _may_abbreviate(text: str, start: int, end: int) -> bool:
    """Whether a full stop stands behind an abbreviation. Most words before one are too long: only a short one, or one
    of a list, is worth the pattern."""
    tail = text[max(start, end - 8) : end]
    if tail[-5:-1].isalpha() and len(tail) > 4 and not tail[:-1].lower().endswith(_LONG_ABBREVIATIONS):
        return False
    return _ABBREVIATION.search(text, max(start, end - 8), end) is not None


def _sentence(text: str, start: int, end: int) -> Sentence | None:
    if end - start <= 2:
        return None
    while start < end and text[start].isspace():
        start += 1
    if start < end and not text[start].isalpha() and (bullet := _BULLET.match(text, start, end)):
        start = bullet.end()
    while end > start and text[end - 1].isspace():
        end -= 1
    if end - start <= 2:
        return None
    end = min(end, start + LONGEST_SENTENCE)
    return Sentence(text[start:end], start, end)
