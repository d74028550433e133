"""v2's best conversations: much of the user's own text, recent, rich in facts."""

from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from pipelines.contract import Message, Passage
from pipelines.history.census import Census
from pipelines.v2.best import BEST_CONVERSATIONS, EXCERPT_CHARACTERS, choose, excerpt, read_best, score
from pipelines.v2.history import Entry, History
from pipelines.work.records import WorkFile
from tests.pipelines.ports import NOW

DAY = 86_400.0
NOW_SECONDS = NOW.timestamp()

ages = st.none() | st.floats(0, 5_000)


def entry(n: int = 0, characters: int = 1_000, age: float | None = 10.0) -> Entry:
    return Entry(f"c{n}", None if age is None else NOW_SECONDS - age * DAY, characters, 0, 1)


@given(st.integers(0, 10**6), ages, st.integers(0, 100))
def test_more_text_more_facts_and_a_later_time_never_make_it_worse(
    characters: int, age: float | None, facts: int
) -> None:
    base = score(entry(0, characters, age), facts, NOW_SECONDS)
    assert score(entry(0, characters + 1_000, age), facts, NOW_SECONDS) >= base
    assert score(entry(0, characters, age), facts + 1, NOW_SECONDS) > base
    if age is not None:
        assert score(entry(0, characters, age / 2), facts, NOW_SECONDS) >= base


@given(st.lists(st.tuples(st.integers(0, 5_000), ages), max_size=300))
def test_the_best_are_chosen_best_first(rows: list[tuple[int, float | None]]) -> None:
    entries = [entry(n, characters, age) for n, (characters, age) in enumerate(rows)]
    chosen = choose(entries, {}, NOW_SECONDS)
    scores = [score(e, 0, NOW_SECONDS) for e in chosen]
    assert scores == sorted((score(e, 0, NOW_SECONDS) for e in entries), reverse=True)[:BEST_CONVERSATIONS]


def test_a_short_talk_with_facts_beats_a_long_one_without() -> None:
    assert [e.conversation_id for e in choose([entry(0, 3_000), entry(1, 500)], {"c1": 5}, NOW_SECONDS)] == ["c1", "c0"]


def test_excerpts_are_read_from_where_they_are_best_first(tmp_path: Path) -> None:
    history = History(tmp_path / "passages", tmp_path / "index", Census())
    with WorkFile[Passage](history.passages) as passages, WorkFile[Entry](history.index) as index:
        for n in range(5):
            at = passages.add(Passage(f"c{n}", "Talk", None, (Message("m", "user", f"tea {n} " * 1_000),)))
            index.add(Entry(f"c{n}", None, n * 1_000, at, 1))
    best = read_best(history, {}, NOW)
    assert [passage.conversation_id for passage in best] == ["c4", "c3", "c2", "c1", "c0"]
    assert all(len(passage.messages[0].text) <= EXCERPT_CHARACTERS for passage in best)


@given(st.lists(st.integers(1, 4_000), min_size=1, max_size=5))
def test_an_excerpt_is_the_beginning_and_bounded(sizes: list[int]) -> None:
    messages = tuple(Message(str(n), "user", "x" * size) for n, size in enumerate(sizes))
    cut = excerpt(Passage("c", "Talk", None, messages))
    text = "".join(m.text for m in cut.messages)
    assert text == ("x" * sum(sizes))[:EXCERPT_CHARACTERS]
