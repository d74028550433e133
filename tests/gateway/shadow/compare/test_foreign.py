"""Whose words a result holds: this user's in any order and form, and nobody else's."""

from gateway.shadow.compare.foreign import Search, claims_of
from gateway.shadow.compare.model import Finding
from pipelines.contract import Conversation, Fact, Message, Soulprint
from tests.gateway.shadow.material import soulprint

MINE = Conversation(
    "c1",
    "Trip to Lisbon",
    None,
    (Message("m1", "user", "I'm Ana, a nurse. I live in Lisbon and I like painting and chess."),),
    (Message("n1", "system", "Her sister is Bea."),),
)


def said(value: str, sentence: str, conversation: str = "c1", category: str = "interest") -> Fact:
    return Fact(category, value, sentence, conversation, "m1")  # type: ignore[arg-type]


def foreign(one: Soulprint | None, other: Soulprint, *read: Conversation) -> list[tuple[str, str]]:
    search = Search(claims_of(one, other))
    for conversation in read or (MINE,):
        search.read(conversation)
    return [(finding.where, finding.words) for finding in search.foreign()]


def result(*facts: Fact, **user: object) -> Soulprint:
    return soulprint(facts=facts, sections={"user": user})


def test_what_the_export_says_is_this_users() -> None:
    other = result(
        said("paintings", "I like painting and chess"), said("Lisboa", "I live in Lisbon", category="location"),
        name="Ana", occupation="nurse", relationships=["sister: Bea"], location="Lisboa", interests=["chess"],
    )  # fmt: skip
    assert foreign(None, other) == []


def test_a_fact_of_a_conversation_that_is_not_in_the_export_is_not() -> None:
    assert foreign(None, result(said("chess", "I like chess", "c9"))) == [("facts.interest", "chess")]


def test_a_name_a_place_and_words_that_are_not_in_the_export_are_not() -> None:
    other = result(said("surfing", "Every morning Bertrand goes surfing"), name="Bertrand", location="Marseille")
    assert foreign(None, other) == [
        ("facts.interest", "surfing"), ("sections.user.name", "bertrand"), ("sections.user.location", "marseille"),
    ]  # fmt: skip


def test_what_the_one_says_too_is_not_looked_up() -> None:
    other = result(said("surfing", "I surf", "c9"), name="Bertrand")
    assert claims_of(other, other) == ()
    assert Search(()).over


def test_scripts_without_spaces_are_looked_for_as_pieces() -> None:
    here = Conversation("c1", "", None, (Message("m1", "user", "我住在上海 喜欢下棋"),))
    other = result(said("上海", "我住在上海", category="location"), location="上海", name="王芳")
    assert foreign(None, other, here) == [("sections.user.name", "王芳")]


def test_reading_is_over_when_all_is_found() -> None:
    search = Search(claims_of(None, result(said("chess", "I like chess"))))
    assert not search.over
    search.read(MINE)
    assert search.over
    assert search.foreign() == ()
    assert Search(claims_of(None, result(said("golf", "golf")))).foreign() == (
        Finding("wrong_person", "facts.interest", "golf"),
    )
