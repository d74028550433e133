"""From a span of a transcript to a chunk: what every chunk of one conversation has in common, and its own words."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from pipelines.contract import Chunk, Conversation, Tier
from pipelines.history.transcript import Transcript

RECENT = timedelta(days=180)
UNTITLED = "Untitled"


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a chunk comes from, and when."""

    conversation_id: str
    title: str
    created_at: datetime
    is_recent: bool

    @classmethod
    def of(cls, conversation: Conversation, now: datetime) -> "Origin":
        at = moment(conversation.time, now)
        return cls(conversation.id, conversation.title or UNTITLED, at, now - at < RECENT)


def moment(time: float | None, fallback: datetime) -> datetime:
    """An aware datetime for seconds since the epoch; `fallback` where there is none or it is nonsense."""
    if time is None:
        return fallback
    try:
        return datetime.fromtimestamp(time, UTC)
    except (ValueError, OverflowError, OSError):
        return fallback


def pieces(transcript: Transcript, spans: Iterable[tuple[int, int]], origin: Origin, tier: Tier) -> Iterator[Chunk]:
    """A chunk for each span that has words in it."""
    for start, end in spans:
        content = transcript.text[start:end].strip()
        if content:
            yield Chunk(
                conversation_id=origin.conversation_id,
                title=origin.title,
                content=content,
                message_count=transcript.turns_in(start, end),
                created_at=origin.created_at,
                is_recent=origin.is_recent,
                tier=tier,
            )
