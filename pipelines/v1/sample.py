"""Which conversations v1 reads: the most recent ones, up to a number and an amount of text. It is v1's known limit."""

import heapq
from collections import deque
from collections.abc import Iterable, Iterator

import msgspec

from pipelines.contract import Message, Passage
from pipelines.history.passages import characters, has_user_words

RECENT_CONVERSATIONS = 100
SAMPLE_CHARACTERS = 400_000
CONVERSATION_CHARACTERS = 24_000  # so that one endless conversation is not the whole sample


class RecentSample:
    """Keeps the newest conversations while an export goes by once, in bounded memory."""

    def __init__(self) -> None:
        self._newest: list[tuple[float, int, list[Passage]]] = []
        self._met = 0

    def offer(self, time: float | None, passages: Iterable[Passage]) -> None:
        """Take a conversation's passages if it is among the newest so far. Undated ones count as oldest, and of two
        with one time the one met first is the newer: exports list the newest first."""
        rank = (time if time is not None else float("-inf"), -self._met)
        self._met += 1
        if len(self._newest) >= RECENT_CONVERSATIONS and rank < self._newest[0][:2]:
            return
        kept = _newest_within(filter(has_user_words, passages), CONVERSATION_CHARACTERS)
        if kept:
            push = heapq.heappushpop if len(self._newest) >= RECENT_CONVERSATIONS else heapq.heappush
            push(self._newest, (*rank, kept))

    def passages(self) -> Iterator[Passage]:
        """The sample, newest conversation first."""
        newest_first = sorted(self._newest, key=lambda entry: entry[:2], reverse=True)
        return _within((passage for _, _, kept in newest_first for passage in kept), SAMPLE_CHARACTERS)


def _newest_within(passages: Iterable[Passage], limit: int) -> list[Passage]:
    """The last passages that fit the limit, at least one, oldest first, and all notes: what is said last is newest."""
    kept: deque[Passage] = deque()
    notes: list[Message] = []
    total = 0
    for passage in passages:
        kept.append(passage)
        total += characters(passage)
        while len(kept) > 1 and total > limit:
            first = kept.popleft()
            notes.extend(first.notes)
            total -= characters(first)
    if notes:
        kept[0] = msgspec.structs.replace(kept[0], notes=(*notes, *kept[0].notes))
    return list(kept)


def _within(passages: Iterable[Passage], limit: int) -> Iterator[Passage]:
    """The first passages that fit the limit, at least one."""
    total = 0
    for n, passage in enumerate(passages):
        total += characters(passage)
        if n and total > limit:
            return
        yield passage
