"""v2's windows: bounded, overlapping, at sentence ends, and the whole conversation where it fits."""

from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

from pipelines.history.chunking.tokens import count_tokens
from pipelines.history.chunking.windows import OVERLAP_TOKENS, WINDOW_TOKENS, windowed_chunks, windows
from tests.pipelines.history.chunking.test_tiers import conversation
from tests.pipelines.ports import NOW

scripts = st.sampled_from(["I like tea. ", "painting ", "今天天气很好。", "x" * 70, "🙂", "\n", "What? No! "])
long_texts = st.lists(st.tuples(scripts, st.integers(1, 400)), max_size=8).map(lambda p: "".join(s * n for s, n in p))


@given(long_texts)
@settings(max_examples=60)
def test_windows_are_bounded_and_cover_the_whole_text(text: str) -> None:
    spans = list(windows(text))
    assert all(count_tokens(text[a:b]) <= WINDOW_TOKENS for a, b in spans)
    assert (spans[0][0], spans[-1][1]) == (0, len(text)) if text else spans == []
    assert all(later[0] <= earlier[1] for earlier, later in pairwise(spans))


@given(long_texts)
@settings(max_examples=60)
def test_neighbours_overlap_by_at_most_the_limit_and_always_move_on(text: str) -> None:
    spans = list(windows(text))
    for earlier, later in pairwise(spans):
        assert 0 < count_tokens(text[later[0] : earlier[1]]) <= OVERLAP_TOKENS
        assert later[0] > earlier[0]
        assert later[1] > earlier[1]


@given(long_texts)
@settings(max_examples=30)
def test_a_text_that_fits_is_one_window(text: str) -> None:
    if 0 < count_tokens(text) <= WINDOW_TOKENS:
        assert list(windows(text)) == [(0, len(text))]


def test_windows_begin_and_end_at_sentences() -> None:
    text = "I live in Lisbon and I paint on Sundays. " * 400
    for start, end in windows(text):
        assert text[start:].startswith("I live")
        assert text[:end].endswith("Sundays. ")


def test_defect_2_everything_after_the_system_node_is_kept() -> None:
    dialogue = [("system", "You are helpful."), ("user", "I paint."), ("assistant", "Lovely."), ("user", "And I sing.")]
    (chunk,) = windowed_chunks(conversation(dialogue), NOW)
    assert chunk.content == "User: I paint.\n\nAssistant: Lovely.\n\nUser: And I sing."
    assert chunk.message_count == 3
