"""The words of a message, found once; every costly pattern is tried only when a word of its kind is there."""

import re

from pipelines.work.word_lists import alternatives, word_set

__all__ = ["READ_HEAD", "READ_TAIL", "alternatives", "plain", "vocabulary", "word_set"]

READ_HEAD = 6000  # of a longer message, its beginning
READ_TAIL = 2000  # and its end are read: what lies between is pasted

_WORD = re.compile(r"\w+(?:'\w+)*")


def plain(text: str) -> str:
    """`text` with straight apostrophes and plain spaces; same length."""
    return text if text.isascii() else text.replace("\u2019", "'").replace("\u2018", "'").replace("\u00a0", " ")


def vocabulary(text: str) -> frozenset[str]:
    """The distinct lower-case words of the parts of a plain text that are read."""
    if len(text) > READ_HEAD + READ_TAIL:
        text = f"{text[:READ_HEAD]} {text[-READ_TAIL:]}"
    return frozenset(_WORD.findall(text.lower()))
