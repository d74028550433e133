"""The words of a message, found once; every costly pattern is tried only when a word of its kind is there."""

import re

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


def word_set(text: str) -> frozenset[str]:
    """The words of `text`, which are divided by spaces."""
    return frozenset(text.split())


def alternatives(text: str) -> str:
    """A group that matches one of the words of `text`, which are divided by spaces; "_" is a space inside a phrase.

    The longest come first, so that none hides one that begins with it; "nurse(s)" stands for "nurse" and "nurses".
    """
    words = sorted(text.split(), key=lambda word: (-len(word), word))
    return f"(?:{'|'.join(map(_escaped, words))})"


def _escaped(word: str) -> str:
    return re.escape(word.replace("_", " ")).replace(r"\(", "(?:").replace(r"\)", ")?").replace("\\ ", " ")
