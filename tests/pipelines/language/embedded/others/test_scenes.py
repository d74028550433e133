"""Once a conversation is a game, a story or a desk for texts, what is said in it is not told of the user."""

import pytest

from pipelines.language.embedded.extracting import extract_passages
from pipelines.language.embedded.grammar.words import vocabulary
from pipelines.language.embedded.others.scenes import Scene, left_out, scene_after
from tests.pipelines.language.embedded.reading import read, said

LETTER = (
    "I am a pastry chef with twelve years in hotel kitchens. I enjoy leading a team of young bakers and I believe that "
    "good bread needs patience. My last kitchen served four hundred guests a day, and every plate left it in time. "
    "I look forward to bringing that calm to a new house."
)


def told(*texts: str) -> list[str]:
    """The values of every fact of one conversation."""
    return [fact.value for fact in read(*texts).facts]


@pytest.mark.parametrize(
    ("opening", "said_then"),
    [
        ("Let's roleplay. You are a ship's cook.", "My name is Orla and I live in Port Royal."),
        ("Can we do a role play session?", "I'm a smuggler from Marseille. My brother Luc is in jail."),
        ("I would like to play a detective game with you.", "I'm a police inspector. My wife left the house at nine."),
        ("Let's play D&D, you're the dungeon master.", "I run to wake up my friend Tolin."),
        ("Pretend you are a doctor and I walk in.", "I have diabetes and I live in Crewe."),
        ("Please pretend that I am a tourist in Rome.", "I'm from Denmark and I love opera."),
        (
            "I want you to act as an interviewer. I will be the candidate.",
            "I work as a data analyst. I love statistics.",
        ),
        ("Could we do a mock interview for a shop job?", "I have a degree in retail management."),
        ("You are a text adventure. Describe the room.", "I'm a knight. I live in the castle of Dorn."),
        ("This is completely fictional: answer as an android.", "I'm a student at the University of Mars."),
        ("You are a character from a western.", "I own a saloon in Tucson."),
        ("I'm your customer, ask me what I need.", "I live in Ohio and I have two dogs."),
        ("Simulate a conversation between us in a bakery.", "I work as a baker. My daughter is six."),
    ],
)
def test_what_is_played_is_not_told(opening: str, said_then: str) -> None:
    assert told(said_then) != []
    assert told(opening, said_then, said_then) == []


@pytest.mark.parametrize(
    ("opening", "said_then"),
    [
        ("Act as a personal trainer and ask me about myself.", "I'm 41 and I live in Ghent."),
        ("I want you to act as my travel agent.", "I'm really interested in astronomy."),
        ("You are an experienced tax adviser.", "I work as a carpenter in Leeds."),
        ("I play tennis and the piano.", "I live in Ghent."),
        ("What are good games to play with kids? We play cards a lot.", "My daughter is six. I live in Ghent."),
        ("I pretend to be fine at work.", "I live in Ghent."),
        ("My role at work is changing.", "I'm a nurse in Leeds."),
        ("I like role playing games.", "I live in Ghent and I love chess."),
        ("I'm a customer of Acme and they ignore me.", "I live in Ghent."),
        ("Pretend you are able to browse the web.", "I live in Ghent."),
        ("Summarize the rules of chess.", "I live in Ghent. I love chess."),
        ("I wrote a story about my village.", "I love gardening and I live in Ghent."),
        ("I will give you my opinion of the film.", "I love westerns."),
    ],
)
def test_a_talk_goes_on_after_what_only_resembles_one(opening: str, said_then: str) -> None:
    assert set(told(said_then)) <= set(told(opening, said_then))
    assert told(said_then) != []


def test_a_game_ends_with_its_conversation() -> None:
    talks = (said("Let's roleplay, you are a pirate.", "I live in Tortuga."), said("I live in Ghent."))
    one, other = (talk.__class__(name, "", 0.0, talk.messages) for name, talk in zip("ab", talks, strict=True))
    assert [fact.value for fact in extract_passages([one, other]).facts] == ["Ghent"]


def test_a_game_goes_on_in_the_next_passage_of_its_conversation() -> None:
    parts = [said("Let's roleplay, you are a pirate."), said("I live in Tortuga.")]
    assert extract_passages(parts).facts == ()


def test_texts_that_follow_an_announcement_are_not_told() -> None:
    opening = "I will send you some sentences, one at a time. Tell me whether each is boring."
    assert told(opening, "Hi, I am Deepa. I really enjoy playing badminton!") == []
    assert (
        told("Please label the messages I'm about to give you.", "I have asthma and I live in Crewe. I love tea.") == []
    )
    assert "Ghent" in told(opening, "Thank you! By the way, I live in Ghent.")


def test_a_text_handed_over_at_a_desk_is_not_told() -> None:
    assert told(LETTER) != []
    assert told("Can you proofread my texts?", LETTER) == []
    assert "Ghent" in told("Can you proofread my texts?", f"{LETTER} Can you cut it? I live in Ghent.")
    assert "Ghent" in told("Can you proofread my texts?", "I live in Ghent.")
    assert told("Could you grade my homework essay?", LETTER) == []
    assert "nurse" in told("Rewrite my letter.", f"Revise it by including that I am a nurse. {'Be polite. ' * 12}")


def test_in_a_story_likings_and_decisions_are_of_that_story() -> None:
    opening = "I want to write a script for an animated series about two sisters in space."
    assert told(opening, "But I like Rigs.", "I decided to drop the robot.") == []
    assert "Ghent" in told("Write a short story about a whale.", "I live in Ghent, so let it be there.")
    assert told("Write a user story for the login page.", "I love Kotlin.") == ["Kotlin"]


def test_a_long_message_that_asks_nothing_tells_no_likings() -> None:
    asked = f"{LETTER} Do you think they will invite me?"
    assert [fact.category for fact in read(LETTER + " " + LETTER).facts] == ["occupation"]
    assert {"occupation", "interest"} <= {fact.category for fact in read(asked).facts}


def test_a_played_part_is_never_taken_off() -> None:
    text = "Thanks, please proofread this text."
    assert scene_after(text, vocabulary(text), Scene.PLAY) is Scene.PLAY
    assert left_out("Thanks", vocabulary("Thanks"), Scene.TALK, Scene.TALK) == frozenset()
