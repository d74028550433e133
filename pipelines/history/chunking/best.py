"""Which of a history's chunks are kept: at most so many, the best and newest, each tier with its share."""

import heapq
import math
from collections import deque
from collections.abc import Mapping, Sequence
from datetime import datetime
from itertools import count, repeat

from pipelines.contract import Chunk, Conversation, Tier
from pipelines.history.chunking.piece import Origin, Ways, piece, spans
from pipelines.history.transcript import Transcript, is_dialogue, is_usable, write_transcripts

HALF_LIFE_DAYS = 180.0
_REPEATED = 1.0  # what each doubling of a conversation's chunks takes from the next: many conversations, not one

_Kept = tuple[float, int, Chunk]  # score, -number in the order met, chunk
_Span = tuple[int, Transcript, tuple[int, int]]  # number in the order met, what it is a span of, start and end


class BestChunks:
    """Keeps the best chunks while a history goes by once; in memory are at most `limit` of each tier.

    Each tier is the whole history, cut in its way. A conversation is cut only in the ways that it may have a chunk kept
    in, and only such chunks are made.
    """

    def __init__(self, limit: int, now: datetime, ways: Ways) -> None:
        self._limit = limit
        self._now = now
        self._ways = ways
        self._best: dict[Tier, list[_Kept]] = {tier: [] for tier in ways}
        self._room = dict.fromkeys(ways, limit)
        self.met = 0
        self.uncut = 0  # conversations that were not cut in each way

    def offer(self, conversation: Conversation) -> None:
        """Take the chunks of one conversation; of a long one its last are the newest."""
        worth = score(conversation, self._now.timestamp())
        ways = {tier: way for tier, way in self._ways.items() if not self._is_beyond(worth, tier)}
        if len(ways) < len(self._ways):
            self.uncut += any(map(is_dialogue, conversation.messages))
        last: dict[Tier, deque[_Span]] = {tier: deque(maxlen=self._limit) for tier in ways}
        for transcript in write_transcripts(conversation) if ways else ():
            for tier, way in ways.items():
                last[tier].extend(zip(count(self.met), repeat(transcript), spans(transcript.text, way), strict=False))
                self.met = last[tier][-1][0] + 1  # a transcript has words in it, so at least one span
        origin = Origin.of(conversation, self._now)
        for tier, own in last.items():
            self._take(tier, worth, own, origin)
        self._narrow()

    def _take(self, tier: Tier, worth: float, own: Sequence[_Span], origin: Origin) -> None:
        best, room = self._best[tier], self._room[tier]
        for n, (number, transcript, span) in enumerate(reversed(own)):
            rank = worth - _REPEATED * math.log2(n + 1), -number
            if len(best) < room:
                heapq.heappush(best, (*rank, piece(transcript, *span, origin, tier)))
            elif rank > best[0][:2]:
                heapq.heapreplace(best, (*rank, piece(transcript, *span, origin, tier)))
            else:
                break  # those that follow are worth less

    def _is_beyond(self, worth: float, tier: Tier) -> bool:
        """Whether even the best chunk of a conversation worth so much would not be kept: of equals the first is."""
        best = self._best[tier]
        return len(best) >= self._room[tier] and (not best or worth <= best[0][0])

    def _narrow(self) -> None:
        """Once no tier can give way to another any more, each needs no more than its share."""
        if sum(self._room.values()) > self._limit and all(len(best) >= self._limit for best in self._best.values()):
            self._room = share_out(self._room, self._limit)
            for tier, best in self._best.items():
                best[:] = heapq.nlargest(self._room[tier], best)
                heapq.heapify(best)

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
    for waiting, (tier, there) in enumerate(sorted(counts.items(), key=lambda item: item[1])):
        shares[tier] = min(there, left // (len(counts) - waiting))
        left -= shares[tier]
    return shares


def left_out(kept: int, met: int, uncut: int = 0, sizes: int = 1) -> tuple[str, ...]:
    """A warning for the user where not all chunks are kept; `uncut` conversations were worth less than all of them, or
    all of one of the sizes."""
    if kept >= met and not uncut:
        return ()
    warning = f"The history was cut into {met:,} chunks, of which the best and newest {kept:,} are kept for questions."
    cut = "cut" if sizes == 1 else "cut in each size"
    less = f"Conversations that are older or say less, and were not {cut}: {uncut:,}."
    return (f"{warning} {less}" if uncut else warning,)
