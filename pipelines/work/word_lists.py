"""Word lists as sets and as patterns."""

import re


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
