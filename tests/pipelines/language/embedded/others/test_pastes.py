"""A text that stands in a message as a block is not the user's own word; what is said beside it is."""

import pytest

from pipelines.language.embedded.others.pastes import LONG_MESSAGE, handed_over, is_beginning
from tests.pipelines.language.embedded.reading import read

VERSE = "\n".join(["I live in Lisbon", "my brother Leo sings", "I love the sea", "and nobody waits for me there"] * 3)
STORY = "The ferry was late again and the harbour smelled of tar and oranges. " * 24
ACCOUNT = "I live in Oslo. My sister Ada is a pilot. I work as a welder. " * 5


def told(text: str) -> list[str]:
    """The values of every fact."""
    return [fact.value for fact in read(text).facts]


@pytest.mark.parametrize(
    "text",
    [
        f"what do you think this lyric means?\n{VERSE}",
        f"Do you see a pattern in these tweets?\n\n{VERSE}",
        f"I have to hand in something about the following poem.\n{VERSE}",
        f"Here are two short testimonials.\n{VERSE}",
        f"Make one page out of the paragraphs below\n{VERSE}",
        f"Let me train you on more than a hundred taglines:\n{VERSE}",
        f"아래 글을 요약해줘\n\n{VERSE}",
        f"переведи это, пожалуйста\n{VERSE}",
        f'Fuse it all together perfectly:\n"Dear guests,\n\n{VERSE}"',
        f'Compare them.\n""""{ACCOUNT}\n{VERSE}""""',
        f'turn it into an app, very intuitive ""{ACCOUNT}""',
        "Which is right?\nA. I work as a nurse.\nB. I am working as nurse.\nC. I works as a nurse.",
        "Choose the answer.\nWhere do you live?\na) I live in Leeds\nb) I lives in Leeds\nc) I living in Leeds",
        f"Hi, I'm Anna!\n\nI'm a life coach in Leeds. {STORY}",
        f"Hi Doctor!\n\nI live in Leeds and I love to swim. {STORY}",
    ],
)
def test_a_block_is_not_told(text: str) -> None:
    assert told(text) == []


@pytest.mark.parametrize(
    ("text", "value"),
    [
        (f"I live in Ghent. What does this lyric mean?\n{VERSE}", "Ghent"),
        ("Here is my situation.\nI live in Ghent, and I need a new flat. " + "It is hard. " * 20, "Ghent"),
        ("Thanks for these tips.\nI live in Ghent and will try them all. " + "I mean it. " * 20, "Ghent"),
        ('He said "see you".\nI live in Ghent.', "Ghent"),
        ('I\'m 6\'0" tall.\nI live in Ghent.', "Ghent"),
        (f"I am a teacher in Ghent.\n{STORY}", "teacher in Ghent"),
        (f"CONTEXT: I am a law professor.\n{STORY}", "law professor"),
        (f"Please plan my week.\n\nAbout me: I am a law professor.\n{STORY}", "law professor"),
        ("My answers:\nA. I live in Ghent.\nB. No", "Ghent"),
    ],
)  # fmt: skip
def test_what_is_said_beside_it_is_told(text: str, value: str) -> None:
    assert value in told(text)


def test_a_short_message_is_its_own_beginning() -> None:
    assert is_beginning("a" * LONG_MESSAGE, LONG_MESSAGE - 1)
    assert not is_beginning("a" * (LONG_MESSAGE + 1), LONG_MESSAGE - 1)


def test_an_ordinary_message_has_no_block() -> None:
    assert handed_over("I live in Ghent.\nI love it.") == []
    assert handed_over("") == []
