"""The words of a message, found once; every costly pattern is tried only when a word of its kind is there."""

from collections.abc import Sequence
from functools import lru_cache

from pipelines.work import late_patterns as re
from pipelines.work.word_lists import alternatives, first_words, word_set

__all__ = [
    "READ_HEAD",
    "READ_TAIL",
    "alternatives",
    "first_word",
    "first_words",
    "plain",
    "vocabulary",
    "word_set",
    "words_in",
]

READ_HEAD = 6000  # of a longer message, its beginning
READ_TAIL = 2000  # and its end are read: what lies between is pasted

_WORD = re.compile(r"\w+(?:'\w+)*")
_LOOSE = re.compile(r"'(?:(?!\w)|(?<!\w'))")  # an apostrophe that stands in no word
_PLAIN = bytes(ord(chr(code).lower() if chr(code).isalnum() or chr(code) in "_'" else " ") for code in range(128))
_PLAIN += bytes(128)  # a table has all bytes, of which ASCII has half


def plain(text: str) -> str:
    """`text` with straight apostrophes and plain spaces; same length."""
    return text if text.isascii() else text.replace("\u2019", "'").replace("\u2018", "'").replace("\u00a0", " ")


@lru_cache(maxsize=1)  # a message is often one sentence, whose words are asked for again
def words_in(text: str) -> Sequence[str]:
    """The lower-case words of a plain text, in order."""
    if not text.isascii() or ("'" in text and _LOOSE.search(text)):
        return _WORD.findall(text.lower())
    return text.encode("ascii").translate(_PLAIN).decode("ascii").split()  # the same, in a fifth of the time


@lru_cache(maxsize=2)
def first_word(text: str) -> str:
    """The first of a plain text's words, up to an apostrophe: "i" of "I'm here"; "" where there are none.

    A rule for how sentences begin needs no look at one whose first word is none of `first_words`.
    """
    words = words_in(text)
    return words[0].partition("'")[0] if words else ""


@lru_cache(maxsize=1)
def vocabulary(text: str) -> frozenset[str]:
    """The distinct lower-case words of the parts of a plain text that are read."""
    if len(text) > READ_HEAD + READ_TAIL:
        text = f"{text[:READ_HEAD]} {text[-READ_TAIL:]}"
    return frozenset(words_in(text))
