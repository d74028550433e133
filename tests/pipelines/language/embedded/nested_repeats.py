"""Finds repeats in repeats that can share one text out between them in many ways: their time doubles with each letter.

"(?:a+)+b" is one: nothing in the text tells how often the outer part comes. "(?:a+,)+b" is none: the comma tells it.
Run as a program, it looks through every pattern of the three packages, as part of `make check`.
"""

import re
import sys
from collections.abc import Iterator, Sequence
from re import _constants as op  # type: ignore[attr-defined]
from re import _parser  # type: ignore[attr-defined]
from typing import Any

from tests.pipelines.language.embedded.patterns import EVERYTHING, _class_of, patterns

OFTEN = 12  # times that a part may come, from which on its ways count as many
LETTERS = [*map(chr, range(1, 128)), "\u00e9", "\u2019", "\u4e00", "\u0301", "\u00a0"]
BACKTRACKING = {op.MAX_REPEAT, op.MIN_REPEAT}
ANY = frozenset(LETTERS)


def ambiguous_repeats(pattern: "re.Pattern[Any]") -> list[str]:
    """Each repeat in a repeat whose text the outer one could as well share out otherwise."""
    text = pattern.pattern if isinstance(pattern.pattern, str) else pattern.pattern.decode("latin-1")
    return [*_in(list(_parser.parse(text, pattern.flags & ~re.UNICODE)))]


def _in(nodes: Sequence[Any]) -> Iterator[str]:
    for kind, value in nodes:
        if kind in BACKTRACKING and value[1] >= OFTEN:
            body = list(value[2])
            for inner, after in _repeats(body, []):
                follow = first(after) | (first(body) if nullable(after) else frozenset())
                if first(list(inner[2])) & follow:
                    yield f"{inner[2]} in {body}"[:200]
        for part in _parts(kind, value):
            yield from _in(part)


def _repeats(nodes: Sequence[Any], after: list[Any]) -> Iterator[tuple[Any, list[Any]]]:
    """The repeats in a body, each with what follows it there."""
    for index, (kind, value) in enumerate(nodes):
        rest = [*nodes[index + 1 :], *after]
        if kind in BACKTRACKING and value[1] >= OFTEN:
            yield value, rest
        if kind is not op.ATOMIC_GROUP and kind is not op.POSSESSIVE_REPEAT:
            for part in _parts(kind, value):
                yield from _repeats(part, rest)


def _parts(kind: Any, value: Any) -> list[list[Any]]:
    """The sequences that a node holds."""
    if kind in {op.MAX_REPEAT, op.MIN_REPEAT, op.POSSESSIVE_REPEAT}:
        return [list(value[2])]
    if kind is op.BRANCH:
        return [list(branch) for branch in value[1]]
    if kind is op.SUBPATTERN:
        return [list(value[-1])]
    return [list(value)] if kind is op.ATOMIC_GROUP else []


def first(nodes: Sequence[Any]) -> frozenset[str]:
    """Letters with which a sequence can begin; looks around are passed over."""
    found: frozenset[str] = frozenset()
    for kind, value in nodes:
        parts = _parts(kind, value)
        if parts:
            found |= frozenset[str]().union(*map(first, parts))
        elif kind is op.LITERAL:
            found |= {chr(value), chr(value).swapcase()}
        elif kind is op.ANY:
            found |= ANY
        elif kind in {op.IN, op.NOT_LITERAL, op.CATEGORY}:
            one = re.compile(_class_of(kind, value))
            found |= frozenset(letter for letter in LETTERS if one.match(letter))
        elif kind is op.GROUPREF:
            found |= ANY
        if not nullable([(kind, value)]):
            break
    return found


def nullable(nodes: Sequence[Any]) -> bool:
    """Whether a sequence can match nothing."""
    for kind, value in nodes:
        parts = _parts(kind, value)
        if kind in {op.MAX_REPEAT, op.MIN_REPEAT, op.POSSESSIVE_REPEAT}:
            empty = value[0] == 0 or nullable(parts[0])
        elif parts:
            empty = any(map(nullable, parts))
        else:
            empty = kind in {op.AT, op.ASSERT, op.ASSERT_NOT, op.GROUPREF}
        if not empty:
            return False
    return True


if __name__ == "__main__":
    found = patterns(*EVERYTHING)
    bad = [f"{name}: {part}" for name, (pattern, _) in found.items() for part in ambiguous_repeats(pattern)]
    print(*(bad or [f"Patterns: {len(found)} looked through, no repeat shares its text with one around it."]), sep="\n")
    sys.exit(bool(bad))
