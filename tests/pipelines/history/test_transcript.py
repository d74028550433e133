"""A conversation as text and back."""

from hypothesis import given
from hypothesis import strategies as st

from pipelines.contract import Conversation, Message
from pipelines.history.transcript import TRANSCRIPT_CHARACTERS, read_transcript, write_transcripts

lines = st.text(st.sampled_from("abc .!?中🙂"), min_size=1, max_size=40).filter(lambda text: text.strip() != "")
dialogues = st.lists(st.tuples(st.sampled_from(["user", "assistant"]), lines), min_size=1, max_size=8)


@given(dialogues)
def test_what_was_written_is_read_back(dialogue: list[tuple[str, str]]) -> None:
    messages = tuple(Message(str(n), role, text) for n, (role, text) in enumerate(dialogue))  # type: ignore[arg-type]
    (transcript,) = write_transcripts(Conversation("c", "Talk", None, messages))
    read = read_transcript(transcript.text, "c", None)
    assert [(m.role, m.text) for m in read] == [(role, text.strip()) for role, text in dialogue]


def test_words_before_the_first_label_are_nobodys_evidence() -> None:
    read = read_transcript("and I hate tea.\n\nUser: I like tea.", "c", 1.0)
    assert [(m.role, m.text) for m in read] == [("assistant", "and I hate tea."), ("user", "I like tea.")]


def test_labels_of_older_chunks_are_understood() -> None:
    read = read_transcript("**Human**: I paint.\n\nAI: Lovely.", "c", 1.0)
    assert [(m.role, m.text) for m in read] == [("user", "I paint."), ("assistant", "Lovely.")]


def test_the_assistants_thoughts_are_no_dialogue() -> None:
    thought = Message("1", "assistant", "the user seems tired", kind="thoughts")
    assert list(write_transcripts(Conversation("c", "Talk", None, (thought,)))) == []


def test_a_huge_conversation_is_several_texts_of_whole_turns() -> None:
    message = Message("1", "user", "I paint. " * 40_000)
    texts = [t.text for t in write_transcripts(Conversation("c", "Talk", None, (message,) * 10))]
    assert len(texts) == 5
    assert all(len(text) <= TRANSCRIPT_CHARACTERS and text.startswith("User: I paint.") for text in texts)
