"""The conversations that say most about the user: much of their own text, recent, and rich in facts."""

import heapq
import math
from collections.abc import Iterable, Mapping
from datetime import datetime

import msgspec

from pipelines.contract import Message, Passage
from pipelines.history.chunking.cut import cut
from pipelines.v2.history import Entry, History
from pipelines.work.records import read_records, read_records_at

BEST_CONVERSATIONS = 200
EXCERPT_CHARACTERS = 3_000  # of each
_HALF_LIFE_DAYS = 180.0


def read_best(history: History, by_conversation: Mapping[str, int], now: datetime) -> list[Passage]:
    """An excerpt of each of the best conversations, best first. Runs in a worker process."""
    best = choose(read_records(history.index, Entry), by_conversation, now.timestamp())
    return [*map(excerpt, read_records_at(history.passages, Passage, (entry.offset for entry in best)))]


def choose(entries: Iterable[Entry], by_conversation: Mapping[str, int], now: float) -> list[Entry]:
    """The best entries, best first; of equals the one met first."""
    ranked = ((-score(entry, by_conversation.get(entry.conversation_id, 0), now), n, entry)
              for n, entry in enumerate(entries))  # fmt: skip
    return [entry for _, _, entry in heapq.nsmallest(BEST_CONVERSATIONS, ranked, key=lambda item: item[:2])]


def score(entry: Entry, facts: int, now: float) -> float:
    """Grows with the user's text and the facts found, each ever more slowly, and fades with age."""
    days = (now - entry.time) / 86_400 if entry.time is not None else 10 * _HALF_LIFE_DAYS
    recency = math.exp2(-max(days, 0.0) / _HALF_LIFE_DAYS)
    return round(math.log1p(entry.user_characters / 500) + 2.0 * math.log1p(facts) + 2.0 * recency, 6)


def excerpt(passage: Passage) -> Passage:
    """The passage's first turns, EXCERPT_CHARACTERS at most."""
    kept: list[Message] = []
    left = EXCERPT_CHARACTERS
    for message in passage.messages:
        if left <= 0:
            break
        _, end = next(cut(message.text, left), (0, 0))
        kept.append(msgspec.structs.replace(message, text=message.text[:end]))
        left -= end
    return msgspec.structs.replace(passage, messages=tuple(kept))
