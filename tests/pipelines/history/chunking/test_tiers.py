"""v1's three tiers: each holds the whole conversation, in pieces of its own size."""

from datetime import UTC, datetime, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from pipelines.contract import Chunk, Conversation, Message
from pipelines.history.chunking.tiers import TIERS, tiered_chunks
from pipelines.history.transcript import write_transcripts
from tests.pipelines.ports import NOW

sentences = st.text(st.sampled_from("abcdefg .!?\n中🙂"), min_size=1, max_size=900)
dialogues = st.lists(st.tuples(st.sampled_from(["user", "assistant", "system", "tool"]), sentences), max_size=12)


def conversation(dialogue: list[tuple[str, str]], time: float | None = 1.7e9, title: str = "Talk") -> Conversation:
    messages = tuple(Message(str(n), role, text) for n, (role, text) in enumerate(dialogue))  # type: ignore[arg-type]
    return Conversation("c", title, time, messages)


def tier(chunks: list[Chunk], name: str) -> list[Chunk]:
    return [chunk for chunk in chunks if chunk.tier == name]


@given(dialogues)
@settings(max_examples=60)
def test_each_tier_holds_every_word_of_the_dialogue(dialogue: list[tuple[str, str]]) -> None:
    talk = conversation(dialogue)
    chunks = list(tiered_chunks(talk, NOW))
    whole = "".join("".join(transcript.text.split()) for transcript in write_transcripts(talk))
    for name in TIERS:
        assert "".join("".join(chunk.content.split()) for chunk in tier(chunks, name)) == whole


@given(dialogues)
@settings(max_examples=60)
def test_no_chunk_is_empty_or_longer_than_its_tier(dialogue: list[tuple[str, str]]) -> None:
    for chunk in tiered_chunks(conversation(dialogue), NOW):
        assert 0 < len(chunk.content) <= TIERS[chunk.tier]


@given(dialogues)
@settings(max_examples=60)
def test_message_counts_say_how_many_turns_a_chunk_touches(dialogue: list[tuple[str, str]]) -> None:
    for chunk in tiered_chunks(conversation(dialogue), NOW):
        assert 1 <= chunk.message_count <= len(dialogue)


def test_what_only_the_system_and_tools_say_is_not_stored() -> None:
    chunks = list(tiered_chunks(conversation([("system", "secret"), ("tool", "output"), ("user", "hello")]), NOW))
    assert {chunk.content for chunk in chunks} == {"User: hello"}


def test_a_conversation_is_recent_for_180_days() -> None:
    def recent(age: timedelta) -> bool:
        (chunk, *_) = tiered_chunks(conversation([("user", "hello")], (NOW - age).timestamp()), NOW)
        return chunk.is_recent

    assert recent(timedelta(days=179))
    assert not recent(timedelta(days=180))


def test_defect_3_a_null_create_time_becomes_the_time_of_the_job() -> None:
    (chunk, *_) = tiered_chunks(conversation([("user", "hello")], None), NOW)
    assert chunk.created_at == NOW
    assert chunk.is_recent


def test_a_time_that_no_calendar_knows_becomes_the_time_of_the_job() -> None:
    (chunk, *_) = tiered_chunks(conversation([("user", "hello")], 1e300), NOW)
    assert chunk.created_at == NOW


def test_a_conversation_without_a_title_gets_one() -> None:
    (chunk, *_) = tiered_chunks(conversation([("user", "hello")], title=""), NOW)
    assert chunk.title == "Untitled"
    assert chunk.created_at == datetime.fromtimestamp(1.7e9, UTC)
