"""No text makes a regular expression of the engine run for ever: its time grows with the text, up to a small bound."""

import json
import re
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

import pytest

from pipelines.contract import Extraction, Passage
from pipelines.language.embedded import EmbeddedLanguage
from pipelines.language.embedded.extracting import extract_passages
from pipelines.v2.run import run as v2
from pipelines.work.time_limit import OverTime, Unlimited
from tests.amount import amount
from tests.pipelines.export.shapes import chain, message
from tests.pipelines.language.embedded.nested_repeats import ambiguous_repeats
from tests.pipelines.language.embedded.odd_texts import odd_texts
from tests.pipelines.language.embedded.patterns import STEEPEST, patterns, steepness
from tests.pipelines.language.embedded.reading import said
from tests.pipelines.ports import EchoLanguage, bench, inline_compute

T = TypeVar("T")
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


@pytest.mark.parametrize(
    ("text", "length", "steep"), [("x+x+x+y", 200, True), ("x+x+y", 1500, True), ("x++x*y", 1500, False)]
)
def test_a_pattern_that_grows_faster_than_the_text_would_be_found(text: str, length: int, *, steep: bool) -> None:
    tries = (steepness(re.compile(text), "x" * length, "x" * 4 * length, anywhere=False) for _ in range(3))
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


def test_odd_messages_take_a_time_that_grows_with_their_length() -> None:
    extract_passages([said("I live in Lisbon.")])
    slow = []
    for text in odd_texts(amount(300, 10_000)):
        for _ in range(3):
            start = time.process_time()
            extract_passages([said(text)])
            if (took := time.process_time() - start) < 0.2 + len(text) * 50e-6:
                break
        else:
            slow.append((took, text[:60]))
    assert slow == []


class Interrupting(Unlimited):
    """Breaks off each text with a word in it, as a limit does that of one that takes too long."""

    def __init__(self, nth: int) -> None:
        self.nth, self.met = nth, 0

    def run(self, work: Callable[[], T], seconds: float) -> T:
        self.met += 1
        if self.met == self.nth:
            raise OverTime
        return super().run(work, seconds)


def test_a_message_that_takes_too_long_costs_itself_and_no_other() -> None:
    texts = [
        f"I live in {chr(65 + n // 26 % 26)}{chr(97 + n % 26)}burg{n}. My cat is called Tom{n}." for n in range(1000)
    ]
    passage = said(*texts)
    whole, less = extract_passages([passage]), extract_passages([passage], Interrupting(500))
    assert (less.given_up, less.unread_chars) == (1, len(texts[499]))
    assert less.read_chars == whole.read_chars - len(texts[499])
    lost = {fact.message_id for fact in whole.facts} - {fact.message_id for fact in less.facts}
    assert lost == {"m499"}


async def test_the_job_says_how_many_messages_took_too_long(tmp_path: Path) -> None:
    class Slow(EchoLanguage):
        async def extract(self, passages: "list[Passage] | tuple[Passage, ...]") -> Extraction:  # type: ignore[override]
            return Extraction((await super().extract(passages)).facts, {}, 90, 10, given_up=3)

    export = tmp_path / "export.json"
    export.write_text(json.dumps([chain(message(text="hello"))]))
    ports = bench(tmp_path / "work", export, language=Slow())
    result = await v2(ports.request, ports.ports)
    assert result.unread_share == 0.1
    assert any("took too long to read, and were left out: 3." in warning for warning in result.warnings)


async def test_two_hundred_sentences_with_odd_apostrophes_are_read(tmp_path: Path) -> None:
    openings = ("Go get 'em!", "Rock 'n roll, y'all!", "'Twas the dogs' day!", "The '90s kids' 'thing' o' mine,")
    rests = (
        " Believe in your abilities and you'll reach your goals.",
        " don't stop 'til you're done",
        " I'm 'fine' now",
    )
    texts = [
        f"{opening * times}{rest * again}{end}"
        for opening in openings for rest in rests for times in (1, 3, 40) for again in (1, 9, 50) for end in ("", " '")
    ]  # fmt: skip
    export = tmp_path / "export.json"
    export.write_text(json.dumps([chain(message(text=text), id=str(n)) for n, text in enumerate(texts)]))
    ports = bench(tmp_path / "work", export, language=EmbeddedLanguage(inline_compute))
    result = await v2(ports.request, ports.ports)
    assert (len(texts), result.total_conversations, result.unread_share) == (216, 216, 0.0)


@pytest.mark.parametrize(
    ("text", "bad"),
    [
        (r"(?:a+)+b", True), (r"(?:\w+\s?)*x", True), (r"(?:\s*\w+)*:", True), (r"(?:a|b+|bb)*c", True),
        (r"(?:[\w-]+ )+x", False), (r"(?:a++)+b", False), (r"(?:a+,)+b", False), (r"(?:\w+){0,3}x", False),
        (r"(?>(?:a+)+)b", True), (r"(?:'[^'\n]*'(?=\w))*", False),
    ],
)  # fmt: skip
def test_a_repeat_that_shares_its_text_with_one_around_it_is_found(text: str, *, bad: bool) -> None:
    assert bool(ambiguous_repeats(re.compile(text))) is bad
