"""What the facts of one batch may take up, beside what was read for them."""

from pipelines.contract import Extraction, Fact
from pipelines.stages.bounds import FACT_CHARACTERS, FREE_CHARACTERS, SHARE, within_bounds
from pipelines.stages.extraction import unread_warning
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
