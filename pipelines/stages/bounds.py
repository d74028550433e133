"""How much the facts of a text may take up: a small text never fills a database."""

import msgspec

from pipelines.contract import Extraction

# What the facts of one batch may take up: so many characters, and so many for each that is read.
FREE_CHARACTERS, SHARE = 500_000, 2
FACT_CHARACTERS = 200  # beside its words


def within_bounds(extraction: Extraction, characters_read: int) -> Extraction:
    """The first facts that take up at most so many times what was read: a small text never fills a database."""
    left = FREE_CHARACTERS + SHARE * characters_read
    for n, fact in enumerate(extraction.facts):
        left -= FACT_CHARACTERS + len(fact.value) + len(fact.detail) + len(fact.sentence)
        if left < 0:
            left_out = len(extraction.facts) - n
            return msgspec.structs.replace(extraction, facts=extraction.facts[:n], left_out=left_out)
    return extraction
