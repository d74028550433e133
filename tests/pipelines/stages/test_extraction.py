"""What goes into one batch, and what its facts may take up beside what was read for them."""

import asyncio
from collections.abc import AsyncIterator, Sequence

from hypothesis import given
from hypothesis import strategies as st

from pipelines.contract import Extraction, Fact, Message, Passage
from pipelines.stages.bounds import FACT_CHARACTERS, FREE_CHARACTERS, SHARE, within_bounds
from pipelines.stages.extraction import Batch, batches, unread_warning
from pipelines.stages.ledger import Ledger


def facts(count: int) -> tuple[Fact, ...]:
    return tuple(Fact("interest", f"thing {n}", "x" * 300, "c", f"m{n}") for n in range(count))


def test_facts_take_up_no_more_than_a_share_of_what_was_read() -> None:
    read = 10_000
    kept = within_bounds(Extraction(facts(5_000)), read)
    size = sum(len(fact.value) + len(fact.sentence) + FACT_CHARACTERS for fact in kept.facts)
    assert size <= FREE_CHARACTERS + SHARE * read
    assert kept.left_out == 5_000 - len(kept.facts) > 0
    assert kept.facts == facts(5_000)[: len(kept.facts)]
    ledger = Ledger()
    ledger.add(kept)
    (warning,) = unread_warning(ledger.unread)
    assert f"cannot hold them: {kept.left_out:,}." in warning


def test_what_an_ordinary_text_gives_is_kept_whole() -> None:
    extraction = Extraction(facts(900))
    assert within_bounds(extraction, 0) is extraction


@given(
    st.lists(st.lists(st.integers(1, 40), min_size=1, max_size=6), max_size=8), st.integers(1, 100), st.integers(1, 5)
)
def test_a_conversation_is_parted_only_where_it_fills_more_than_a_batch(
    sizes: list[list[int]], size: int, page: int
) -> None:
    passages = [
        Passage(str(n), "", None, (Message(f"{n}-{k}", "user", "x" * length),))
        for n, lengths in enumerate(sizes)
        for k, length in enumerate(lengths)
    ]
    found = asyncio.run(all_batches([passages[at : at + page] for at in range(0, len(passages), page)], size))
    assert [passage for batch in found for passage in batch.passages] == passages
    assert [batch.n for batch in found] == list(range(len(found)))
    for batch in found:
        assert batch.characters == sum(len(one.messages[0].text) for one in batch.passages)
        assert batch.characters <= size or len(batch.passages) == 1
    for n, lengths in enumerate(sizes):
        where = {batch.n for batch in found if str(n) in {one.conversation_id for one in batch.passages}}
        assert len(where) == 1 or sum(lengths) > size


async def all_batches(pages: Sequence[Sequence[Passage]], size: int) -> list[Batch]:
    async def given_pages() -> AsyncIterator[Sequence[Passage]]:
        for page in pages:
            yield page

    return [batch async for batch in batches(given_pages(), size)]
