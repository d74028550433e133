"""What was cut off its sentence is not told, and a noun that two kinds share belongs to both."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.contract import Category
from pipelines.language.embedded.frames.candidate import Candidate
from pipelines.language.embedded.judging.cut_off import (
    made_whole,
    stops_short,
    with_of_what,
    without_a_lost_day,
    without_place_of_talk,
)
from pipelines.language.embedded.judging.judge import fitting, objection

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
    ("life_context", "not good at building", ""),
    ("life_context", "got my dream job", ""),
    ("life_context", "Food just hot", "Food just hot here"),
    ("commitment", "plan for in October 2023", ""),
    ("commitment", "plans to return on July 20", ""),
    ("commitment", "get everything ready and paint in September 2023", ""),
    ("commitment", "head to the gym on in two weeks", ""),
    ("commitment", "plans to go on a retreat together", ""),
    ("decision", "move in together", ""),
    ("commitment", "plan for July 2023", ""),
    ("commitment", "plans to go on a retreat together to enhance our practice", ""),
    ("preference", "dislikes podcasts", "I'm not really into podcasts."),
    ("interest", "pretty big basketball", ""),
    ("interest", "joking about not having time", ""),
    ("relationship", "sister Wanted", "My sister Wanted yeast"),
    ("project", "cool project together that involves coding", ""),
    ("belief", "does not think anyone should really have to pay", ""),
    ("preference", "uses a gaming PC with a powerful graphics card", ""),
    ("relationship", "partner", "My partner for the math presentation was late."),
    ("relationship", "brothers", "My brothers gotten better."),
    ("relationship", "cousin", "My cousin came."),
)
STOPS_SHORT = (
    ("uses Flask 2.3 fo", "I use Flask 2.3 for it."),
    ("keeps bees over", "She keeps bees over there."),
    ("a bad bout", "It was a bad bout of flu."),
    ("plays whatever comes on", "He plays whatever comes on here."),
)
GOES_NO_FURTHER = (
    ("keeps bees", "She keeps bees over there."),
    ("movie", "I love movies."),
    ("getting up early", "I like getting up early, here or there."),
    ("tea", "I love tea."),
    ("said otherwise", "Something else."),
)
WHOLE: tuple[tuple[Category, str, str], ...] = (
    ("interest", "reading", ""),
    ("preference", "favourite books: Dune", ""),
    ("preference", "favourite books: cook books and Dune", ""),
    ("belief", "exercise matters", ""),
    ("commitment", "arranged a meeting in Leeds", ""),
    ("life_context", "born into a rich family", "I was born into a rich family."),
    ("life_context", "taking a year off", "I'm taking a year off."),
    ("life_context", "got a job at a bakery", ""),
    ("commitment", "plans to return to Leeds on July 20", ""),
    ("commitment", "plans to run a marathon together with Ana", ""),
    ("decision", "move in with Ana", ""),
    ("belief", "libraries should lend games", ""),
    ("preference", "uses Postgres", ""),
    ("preference", "dislikes podcasts", "I don't like podcasts."),
    ("relationship", "sister Wanda", ""),
    ("relationship", "partner", "My partner and I live in Leeds."),
    ("relationship", "brothers", "I have two brothers."),
    ("relationship", "cousin Ana", "My cousin Ana came."),
)


@pytest.mark.parametrize(("category", "value", "sentence"), CUT)
def test_what_was_cut_off_is_not_told(category: Category, value: str, sentence: str) -> None:
    assert objection(Candidate(category, value, rule="tastes.like"), sentence)


@pytest.mark.parametrize(("category", "value", "sentence"), WHOLE)
def test_what_is_whole_is_told(category: Category, value: str, sentence: str) -> None:
    assert objection(Candidate(category, value, rule="tastes.like"), sentence) == ""


@pytest.mark.parametrize(
    ("value", "sentence", "whole"),
    [
        ("electronic", "I'm into electronic and rock music.", "electronic music"),
        ("folk", "I love folk, blues and rock music", "folk music"),
        ("music", "I love music and rock music", "music"),
        ("chess", "I love chess and card games", "chess"),
        ("traveling", "I love traveling and watching movies", "traveling"),
        ("dramas", "I enjoy dramas and emotionally-driven films", "dramas"),
        ("rock climbing", "rock climbing and folk music", "rock climbing"),
        ("hiking", "I love hiking and music", "hiking"),
    ],
)
def test_a_shared_noun_belongs_to_both(value: str, sentence: str, whole: str) -> None:
    assert made_whole(value, sentence) == whole


def test_who_is_a_fan_has_an_interest() -> None:
    told = fitting(Candidate("life_context", "Manchester City fan"), "Manchester City fan here")
    assert told is not None
    assert (told.category, told.value) == ("interest", "Manchester City")


@pytest.mark.parametrize(("value", "sentence"), STOPS_SHORT)
def test_a_value_stops_short_where_its_sentence_goes_on_with_what_it_lacks(value: str, sentence: str) -> None:
    assert stops_short(value, sentence)


@pytest.mark.parametrize(("value", "sentence"), GOES_NO_FURTHER)
def test_a_value_that_its_sentence_leaves_whole_does_not_stop_short(value: str, sentence: str) -> None:
    assert not stops_short(value, sentence)


@pytest.mark.parametrize(
    ("value", "sentence", "told"),
    [
        ("got promoted to head", "I got promoted to head of design last week.", "got promoted to head of design"),
        ("a bad bout", "I had a bad bout of flu.", "a bad bout of flu"),
        ("a bowl", "I had a bowl of very hot soup.", "a bowl"),
        ("a nurse", "I'm a nurse.", "a nurse"),
    ],
)
def test_a_noun_is_told_with_of_what_it_is(value: str, sentence: str, told: str) -> None:
    assert with_of_what(value, sentence) == told


@pytest.mark.parametrize(
    ("value", "sentence", "told"),
    [
        ("has a little farm over", "We have a little farm over here.", "has a little farm"),
        ("tutors kids around", "I tutor kids around here.", "tutors kids"),
        ("grew up", "I grew up here.", "grew up"),
        ("is moving out", "He is moving out soon.", "is moving out"),
    ],
)
def test_where_the_talk_takes_place_is_not_told(value: str, sentence: str, told: str) -> None:
    assert without_place_of_talk(value, sentence) == told


@pytest.mark.parametrize(
    ("value", "sentence", "told"),
    [
        ("got promoted to editor on", "I got promoted to editor on September 1.", "got promoted to editor"),
        ("opened a shop in", "We opened a shop in 2019.", "opened a shop"),
        ("works out in", "She works out in Leeds.", "works out in"),
        ("moved in", "They moved in 2019.", "moved in"),
    ],
)
def test_a_day_that_is_lost_takes_its_preposition_with_it(value: str, sentence: str, told: str) -> None:
    assert without_a_lost_day(value, sentence) == told


@given(value=st.text(max_size=30), before=st.text(max_size=20), after=st.text(max_size=20))
def test_what_a_noun_is_of_and_where_one_talks_are_read_off_the_sentence_alone(
    value: str, before: str, after: str
) -> None:
    sentence = before + value + after
    assert with_of_what(value, sentence).startswith(value)
    assert value.startswith(without_place_of_talk(value, sentence))
