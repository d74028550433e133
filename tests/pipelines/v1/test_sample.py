"""v1's sample: the newest conversations, bounded in number and in text."""

from hypothesis import given
from hypothesis import strategies as st

from pipelines.contract import Message, Passage
from pipelines.history.passages import characters
from pipelines.v1.sample import CONVERSATION_CHARACTERS, RECENT_CONVERSATIONS, SAMPLE_CHARACTERS, RecentSample


def talk(n: int, time: float | None, text: str = "I like tea.") -> list[Passage]:
    return [Passage(f"c{n}", "Talk", time, (Message("m", "user", text),))]


@given(st.lists(st.none() | st.floats(0, 1e9), max_size=RECENT_CONVERSATIONS + 40))
def test_it_keeps_the_newest_in_order_and_of_equals_the_first_met(times: list[float | None]) -> None:
    sample = RecentSample()
    for n, time in enumerate(times):
        sample.offer(time, talk(n, time))
    newest = sorted(range(len(times)), key=lambda n: (-1.0 if times[n] is None else times[n], -n), reverse=True)
    assert [p.conversation_id for p in sample.passages()] == [f"c{n}" for n in newest[:RECENT_CONVERSATIONS]]


def test_it_holds_no_more_text_than_its_limit() -> None:
    sample = RecentSample()
    for n in range(RECENT_CONVERSATIONS):
        sample.offer(float(n), talk(n, float(n), "x" * 11_000))
    assert sum(map(characters, sample.passages())) <= SAMPLE_CHARACTERS


def test_one_endless_conversation_is_not_the_whole_sample() -> None:
    sample = RecentSample()
    sample.offer(2.0, talk(0, 2.0, "x" * 10_000) * 50)
    sample.offer(1.0, talk(1, 1.0))
    assert sum(characters(p) for p in sample.passages() if p.conversation_id == "c0") <= CONVERSATION_CHARACTERS
    assert "c1" in {p.conversation_id for p in sample.passages()}


def test_of_an_endless_conversation_the_end_is_read_and_every_note() -> None:
    turns = [*talk(0, 2.0, "x" * 10_000) * 50, *talk(0, 2.0, "I live in Vejle.")]
    turns[0] = Passage("c0", "Talk", 2.0, turns[0].messages, (Message("n", "system", "I am a midwife."),))
    sample = RecentSample()
    sample.offer(2.0, turns)
    kept = list(sample.passages())
    assert kept[-1].messages[0].text == "I live in Vejle."
    assert [note.text for passage in kept for note in passage.notes] == ["I am a midwife."]


def test_a_conversation_without_the_users_words_takes_no_place() -> None:
    sample = RecentSample()
    sample.offer(1.0, [Passage("c", "Talk", 1.0, (Message("m", "assistant", "Hello?"),))])
    assert list(sample.passages()) == []
