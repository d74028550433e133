"""Patterns that are compiled when they are first used do what `re` does, and are compiled once."""

import gc
import re
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.work import late_patterns

PATTERNS = (r"a+(b)?", r"(?<=a)B", r"\b\w{2,4}\b", r"^.*$", r"[,;]\s*", r"")
USES: tuple[Callable[["re.Pattern[str]", str], Any], ...] = (
    lambda pattern, text: _spans(pattern.search(text)),
    lambda pattern, text: _spans(pattern.match(text, 1)),
    lambda pattern, text: _spans(pattern.fullmatch(text)),
    lambda pattern, text: [*map(_spans, pattern.finditer(text))],
    lambda pattern, text: pattern.findall(text),
    lambda pattern, text: pattern.split(text, maxsplit=2),
    lambda pattern, text: pattern.sub("-", text),
)
FLAGS = (0, re.IGNORECASE, re.DOTALL, re.IGNORECASE | re.MULTILINE)


def _spans(found: "re.Match[str] | None") -> Any:
    return found and (found.span(), found.groups(), found.re.pattern)


@given(st.sampled_from(PATTERNS), st.sampled_from(FLAGS), st.text("aAbB ,;\n"), st.lists(st.sampled_from(USES)))
def test_each_use_gives_what_a_compiled_pattern_gives(
    pattern: str, flags: int, text: str, uses: list[Callable[["re.Pattern[str]", str], Any]]
) -> None:
    late, known = late_patterns.compile(pattern, flags), re.compile(pattern, flags)
    assert [use(late, text) for use in uses] == [use(known, text) for use in uses]


def test_it_is_compiled_when_it_is_first_used_and_never_again() -> None:
    late = late_patterns.compile("(")
    for _ in range(2):
        with pytest.raises(re.error):
            late.search("")
    late = late_patterns.compile("a")
    assert late.search("a")
    assert late.match.__self__ is late.search.__self__  # type: ignore[attr-defined]


def test_all_can_be_compiled_before_they_are_used() -> None:
    gc.collect()  # among those that are there is none of another test
    held = [late_patterns.compile("a"), late_patterns.compile("b")]
    assert late_patterns.compile_all() >= len(held)
    assert {type(late.search) for late in held} == {type(re.compile("a").search)}
