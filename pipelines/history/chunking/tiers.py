"""One conversation's transcript cut three times: micro for a sentence, medium for a thought, macro for a topic."""

from collections.abc import Iterator
from datetime import datetime

from pipelines.contract import Chunk, Conversation, Tier
from pipelines.history.chunking.cut import cut
from pipelines.history.chunking.piece import Origin, pieces
from pipelines.history.transcript import write_transcripts

TIERS: dict[Tier, int] = {"micro": 200, "medium": 2_000, "macro": 5_000}  # characters


def tiered_chunks(conversation: Conversation, now: datetime) -> Iterator[Chunk]:
    """Every tier holds the whole transcript."""
    origin = Origin.of(conversation, now)
    for transcript in write_transcripts(conversation):
        for tier, limit in TIERS.items():
            yield from pieces(transcript, cut(transcript.text, limit), origin, tier)
