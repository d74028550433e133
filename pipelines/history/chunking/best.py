"""Which of a history's chunks are kept: at most so many, the best and newest, each tier with its share."""

import heapq
import math
from collections import deque
from collections.abc import Collection, Iterable, Mapping
from datetime import datetime

from pipelines.contract import Chunk, Conversation, Tier
from pipelines.history.transcript import is_dialogue, is_usable

HALF_LIFE_DAYS = 180.0
_REPEATED = 1.0  # what each doubling of a conversation's chunks takes from the next: many conversations, not one

_Kept = tuple[float, int, Chunk]  # score, -number in the order met, chunk


class BestChunks:
    """Keeps the best chunks while a history goes by once; in memory are at most `limit` of each tier."""

    def __init__(self, limit: int, now: datetime) -> None:
        self._limit = limit
        self._now = now.timestamp()
        self._best: dict[Tier, list[_Kept]] = {}
        self.met = 0
        self.uncut = 0  # conversations that were not even cut

    def offer(self, conversation: Conversation, chunks: Iterable[Chunk], tiers: Collection[Tier] = ()) -> None:
        """Take the chunks of one conversation, in order; of a long one its last are the newest.

        Where `tiers` says of which tiers they will be, they are not cut if none of them can be kept.
        """
        worth = score(conversation, self._now)
        if tiers and all(self._is_beyond(worth, tier) for tier in tiers):
            self.uncut += any(map(is_dialogue, conversation.messages))
            return
        last: dict[Tier, deque[tuple[int, Chunk]]] = {}
        for chunk in chunks:
            last.setdefault(chunk.tier, deque(maxlen=self._limit)).append((self.met, chunk))
            self.met += 1
        for tier, own in last.items():
            best = self._best.setdefault(tier, [])
            for n, (number, chunk) in enumerate(reversed(own)):
                entry = (worth - _REPEATED * math.log2(n + 1), -number, chunk)
                if len(best) < self._limit:
                    heapq.heappush(best, entry)
                elif entry[:2] > best[0][:2]:
                    heapq.heapreplace(best, entry)
                else:
                    break  # those that follow are worth less

    def _is_beyond(self, worth: float, tier: Tier) -> bool:
        """Whether even the best chunk of a conversation worth so much would not be kept: of equals the first is."""
        best = self._best.get(tier)
        return best is not None and len(best) >= self._limit and worth <= best[0][0]

    def kept(self) -> list[Chunk]:
        """The chunks to keep, in the order in which they were met."""
        shares = share_out({tier: len(best) for tier, best in self._best.items()}, self._limit)
        chosen = [entry for tier, best in self._best.items() for entry in heapq.nlargest(shares[tier], best)]
        return [chunk for _, _, chunk in sorted(chosen, key=lambda entry: -entry[1])]


def score(conversation: Conversation, now: float) -> float:
    """Grows with the user's own text, ever more slowly, and fades with age. `now`: seconds since the epoch."""
    characters = sum(len(message.text) for message in conversation.messages if is_usable(message))
    days = (now - conversation.time) / 86_400 if conversation.time is not None else 10 * HALF_LIFE_DAYS
    return math.log1p(characters / 500) + 2.0 * math.exp2(-min(max(days, 0.0) / HALF_LIFE_DAYS, 1_000.0))


def share_out(counts: Mapping[Tier, int], limit: int) -> dict[Tier, int]:
    """How many of each tier are kept: equal shares; what one tier does not need, the others get."""
    shares: dict[Tier, int] = {}
    left = limit
    for waiting, (tier, count) in enumerate(sorted(counts.items(), key=lambda item: item[1])):
        shares[tier] = min(count, left // (len(counts) - waiting))
        left -= shares[tier]
    return shares


def left_out(kept: int, met: int, uncut: int = 0) -> tuple[str, ...]:
    """A warning for the user where not all chunks are kept; `uncut` conversations were worth less than all of them."""
    if kept >= met and not uncut:
        return ()
    warning = f"The history was cut into {met:,} chunks, of which the best and newest {kept:,} are kept for questions."
    return (f"{warning} Conversations that are older or say less, and were not cut: {uncut:,}." if uncut else warning,)
