"""What was cut off its sentence is not told, and a noun that two kinds share belongs to both."""

import pytest

from pipelines.contract import Category
from pipelines.language.embedded.frames.candidate import Candidate
from pipelines.language.embedded.judging.cut_off import cut_off, made_whole

CUT: tuple[tuple[Category, str, str], ...] = (
    ("project", "project to watch as many movies", ""),
    ("interest", "reading around 50 pages", ""),
    ("interest", "everything since", ""),
    ("preference", "dislikes stuff", "I don't like stuff."),
    ("preference", "people answer it quickly", ""),
    ("preference", "favourite books: big books", ""),
    ("belief", "much more important", ""),
    ("belief", "does not care about", ""),
    ("commitment", "arranged a meeting and recorded a song", ""),
    ("decision", "pick up a second game", ""),
    ("life_context", "Born into a rich family", "Born into a rich family"),
    ("life_context", "taking pain meds", "I've been taking pain meds."),
)
WHOLE: tuple[tuple[Category, str, str], ...] = (
    ("interest", "reading", ""),
    ("interest", "as many books as there are", ""),
    ("preference", "favourite books: Dune", ""),
    ("preference", "favourite books: cook books and Dune", ""),
    ("preference", "likes hot things in winter", ""),
    ("belief", "more is lost by waiting", ""),
    ("belief", "exercise matters", ""),
    ("commitment", "arranged a meeting in Leeds", ""),
    ("life_context", "born into a rich family", "I was born into a rich family."),
    ("life_context", "taking a year off", "I'm taking a year off."),
)


@pytest.mark.parametrize(("category", "value", "sentence"), CUT)
def test_what_was_cut_off_is_not_told(category: Category, value: str, sentence: str) -> None:
    assert cut_off(Candidate(category, value), sentence)


@pytest.mark.parametrize(("category", "value", "sentence"), WHOLE)
def test_what_is_whole_is_told(category: Category, value: str, sentence: str) -> None:
    assert cut_off(Candidate(category, value), sentence) == ""


@pytest.mark.parametrize(
    ("value", "sentence", "whole"),
    [
        ("electronic", "I'm into electronic and rock music.", "electronic music"),
        ("folk", "I love folk, blues and rock music", "folk music"),
        ("music", "I love music and rock music", "music"),
        ("chess", "I love chess and card games", "chess games"),
        ("rock climbing", "rock climbing and folk music", "rock climbing"),
        ("hiking", "I love hiking and music", "hiking"),
    ],
)
def test_a_shared_noun_belongs_to_both(value: str, sentence: str, whole: str) -> None:
    assert made_whole(value, sentence) == whole
