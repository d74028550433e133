"""How many of a user's chunks have a vector, by size of chunk."""

from collections.abc import Iterable
from typing import Literal

from pydantic import BaseModel

Tiers = Iterable[tuple[str, int, int]]  # tier, chunks, of them with a vector
TIERS = ("macro", "medium", "micro")
State = Literal["pending", "processing", "complete", "failed"]


class TierCounts(BaseModel):
    """A count for each size of chunk."""

    macro: int = 0
    medium: int = 0
    micro: int = 0


class EmbeddingStatus(BaseModel):
    """As callers have always read it.

    `completion_percentage` is of all chunks, rounded down: 100 only where nothing is left to do, which is also the case
    without an embedding model; 0 when there are no chunks.
    """

    user_id: str
    total_chunks: int
    total_embedded: int
    total_missing: int
    completion_percentage: int
    embedded_by_tier: TierCounts
    missing_by_tier: TierCounts
    status: State


def status_of(user_id: str, tiers: Tiers, request: str | None, *, configured: bool) -> EmbeddingStatus:
    """`request` is the state of the user's last request. Without a model nothing is waited for: chunks are searched by
    their words, and that is complete."""
    rows = [(tier if tier in TIERS else "medium", chunks, embedded) for tier, chunks, embedded in tiers]
    total, done = sum(row[1] for row in rows), sum(row[2] for row in rows)
    state = _state(total, done, request, configured=configured)
    return EmbeddingStatus(
        user_id=user_id,
        total_chunks=total,
        total_embedded=done,
        total_missing=total - done,
        completion_percentage=100 if state == "complete" else 100 * done // max(total, 1),
        embedded_by_tier=TierCounts(**{name: sum(e for t, _, e in rows if t == name) for name in TIERS}),
        missing_by_tier=TierCounts(**{name: sum(c - e for t, c, e in rows if t == name) for name in TIERS}),
        status=state,
    )


def _state(total: int, done: int, request: str | None, *, configured: bool) -> State:
    if total and (done == total or not configured):
        return "complete"
    if request == "failed":
        return "failed"
    return "processing" if request == "pending" and configured else "pending"
