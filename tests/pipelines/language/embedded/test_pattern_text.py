"""How the engine's patterns are written: words stand in named lists, and no line of a pattern ends inside a phrase."""

import re
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import pytest

import pipelines.language.embedded as engine

ROOT = Path(engine.__file__).parent
FILES = sorted(ROOT.rglob("*.py"))
WORDS_IN_A_ROW = 9  # more of them are a list, for `alternatives`
LONG = 150  # characters of a pattern

_PIECE = re.compile(r'^ *rf?"(.*)"[,)]*$')  # one line of a pattern
_ENDS_IN_A_WORD = re.compile(r"(?<!\\)[\w ]$")
_WORDS = re.compile(rf"(?:(?<!\\)\b[\w' -]+\|){{{WORDS_IN_A_ROW},}}")


def broken_patterns(text: str) -> Iterator[list[str]]:
    """The lines of each pattern."""
    pieces: list[str] = []
    for line in [*text.splitlines(), ""]:
        found = _PIECE.match(line)
        if found:
            pieces.append(found.group(1))
        elif pieces:
            yield pieces
            pieces = []


def cut_phrases(text: str) -> list[str]:
    """Where a line ends in a word and the next goes on with one."""
    return [
        f"{first[-30:]} / {second[:30]}"
        for pieces in broken_patterns(text)
        for first, second in pairwise(pieces)
        if _ENDS_IN_A_WORD.search(first) and re.match(r"[\w ]", second)
    ]


def spelled_lists(text: str) -> list[str]:
    """Long patterns in which so many words follow each other that they should be a list with a name."""
    patterns = ["".join(pieces) for pieces in broken_patterns(text)]
    return [found.group() for pattern in patterns if len(pattern) > LONG for found in _WORDS.finditer(pattern)]


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_no_line_of_a_pattern_ends_inside_a_phrase(path: Path) -> None:
    assert not cut_phrases(path.read_text(encoding="utf-8"))


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_the_words_of_a_long_pattern_stand_in_a_list(path: Path) -> None:
    assert not spelled_lists(path.read_text(encoding="utf-8"))


def test_the_rules_see_what_they_forbid() -> None:
    words = "|".join(["nurse", "doctor", "head of"] * 30)
    assert cut_phrases('    r"(?:nurse|head "\n    r"of|doctor)\\b",\n') == ["(?:nurse|head  / of|doctor)\\b"]
    assert cut_phrases('    r"(?:nurse|head of|"\n    r"doctor)\\b"\n    r"done"\n') == []
    assert spelled_lists(f'    r"(?:{words})\\b",\n')
    assert not spelled_lists('    r"(?:nurse|doctor|head of)\\b",\n')
