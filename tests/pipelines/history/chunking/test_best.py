"""Which chunks are kept: never more than the limit, every tier, the newest and richest talks, in their order."""

from datetime import timedelta
from typing import get_args

from hypothesis import given, settings
from hypothesis import strategies as st

from pipelines.contract import Chunk, Conversation, Message, Tier
from pipelines.history.chunking.best import BestChunks, left_out, share_out
from pipelines.history.chunking.tiers import tiered_chunks
from tests.pipelines.ports import NOW

DAY = 86_400.0
TIERS: tuple[Tier, ...] = get_args(Tier)
tiers = st.lists(st.sampled_from(TIERS), max_size=30)


def talk(name: str, words: str = "I keep bees in Randers.", age_days: float | None = 1.0) -> Conversation:
    time = None if age_days is None else NOW.timestamp() - age_days * DAY
    return Conversation(name, name, time, (Message("m", "user", words, time),))


def chunks_of(name: str, cut: list[Tier]) -> list[Chunk]:
    return [Chunk(name, name, str(n), 1, NOW, is_recent=True, tier=tier) for n, tier in enumerate(cut)]


@settings(max_examples=60)
@given(
    st.lists(st.tuples(tiers, st.one_of(st.none(), st.floats(-10, 1e8))), max_size=8),
    st.integers(3, 40),
)
def test_at_most_so_many_are_kept_of_every_tier_in_the_order_met(
    history: list[tuple[list[Tier], float | None]], limit: int
) -> None:
    best, met = BestChunks(limit, NOW), list[Chunk]()
    for number, (cut, age) in enumerate(history):
        chunks = chunks_of(f"c{number}", cut)
        met += chunks
        best.offer(talk(f"c{number}", age_days=age), iter(chunks))
    kept = best.kept()
    assert (len(kept), best.met) == (min(limit, len(met)), len(met))
    assert [chunk for chunk in met if chunk in kept] == kept
    assert {chunk.tier for chunk in kept} == {chunk.tier for chunk in met}
    assert bool(left_out(len(kept), best.met)) == (len(kept) < len(met))


@given(
    st.lists(st.tuples(st.integers(0, 5), st.integers(0, 3_000), st.integers(0, 900)), max_size=30),
    st.integers(1, 8),
)
def test_what_is_not_even_cut_would_not_have_been_kept(history: list[tuple[int, int, int]], limit: int) -> None:
    eager, lazy = BestChunks(limit, NOW), BestChunks(limit, NOW)
    for number, (count, words, age) in enumerate(history):
        conversation = talk(f"c{number}", "x" * words, float(age))
        eager.offer(conversation, chunks_of(f"c{number}", ["macro"] * count))
        lazy.offer(conversation, chunks_of(f"c{number}", ["macro"] * count), TIERS[-1:])
    assert lazy.kept() == eager.kept()
    assert lazy.met <= eager.met
    assert bool(left_out(len(lazy.kept()), lazy.met, lazy.uncut)) or len(lazy.kept()) == eager.met


@given(st.dictionaries(st.sampled_from(TIERS), st.integers(0, 500), min_size=1), st.integers(3, 300))
def test_a_tier_gives_way_only_to_tiers_that_have_no_more_than_it(counts: dict[Tier, int], limit: int) -> None:
    shares = share_out(counts, limit)
    assert sum(shares.values()) == min(limit, sum(counts.values()))
    short = [tier for tier, share in shares.items() if share < counts[tier]]
    assert all(shares[tier] + 1 >= share for tier in short for share in shares.values())


def test_newer_and_richer_conversations_are_preferred_and_none_takes_it_all() -> None:
    best = BestChunks(24, NOW)
    for name, words, age in (("old", "x" * 400, 2000.0), ("poor", "hi", 1.0), ("rich", "x" * 20_000, 2.0)):
        best.offer(talk(name, words, age), chunks_of(name, ["macro"] * 20))
    kept = [chunk.conversation_id for chunk in best.kept()]
    assert kept.count("rich") > kept.count("poor") > kept.count("old")
    assert [chunk.content for chunk in best.kept() if chunk.conversation_id == "rich"][-1] == "19"  # its end is newest


def test_a_real_cut_keeps_each_size_of_the_newest_words() -> None:
    best = BestChunks(300, NOW)
    for n in range(400):
        conversation = talk(f"c{n}", f"Sentence {n}. " * 300, age_days=float(n))
        best.offer(conversation, tiered_chunks(conversation, NOW))
    kept = best.kept()
    assert {tier: sum(chunk.tier == tier for chunk in kept) for tier in TIERS} == dict.fromkeys(TIERS, 100)
    newest = {chunk.conversation_id for chunk in kept}
    assert newest <= {f"c{n}" for n in range(int(timedelta(days=180).days))}
    assert left_out(len(kept), best.met) == (
        f"The history was cut into {best.met:,} chunks, of which the best and newest 300 are kept for questions.",
    )
