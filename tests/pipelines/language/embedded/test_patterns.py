"""No text makes a regular expression of the engine run for ever: the time grows at most with the square of the text."""

import re
import subprocess
import sys

import pytest

from pipelines.language.embedded import extract_passages
from tests.pipelines.language.embedded.patterns import STEEPEST, patterns, steepness
from tests.pipelines.language.embedded.reading import said

PATIENCE = 480  # seconds: not a bound on speed, only on "for ever"
CHILD = "tests.pipelines.language.embedded.patterns"


def test_every_pattern_ends_on_texts_that_nearly_match() -> None:
    try:
        done = subprocess.run(
            [sys.executable, "-m", CHILD], capture_output=True, text=True, timeout=PATIENCE, check=False
        )
    except subprocess.TimeoutExpired as error:
        tried = error.stdout.decode() if isinstance(error.stdout, bytes) else error.stdout or ""
        pytest.fail(f"never ended: {tried.splitlines()[-1:]}")
    assert done.returncode == 0, done.stdout.splitlines()[-1:] + done.stderr.splitlines()[-1:]


def test_the_patterns_are_found_wherever_they_stand() -> None:
    names = patterns()
    assert len(names) > 300
    for part in ("masks._SINGLE", "telling.TELLING", "possessive._KINDS"):
        assert any(part in name for name in names), part


@pytest.mark.parametrize(("text", "steep"), [("x+x+x+y", True), ("x+x+y", False), ("x++x*y", False)])
def test_a_pattern_that_grows_with_the_cube_of_the_text_would_be_found(text: str, *, steep: bool) -> None:
    tries = (steepness(re.compile(text), "x" * 300, "x" * 600, anywhere=False) for _ in range(3))
    assert any(one > STEEPEST for one in tries) is steep  # a busy machine may hide it once


@pytest.mark.parametrize(
    "text",
    [
        "Show 'em what you can do! Trust your training and you'll win your race. Keep calm, keep going, keep smiling!",
        "Rock 'n roll will never die, and don't you forget it, whatever your neighbours say about your guitar, Sam",
        "'Twas brillig, and the slithy toves did gyre and gimble in the wabe, and mimsy were the borogoves, no?",
        "'" + "don't worry, be happy " * 90,
    ],
)
def test_an_apostrophe_that_opens_no_quotation_is_read_at_once(text: str) -> None:
    assert extract_passages([said(text)]).read_chars == len(text)
