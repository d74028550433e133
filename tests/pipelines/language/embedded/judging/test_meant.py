"""What is said in jest, or to say that it is not so, is nobody's plan and nobody's taste."""

import pytest

from pipelines.contract import Message, Passage, Role
from pipelines.language.embedded.extracting import extract_passages
from pipelines.language.embedded.frames.candidate import Candidate
from pipelines.language.embedded.judging.meant import banters, takes_back
from tests.pipelines.language.embedded.reading import read, values

CLASS = Candidate("commitment", "signed up for a morning class", rule="plans.promise")
MUSIC = Candidate("interest", "music", rule="tastes.like")


@pytest.mark.parametrize(
    ("candidate", "sentence"),
    [
        (CLASS, "There is no way I signed up for a morning class."),
        (CLASS, "As if I signed up for a morning class!"),
        (CLASS, "I signed up for a morning class XD"),
        (CLASS, "I signed up for a morning class lol"),
        (MUSIC, "Well, I hate music then!"),
    ],
)
def test_it_is_in_jest_or_denied(candidate: Candidate, sentence: str) -> None:
    assert banters(candidate, sentence)


@pytest.mark.parametrize(
    ("candidate", "sentence"),
    [
        (CLASS, "I signed up for a morning class."),
        (MUSIC, "I like music but there is no way I could teach it."),  # another thing is denied
        (MUSIC, "Haha, I like music"),
        (Candidate("preference", "no jokes", rule="manners.manner"), "No jokes, as if I had time lol"),
    ],
)
def test_it_is_meant(candidate: Candidate, sentence: str) -> None:
    assert not banters(candidate, sentence)


@pytest.mark.parametrize("said", ["Not really", " jk!", "Just kidding lol", "sike", " But not really"])
def test_it_takes_back_what_was_said(said: str) -> None:
    assert takes_back(said)


@pytest.mark.parametrize("said", ["", "Not really my best day", "Really", "I am not kidding you", "jk rowling"])
def test_it_takes_nothing_back(said: str) -> None:
    assert not takes_back(said)


def test_a_message_takes_back_the_one_before() -> None:
    assert values(read("I like dolphins", "Not really").facts, "interest") == []
    assert values(read("I like dolphins", "Really").facts, "interest") == ["dolphins"]


def test_an_answer_to_a_question_takes_nothing_back() -> None:
    texts: tuple[tuple[Role, str], ...] = (
        ("user", "I like dolphins"),
        ("assistant", "Do you like sharks?"),
        ("user", "Not really"),
    )
    messages = tuple(Message(f"m{index}", role, text, float(index)) for index, (role, text) in enumerate(texts))
    facts = extract_passages([Passage("c", "a title", 0.0, messages)]).facts
    assert values(facts, "interest") == ["dolphins"]
