"""Cutting text: nothing lost, nothing too long, sentences whole where they can be."""

from hypothesis import given
from hypothesis import strategies as st

from pipelines.history.chunking.cut import cut
from pipelines.history.chunking.tokens import count_tokens

texts = st.text(st.sampled_from("ab .!?\n\t。é中🙂\u200d\ufe0f"), max_size=400)


@given(texts, st.integers(1, 60))
def test_the_spans_are_the_whole_text_in_order(text: str, limit: int) -> None:
    assert "".join(text[a:b] for a, b in cut(text, limit)) == text


@given(texts, st.integers(1, 60))
def test_no_span_is_empty_or_longer_than_the_limit(text: str, limit: int) -> None:
    assert all(0 < b - a <= limit for a, b in cut(text, limit))


@given(st.text(st.sampled_from('ab .!?\n\t"\u3002\uff01\uff1f…é'), min_size=1, max_size=200), st.integers(2, 60))
def test_it_cuts_behind_the_last_end_there_is(text: str, limit: int) -> None:
    def last(ends: tuple[str, ...], start: int, stop: int) -> int:
        places = range(start + 1, stop + 1)
        return max((at for at in places if text[start:at].endswith(ends)), default=0)

    for start, end in [*cut(text, limit)][:-1]:
        stop = start + limit
        sentence = last(("\n", ". ", "! ", "? ", '." ', "\u3002", "\uff01", "\uff1f", "… "), start + limit // 2, stop)
        assert end == (sentence or last((" ", "\t"), start, stop) or stop)


def test_it_cuts_after_a_sentence() -> None:
    text = "I live in Lisbon. I paint every Sunday morning."
    assert [text[a:b] for a, b in cut(text, 30)] == ["I live in Lisbon. ", "I paint every Sunday morning."]


def test_it_cuts_after_a_word_when_no_sentence_ends_near_the_limit() -> None:
    text = "painting and the piano"
    assert [text[a:b] for a, b in cut(text, 10)] == ["painting ", "and the ", "piano"]


def test_a_text_without_spaces_is_cut_at_the_limit() -> None:
    assert list(cut("a" * 25, 10)) == [(0, 10), (10, 20), (20, 25)]


def test_a_joined_emoji_stays_whole() -> None:
    family = "👩\u200d👩\u200d👧"
    text = "aaaa" + family
    assert [text[a:b] for a, b in cut(text, 7)] == ["aaaa", family]


@given(texts, st.integers(0, 400))
def test_the_tokens_of_two_parts_are_never_fewer_than_of_the_whole(text: str, at: int) -> None:
    assert count_tokens(text[:at]) + count_tokens(text[at:]) >= count_tokens(text)


def test_tokens_are_near_the_exact_counts() -> None:
    """Exact counts are of OpenAI's o200k_base."""
    exact = {
        "I live in Lisbon with my two cats, and I paint every Sunday morning.": 16,
        "今天天气很好。我们去公园散步吧。我喜欢画画和弹钢琴。也喜欢看书。": 26,
        "Ich wohne in München und arbeite als Softwareentwickler; am Wochenende fahre ich gerne Fahrrad.": 21,
    }
    for text, tokens in exact.items():
        assert abs(count_tokens(text) - tokens) <= tokens * 0.35, text
