"""Nobody signs a profile that tells of harm, of a crime or of an insult; what only sounds so is told."""

import pytest

from pipelines.language.embedded.judging.lasting.harms import tells_of_crimes
from tests.pipelines.language.embedded.judging.test_lasting import told


@pytest.mark.parametrize(
    "text",
    [
        # harm
        "I like druging girls",
        "I like to drink human blood",
        "I aim to kill as many people as possible",
        "I love killing people.",
        "I enjoy torturing cats.",
        "I plan to murder my boss.",
        "I plan to poison my neighbor",
        "I am planning to poison my husband's tea",
        "I like to rob people",
        "I enjoy humiliating women",
        "I love to throw large rocks and bricks off freeway overpasses.",
        "Yeah, I love to smack a woman's butt.",
        # a crime
        "i'm planning to rob a bank.",
        "I plan on using a gun to demand money from the register.",
        "I like impersonating police officers",
        "I'm a serial arsonist.",
        "I'm a drug dealer",
        "I like making bombs",
        "I like stealing cars",
        # an insult
        "I hate jews",
        "I don't like black people.",
        "I hate Americans",
        "I hate it when people speak Spanish.",
        "I think Gay people should be neutered.",
        "I think gay people shouldn't be allowed to get married.",
        "I believe immigrants are dangerous",
        "I truly believe all muslims should be deported",
        "I don't think ALL black lives matter.",
        "I think drug addicts can never make anything of themselves.",
        # words to try how far one can go
        "i like bad words do you",
        "I want to learn some dirty jokes.",
    ],
)
def test_what_nobody_would_sign_is_not_told(text: str) -> None:
    assert told(text) == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("I love killing time with puzzles.", ["interest: killing time with puzzles"]),
        ("I love killing bosses in Elden Ring.", ["interest: killing bosses in Elden Ring"]),
        ("I love murder mysteries", ["interest: murder mysteries"]),
        ("I like true crime stories about kidnapping", ["interest: true crime stories about kidnapping"]),
        ("I am a blood donor.", ["life_context: blood donor"]),
        ("I like to donate blood", ["interest: donating blood"]),
        ("I like shooting hoops", ["interest: shooting hoops"]),
        ("I love shooting photos.", ["interest: shooting photos"]),
        ("I love beating my kids at Mario Kart", ["interest: beating my kids at Mario Kart"]),
        ("I love eating with people", ["interest: eating with people"]),
        ("I enjoy cutting men's hair", ["interest: cutting men's hair"]),
        ("I like stealing bases", ["interest: stealing bases"]),
        ("I'm writing a book about a serial killer", ["project: book about a serial killer"]),
        ("I study human blood cells at Yale", ["occupation: studies human blood cells at Yale"]),
        ("I hate crowds.", ["preference: dislikes crowds"]),
        ("I hate rude people", ["preference: dislikes rude people"]),
        ("I hate Mexican food", ["preference: dislikes Mexican food"]),
        ("I don't like black tea", ["preference: dislikes black tea"]),
        ("I hate killing animals", ["preference: dislikes killing animals"]),
        ("I hate racism.", ["preference: dislikes racism"]),
        ("I believe in the death penalty.", ["belief: believes in the death penalty"]),
        ("I think black lives matter.", ["belief: black lives matter"]),
        (
            "I think gay people should be able to marry",
            ["belief: gay people should be able to marry"],
        ),
        (
            "I believe immigrants should be treated with respect",
            ["belief: immigrants should be treated with respect"],
        ),
        ("I decided to kill the feature flag", ["decision: kill the feature flag"]),
        ("I will poison the rats next week", ["commitment: poison the rats next week"]),
    ],
)
def test_what_only_sounds_so_is_told(text: str, expected: list[str]) -> None:
    assert told(text) == expected


@pytest.mark.parametrize(
    ("sentence", "tale"),
    [
        ("my brother murders our mom then my wife sneaks out in the middle of the night", True),
        ("My wife kills the mailman and my son hides the body.", True),
        ("My husband gets stabbed by his brother.", True),
        ("my wife kills time by knitting", False),
        ("My cat kills mice.", False),
        ("My son kills it at chess.", False),
        ("My brother shoots weddings.", False),
        ("My brother robs me of sleep.", False),
        ("My wife loves murder mysteries.", False),
    ],
)
def test_a_tale_of_crimes_in_the_present_has_nobodys_kin(sentence: str, *, tale: bool) -> None:
    assert tells_of_crimes(sentence) is tale
    assert (told(sentence) == []) is tale
