"""Passages: every word of the user's, in bounded runs, and of the assistant's only what gives context."""

from hypothesis import given
from hypothesis import strategies as st

from pipelines.contract import Conversation, Message
from pipelines.history.passages import (
    CONTEXT_CHARACTERS,
    PASSAGE_CHARACTERS,
    NotesSeen,
    characters,
    has_user_words,
    passages,
    user_characters,
)

sizes = st.lists(st.tuples(st.sampled_from(["user", "assistant", "tool"]), st.integers(1, 3_000)), max_size=12)


def conversation(turns: list[tuple[str, str]], notes: tuple[str, ...] = (), time: float | None = 5.0) -> Conversation:
    messages = tuple(Message(f"m{n}", role, text) for n, (role, text) in enumerate(turns))  # type: ignore[arg-type]
    return Conversation("c", "Talk", time, messages, tuple(Message("n", "system", note) for note in notes))


@given(sizes)
def test_every_word_of_the_users_is_in_a_bounded_passage(sizes: list[tuple[str, int]]) -> None:
    talk = conversation([(role, f"I like tea {n}. " * size) for n, (role, size) in enumerate(sizes)])
    found = list(passages(talk, NotesSeen()))
    said = "".join(m.text for m in talk.messages if m.role == "user")
    assert "".join(m.text for p in found for m in p.messages if m.role == "user") == said
    assert all(characters(p) <= PASSAGE_CHARACTERS for p in found)
    assert sum(map(user_characters, found)) == len(said)


@given(sizes)
def test_messages_keep_their_ids_and_order(sizes: list[tuple[str, int]]) -> None:
    talk = conversation([(role, "I like tea. " * size) for role, size in sizes])
    ids = [m.id for p in passages(talk, NotesSeen()) for m in p.messages]
    assert list(dict.fromkeys(ids)) == [m.id for m in talk.messages if m.role != "tool"]


def test_the_assistant_is_shortened_to_context() -> None:
    (passage,) = passages(conversation([("assistant", "Tea is a drink. " * 100)]), NotesSeen())
    (message,) = passage.messages
    assert message.text.endswith("Tea is a drink. …")
    assert len(message.text) <= CONTEXT_CHARACTERS + 2
    assert not has_user_words(passage)


def test_a_note_that_every_conversation_repeats_is_passed_on_once() -> None:
    seen = NotesSeen()
    first, second = (list(passages(conversation([("user", "hi")], ("likes tea",)), seen)) for _ in range(2))
    assert [len(p.notes) for p in (*first, *second)] == [1, 0]


def test_notes_without_any_dialogue_are_passed_on() -> None:
    (passage,) = passages(conversation([], ("likes tea",)), NotesSeen())
    assert has_user_words(passage)


def test_a_message_without_a_time_has_its_conversations() -> None:
    (passage,) = passages(conversation([("user", "hi")], time=7.0), NotesSeen())
    assert passage.messages[0].time == 7.0
