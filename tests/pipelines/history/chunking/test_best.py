"""Which chunks are kept: never more than the limit, every tier, the newest and richest talks, in their order."""

import math
import re
from collections.abc import Iterable
from datetime import timedelta
from functools import partial
from itertools import count
from typing import get_args

from hypothesis import given, settings
from hypothesis import strategies as st

from pipelines.contract import Chunk, Conversation, Message, Tier
from pipelines.history.chunking.best import BestChunks, left_out, score, share_out
from pipelines.history.chunking.cut import cut
from pipelines.history.chunking.piece import Way, Ways, pieces
from pipelines.history.chunking.tiers import TIER_WAYS
from pipelines.history.chunking.windows import WINDOW_WAYS
from tests.pipelines.ports import NOW

DAY = 86_400.0
TIERS: tuple[Tier, ...] = get_args(Tier)
histories = st.lists(
    st.tuples(st.text("xy. \n\t", max_size=900), st.one_of(st.none(), st.integers(-10, 900))), max_size=30
)


def every(characters: int) -> Way:
    return partial(cut, limit=characters)


WAYS: Ways = {"micro": every(15), "medium": every(60), "macro": every(200)}
LINES: Ways = {"macro": lambda text: ((found.start(), found.end()) for found in re.finditer(r".+", text))}


def talk(name: str, words: str = "I keep bees in Randers.", age_days: float | None = 1.0) -> Conversation:
    time = None if age_days is None else NOW.timestamp() - age_days * DAY
    return Conversation(name, name, time, (Message("m", "user", words, time),))


def talks(history: list[tuple[str, int | None]]) -> list[Conversation]:
    return [talk(f"c{number}", words, age) for number, (words, age) in enumerate(history)]


def best_of(conversations: Iterable[Conversation], limit: int, ways: Ways) -> BestChunks:
    best = BestChunks(limit, NOW, ways)
    for conversation in conversations:
        best.offer(conversation)
    return best


def best_of_all(conversations: Iterable[Conversation], limit: int, ways: Ways) -> list[Chunk]:
    """What is kept, by the plainest way to it: everything is cut, and all of it is ranked."""
    ranked: dict[Tier, list[tuple[float, int, Chunk]]] = {}
    numbers = count()
    for conversation in conversations:
        own: dict[Tier, list[tuple[int, Chunk]]] = {}
        for chunk in pieces(conversation, ways, NOW):
            own.setdefault(chunk.tier, []).append((next(numbers), chunk))
        for tier, cut_ in own.items():
            ranks = enumerate(reversed(cut_), 1)
            worth = score(conversation, NOW.timestamp())
            ranked.setdefault(tier, []).extend((worth - math.log2(n), -number, chunk) for n, (number, chunk) in ranks)
    shares = share_out({tier: min(limit, len(entries)) for tier, entries in ranked.items()}, limit)
    chosen = [entry for tier, entries in ranked.items() for entry in sorted(entries, reverse=True)[: shares[tier]]]
    return [chunk for _, _, chunk in sorted(chosen, key=lambda entry: -entry[1])]


@settings(max_examples=150)
@given(histories, st.integers(1, 40), st.sampled_from([WAYS, LINES, TIER_WAYS, WINDOW_WAYS]))
def test_what_is_kept_is_what_would_be_kept_if_all_were_cut(
    history: list[tuple[str, int | None]], limit: int, ways: Ways
) -> None:
    conversations = talks(history)
    best = best_of(conversations, limit, ways)
    assert best.kept() == best_of_all(conversations, limit, ways)


@settings(max_examples=60)
@given(histories, st.integers(3, 40))
def test_at_most_so_many_are_kept_of_every_tier_in_the_order_met(
    history: list[tuple[str, int | None]], limit: int
) -> None:
    conversations = talks(history)
    there = [chunk for conversation in conversations for chunk in pieces(conversation, WAYS, NOW)]
    best = best_of(conversations, limit, WAYS)
    kept = best.kept()
    assert len(kept) == min(limit, len(there))
    assert [chunk for chunk in there if chunk in kept] == kept
    assert {chunk.tier for chunk in kept} == {chunk.tier for chunk in there}
    assert bool(left_out(len(kept), best.met, best.uncut)) == (len(kept) < len(there))


@settings(max_examples=60)
@given(histories, st.integers(1, 8))
def test_every_conversation_with_words_counts_as_cut_in_each_way_or_not(
    history: list[tuple[str, int | None]], limit: int
) -> None:
    best, whole, uncut = BestChunks(limit, NOW, WAYS), 0, 0
    for conversation in talks(history):
        before = best.met, best.uncut
        best.offer(conversation)
        there = sum(1 for _ in pieces(conversation, WAYS, NOW))
        missing = there - (best.met - before[0])
        assert best.uncut - before[1] == (missing > 0)
        whole, uncut = whole + there, uncut + missing
    assert best.met + uncut == whole


@given(st.dictionaries(st.sampled_from(TIERS), st.integers(0, 500), min_size=1), st.integers(3, 300))
def test_a_tier_gives_way_only_to_tiers_that_have_no_more_than_it(counts: dict[Tier, int], limit: int) -> None:
    shares = share_out(counts, limit)
    assert sum(shares.values()) == min(limit, sum(counts.values()))
    short = [tier for tier, share in shares.items() if share < counts[tier]]
    assert all(shares[tier] + 1 >= share for tier in short for share in shares.values())


def test_newer_and_richer_conversations_are_preferred_and_none_takes_it_all() -> None:
    old = talk("old", "\n".join(f"{'x' * 20} {n}" for n in range(20)), 2000.0)
    poor = talk("poor", "\n".join(map(str, range(20))), 1.0)
    rich = talk("rich", "\n".join(f"{'x' * 1000} {n}" for n in range(20)), 2.0)
    chunks = best_of([old, poor, rich], 24, LINES).kept()
    kept = [chunk.conversation_id for chunk in chunks]
    assert kept.count("rich") > kept.count("poor") > kept.count("old")
    newest = [chunk.content for chunk in chunks if chunk.conversation_id == "rich"][-1]
    assert newest.endswith(" 19"), "its end"


def test_a_real_cut_keeps_each_size_of_the_newest_words() -> None:
    best = best_of((talk(f"c{n}", f"Sentence {n}. " * 300, age_days=float(n)) for n in range(400)), 300, TIER_WAYS)
    kept = best.kept()
    assert {tier: sum(chunk.tier == tier for chunk in kept) for tier in TIERS} == dict.fromkeys(TIERS, 100)
    newest = {chunk.conversation_id for chunk in kept}
    assert newest <= {f"c{n}" for n in range(int(timedelta(days=180).days))}
    assert best.uncut > 100
    cut_ = f"The history was cut into {best.met:,} chunks, of which the best and newest 300 are kept for questions."
    uncut = f"Conversations that are older or say less, and were not cut in each size: {best.uncut:,}."
    assert left_out(len(kept), best.met, best.uncut, len(TIERS)) == (f"{cut_} {uncut}",)
