"""One conversation's transcript cut three times: micro for a sentence, medium for a thought, macro for a topic."""

from collections.abc import Iterator
from datetime import datetime
from functools import partial

from pipelines.contract import Chunk, Conversation, Tier
from pipelines.history.chunking.cut import cut
from pipelines.history.chunking.piece import Ways, pieces

TIERS: dict[Tier, int] = {"micro": 200, "medium": 2_000, "macro": 5_000}  # characters
TIER_WAYS: Ways = {tier: partial(cut, limit=limit) for tier, limit in TIERS.items()}


def tiered_chunks(conversation: Conversation, now: datetime) -> Iterator[Chunk]:
    """Every tier holds the whole transcript."""
    return pieces(conversation, TIER_WAYS, now)
