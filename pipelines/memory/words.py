"""Many values are found in a text as whole words: each word is looked up, so a long list costs about as a short one.

One pattern of thousands of alternatives would try them all at each word, and let no other thread run meanwhile.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import Final

from pipelines.work import late_patterns as re
from pipelines.work.word_lists import word_set

_WORD: Final = re.compile(r"\w+")
_OWN: Final = word_set("my our their")
# First names and places that are words, too: "I will" says nothing of a Will.
_ALSO_WORDS: Final = word_set(
    "will may mark rose grace hope joy faith art bill rob sue pat dawn april june august summer autumn ivy violet "
    "daisy iris lily olive hazel jack chase grant frank dean drew guy max miles nick norm penny ray rich rusty "
    "sandy skip sterling stormy wade ward woody young crystal amber ruby pearl jasmine heather ginger basil herb "
    "cliff dale forest glen heath lane river brook duke earl king major noble price sage star bath reading nice "
    "orange mobile cork sale hull deal battle rugby sandwich"
)


def is_also_a_word(name: str) -> bool:
    """Whether a name, as it is written, is an ordinary word when it is written small."""
    return name.casefold() in _ALSO_WORDS and not name.islower()


Shape = tuple[int, str]  # how many characters stand before the first word, and the pattern of the whole


class Words:
    """`values` in whatever case, whoever "my" is; `names` only as they are written, or all in capitals."""

    def __init__(self, values: Iterable[str], names: Iterable[str] = ()) -> None:
        self._shapes: dict[str, set[Shape]] = defaultdict(set)  # by first word
        self._patterns: dict[str, list[tuple[int, re.Pattern[str]]]] = {}  # the same, once it was met
        self._wordless = sorted({value for value in values if value.strip() and not _WORD.search(value)}, key=len)
        for value in values:
            self._add(value, _shape_of(value))
        for name in names:
            self._add(name, _shape_of_name(name))

    def __bool__(self) -> bool:
        return bool(self._shapes or self._wordless)

    def search(self, text: str) -> bool:
        """Whether one of them stands in the text."""
        return any(value in text for value in self._wordless) or next(self._spans(text), None) is not None

    def sub(self, by: str, text: str) -> str:
        """The text with `by` in the place of each of them, of two that overlap the first, of two there the longer."""
        parts, end = list[str](), 0
        for start, stop in self._spans(text):
            if start >= end:
                parts += [text[end:start], by]
                end = stop
        told = "".join([*parts, text[end:]])
        for value in reversed(self._wordless):
            told = told.replace(value, by)
        return told

    def _add(self, value: str, shape: Shape | None) -> None:
        if shape is not None and (first := _WORD.search(value)):
            key = first.group().casefold()
            for one in _OWN if key in _OWN else (key,):
                self._shapes[one].add(shape)

    def _spans(self, text: str) -> Iterator[tuple[int, int]]:
        for word in _WORD.finditer(text):
            key = word.group().casefold()
            if key in self._shapes and (found := self._longest(key, text, word.start())):
                yield found

    def _longest(self, key: str, text: str, at: int) -> tuple[int, int] | None:
        if key not in self._patterns:
            self._patterns[key] = _compiled(self._shapes[key])
        found = [pattern.match(text, at - ahead) for ahead, pattern in self._patterns[key] if at >= ahead]
        return max((one.span() for one in found if one), key=lambda span: span[1] - span[0], default=None)


def _compiled(shapes: Iterable[Shape]) -> list[tuple[int, re.Pattern[str]]]:
    """A pattern for each distance of the first word, the longest values first."""
    by_distance: dict[int, list[str]] = defaultdict(list)
    for ahead, pattern in sorted(shapes, key=lambda shape: (-len(shape[1]), shape)):
        by_distance[ahead].append(pattern)
    return [
        (ahead, re.compile(rf"(?<!\w)(?:{'|'.join(patterns)})(?!\w)", re.IGNORECASE))
        for ahead, patterns in by_distance.items()
    ]


def _shape_of(value: str) -> Shape | None:
    first = _WORD.search(value)
    words = (r"(?:my|our|their)" if word.casefold() in _OWN else re.escape(word) for word in value.split())
    return (first.start() - (len(value) - len(value.lstrip())), r"\s+".join(words)) if first else None


def _shape_of_name(name: str) -> Shape:
    return 0, rf"(?-i:{re.escape(name)}|{re.escape(name.upper())})"
