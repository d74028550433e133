"""The judge of extracted values: known junk is not told, and what is told stands alone."""

import json
from pathlib import Path
from typing import Any, get_args

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from pipelines.contract import Category
from pipelines.language.embedded.frames.candidate import Candidate
from pipelines.language.embedded.judging.judge import fitting, objection
from pipelines.language.embedded.judging.stumps import stump
from pipelines.memory.endings import NO_LONGER
from tests.pipelines.language.embedded.reading import read

JUNK = [json.loads(line) for line in (Path(__file__).parents[1] / "junk.jsonl").read_text("utf-8").splitlines()]
CATEGORIES: tuple[Category, ...] = get_args(Category)
PIECES = (
    *("the", "a", "of", "to", "I", "you", "it", "is", "was", "my", "and", "not", "this", "because", "really", "like"),
    *("chess", "Lisbon", "nurse", "reading", "lol", "tomorrow", "friends", "(5", ")", "?", "never", "letter", "Ana"),
)
WORDS = st.lists(st.sampled_from(PIECES), max_size=8).map(" ".join)
VALUES = st.one_of(WORDS, st.text(max_size=30))


@pytest.mark.parametrize("row", JUNK, ids=lambda row: row["text"][:40])
def test_known_junk_is_not_told(row: dict[str, Any]) -> None:
    facts = read(row["text"]).facts
    told = [fact.value.lower() for fact in facts]
    assert [value for value in told if any(junk in value for junk in row.get("never", ()))] == []
    assert "exactly" not in row or sorted(told) == sorted(row["exactly"])
    assert "occupation" not in row or not [fact for fact in facts if fact.category == "occupation"]


@pytest.mark.parametrize(
    ("sentence", "category", "value"),
    [
        ("I'm a sophomore", "occupation", "sophomore"),
        ("I am a freshman in college", "occupation", "freshman in college"),
        ("I'm a senior in high school and I love chess", "occupation", "senior in high school"),
        ("I'm a high school junior", "occupation", "high school junior"),
        ("I'm a grad student", "occupation", "grad student"),
        ("I'm a junior", "life_context", "junior"),
        ("I'm a senior at a law firm", "life_context", "senior at a law firm"),
        ("I'm a former college freshman", "life_context", "former college freshman"),
        ("I'm majoring in biology.", "occupation", "majors in biology"),
        ("I majored in music.", "life_context", "majored in music"),
        ("But i am biased i'm pretty agnostic so i dont watch for it much.", "belief", "agnostic"),
        ("I am a practising Muslim.", "belief", "practising Muslim"),
        ("I'm not religious.", "belief", "not religious"),
        ("I'm a Christian mom of two", "life_context", "Christian mom of two"),
        ("I'm a senior engineer at Acme making $185k base plus RSUs.", "occupation", "senior engineer at Acme"),
        ("I work as a waiter making 12 dollars an hour", "occupation", "waiter"),
        ("I'm in marketing for a small bank.", "occupation", "works in marketing for a small bank"),
        ("I am in the fast food retail industry.", "occupation", "works in the fast food retail industry"),
        ("I'm a 28 year old nurse living in Leeds.", "occupation", "nurse"),
        ("I'm a 28 year old nurse living in Leeds.", "location", "Leeds"),
        ("I am a 33 year old guy from Sweden that resides in Oslo.", "location", "Oslo"),
        ("I am a 36 year old tech entrepreneur from Kentucky.", "occupation", "tech entrepreneur"),
        ("I'm a 45-year-old single mom from Ohio.", "life_context", "from Ohio"),
        ("I just got a new job as the basketball coach.", "occupation", "basketball coach"),
        ("I got a job as a welder.", "occupation", "welder"),
        ("I got a new job at Google.", "occupation", "works at Google"),
        ("I work as a nurse on 3 wards", "occupation", "nurse on 3 wards"),
    ],
)
def test_facts_are_filed_where_a_reader_would_look(sentence: str, category: Category, value: str) -> None:
    assert (category, value) in [(fact.category, fact.value) for fact in read(sentence).facts]


@settings(max_examples=200, deadline=None)
@given(st.sampled_from(CATEGORIES), VALUES, WORDS, WORDS)
@example("name", "", "", "")
@example("relationship", ":", "my", "")
def test_what_is_told_stands_alone(category: Category, value: str, detail: str, sentence: str) -> None:
    told = fitting(Candidate(category, value, detail, "tastes.like"), sentence)
    if told is None:
        return
    assert told.category == category or (category == "interest" and told.value.startswith("likes "))
    assert told.value
    assert objection(told, sentence) == ""
    if category != "name" and not told.value.startswith(NO_LONGER):
        assert stump(told.value) == ""


@settings(max_examples=100, deadline=None)
@given(WORDS.filter(lambda words: words == words.lower()))
def test_an_ordinary_lower_case_word_is_no_name(words: str) -> None:
    assert objection(Candidate("name", words), f"I'm {words}") != ""


@pytest.mark.parametrize(
    ("sentence", "names"),
    [
        ("My name is Grace.", ["Grace"]),
        ("Hi, I'm Kate and I knit.", ["Kate"]),
        ("Call me Skip from now on.", ["Skip"]),
        ("I'm Happy with it.", []),
        ("I'm Irish.", []),
        ("As I'm Batman, I say so.", []),
    ],
)
def test_a_name_needs_a_strong_frame(sentence: str, names: list[str]) -> None:
    assert [fact.value for fact in read(sentence).facts if fact.category == "name"] == names
