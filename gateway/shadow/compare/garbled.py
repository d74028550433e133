"""Text that one side gives whole and the other damaged: its case, its encoding, cut off, repeated, or blank."""

import re
from collections import Counter
from collections.abc import Mapping
from typing import Any

from gateway.shadow.compare.model import Finding
from gateway.shadow.compare.normalise import MAX_TEXT, clean_text, is_missing
from gateway.shadow.compare.rules import rule_for

LETTERS = 12  # fewer say nothing about case: "USA", "NASA"
SHOUTED = 0.8  # share of capitals
CUT_CHARACTERS = 20  # so many less at the end are cut off
REPEATS = 4  # of one line, or of one word in a row

# What UTF-8 looks like when it was read as Latin-1, characters that could not be read, escapes that were not undone.
_BROKEN = re.compile(r"[\u00c2\u00c3][\u0080-\u00bf]|\u00e2\u20ac|\ufffd|\\u[0-9a-fA-F]{4}|&(?:amp|quot|lt|gt|#\d+);")
_WORD_AGAIN = re.compile(r"(?i)\b(\w{2,40})(?:\W{1,3}\1\b){%d,}" % (REPEATS - 1))  # noqa: UP031 - braces of its own


def garbled(one: Mapping[str, Any], other: Mapping[str, Any]) -> list[Finding]:
    """The fields in which only the other side is damaged; what, as words."""
    found = []
    for name in sorted(one.keys() & other.keys()):
        if rule_for(name).kind not in ("said", "text") or is_missing(one[name]):
            continue
        why = how_garbled(flat(one[name]), flat(other[name]), blank=isinstance(other[name], str))
        if why:
            found.append(Finding("garbled", name, why))
    return found


def how_garbled(one: str, other: str, *, blank: bool = True) -> str | None:
    """How `other` is damaged where `one` is not; None if it is not."""
    if not other.strip():
        return "blank" if blank else None
    reasons = (
        (shouts(other) and not shouts(one), "all capitals"),
        (flattened(one, other), "capitals lost"),
        (bool(_BROKEN.search(other)) and not _BROKEN.search(one), "encoding"),
        (cut_off(one, other), "cut off"),
        (repeats(other) > max(REPEATS - 1, 2 * repeats(one)), "repetition"),
    )
    return next((why for true, why in reasons if true), None)


def flat(value: Any) -> str:
    """A field as text, its items in lines."""
    if isinstance(value, str):
        return value[:MAX_TEXT]
    if isinstance(value, list | tuple):
        return "\n".join(item for item in value if isinstance(item, str))[:MAX_TEXT]
    return ""


def shouts(text: str) -> bool:
    """Whether nearly all letters are capitals."""
    upper, lower = sum(map(str.isupper, text)), sum(map(str.islower, text))
    return upper + lower >= LETTERS and upper >= SHOUTED * (upper + lower)


def flattened(one: str, other: str) -> bool:
    """Whether the same text has lost all its capitals."""
    return (
        one != other
        and any(map(str.isupper, one))
        and not any(map(str.isupper, other))
        and one.casefold() == other.casefold()
    )


def cut_off(one: str, other: str) -> bool:
    """Whether the other is the beginning of the one, and stops before its end."""
    left, right = clean_text(one), clean_text(other).rstrip(".… ")
    return bool(right) and len(left) - len(right) >= CUT_CHARACTERS and left.startswith(right)


def repeats(text: str) -> int:
    """How often the line, or the word in a row, that comes most often does."""
    said = (line.strip() for line in text.splitlines() if not is_missing(line.strip("_*# ")))
    lines = Counter(line for line in said if len(line) >= LETTERS)
    again = max((len(found[0].split()) for found in _WORD_AGAIN.finditer(text)), default=1)
    return max(again, max(lines.values(), default=1))
