"""Word lists as sets and as patterns."""

import re
from collections.abc import Iterator, Sequence

_MANY = 7  # words that are tried one by one
_FIRST = re.compile(r"\w+")


def word_set(text: str) -> frozenset[str]:
    """The words of `text`, which are divided by spaces."""
    return frozenset(text.split())


def alternatives(text: str) -> str:
    """A group that matches one of the words of `text`, which are divided by spaces; "_" is a space inside a phrase.

    The longest come first, so that none hides one that begins with it; "nurse(s)" stands for "nurse" and "nurses".
    """
    words = sorted(text.split(), key=lambda word: (-len(word), word))
    return f"(?:{_first_letters(words)}(?:{'|'.join(map(_escaped, words))}))"


def first_words(text: str) -> frozenset[str]:
    """The words that a phrase of such a list can begin with, each up to an apostrophe, a hyphen or a full stop."""
    return frozenset(word for phrase in text.split() for word in _beginnings(phrase.replace("_", " ")))


def _beginnings(phrase: str) -> Iterator[str]:
    """Of each form that a phrase has with and without its parts in brackets."""
    before, optional, after = phrase.partition("(")
    if optional:
        inside, _, rest = after.partition(")")
        yield from _beginnings(before + rest)
        yield from _beginnings(before + inside + rest)
    elif first := _FIRST.match(phrase):
        yield first.group()


def _first_letters(words: Sequence[str]) -> str:
    """A look at the first letter, which spares most places in a text a trial of every word: without regard to case
    `re` has no such look of its own. Users' text is read a sixth faster for it (a tree of shared beginnings gains
    no more, and takes half as long again to compile)."""
    first = sorted({word[0] for word in words})
    return f"(?=[{''.join(first)}])" if len(words) >= _MANY and all(map(str.isalnum, first)) else ""


def _escaped(word: str) -> str:
    return re.escape(word.replace("_", " ")).replace(r"\(", "(?:").replace(r"\)", ")?").replace("\\ ", " ")
