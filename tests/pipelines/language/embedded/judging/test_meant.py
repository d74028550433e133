"""What is said in jest, or to say that it is not so, is nobody's plan and nobody's taste."""

import pytest

from pipelines.language.embedded.frames.candidate import Candidate
from pipelines.language.embedded.judging.meant import banters

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
