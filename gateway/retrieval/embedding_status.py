"""How many of a user's chunks have a vector, by size of chunk. Pure."""

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
    """As callers have always read it. `completion_percentage` is of all chunks, 0 when there are none."""

    total_chunks: int
    total_embedded: int
    total_missing: int
    completion_percentage: float
    embedded_by_tier: TierCounts
    missing_by_tier: TierCounts
    status: State


def status_of(tiers: Tiers, request: str | None, *, configured: bool) -> EmbeddingStatus:
    """`request` is the state of the user's last request. Without a model nothing is waited for: chunks are searched by
    their words, and that is complete."""
    rows = [(tier if tier in TIERS else "medium", chunks, embedded) for tier, chunks, embedded in tiers]
    total, done = sum(row[1] for row in rows), sum(row[2] for row in rows)
    return EmbeddingStatus(
        total_chunks=total,
        total_embedded=done,
        total_missing=total - done,
        completion_percentage=round(100 * done / total, 1) if total else 0.0,
        embedded_by_tier=TierCounts(**{name: sum(e for t, _, e in rows if t == name) for name in TIERS}),
        missing_by_tier=TierCounts(**{name: sum(c - e for t, c, e in rows if t == name) for name in TIERS}),
        status=_state(total, done, request, configured=configured),
    )


def _state(total: int, done: int, request: str | None, *, configured: bool) -> State:
    if total and (done == total or not configured):
        return "complete"
    if request == "failed":
        return "failed"
    return "processing" if request == "pending" and configured else "pending"
