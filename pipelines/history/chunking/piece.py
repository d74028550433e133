"""From a span of a transcript to a chunk: what every chunk of one conversation has in common, and its own words."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from pipelines.contract import Chunk, Conversation, Tier
from pipelines.history.transcript import Transcript, write_transcripts

RECENT = timedelta(days=180)
UNTITLED = "Untitled"

Way = Callable[[str], Iterator[tuple[int, int]]]  # of cutting a text into spans, none empty
Ways = Mapping[Tier, Way]


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


def pieces(conversation: Conversation, ways: Ways, now: datetime) -> Iterator[Chunk]:
    """The whole conversation cut in each of these ways: a chunk for each span that has words in it."""
    origin = Origin.of(conversation, now)
    for transcript in write_transcripts(conversation):
        for tier, way in ways.items():
            for start, end in spans(transcript.text, way):
                yield piece(transcript, start, end, origin, tier)


def spans(text: str, way: Way) -> Iterator[tuple[int, int]]:
    """Those that have words in them."""
    for start, end in way(text):
        if not text[start:end].isspace():
            yield start, end


def piece(transcript: Transcript, start: int, end: int, origin: Origin, tier: Tier) -> Chunk:
    """The chunk of one span."""
    return Chunk(
        conversation_id=origin.conversation_id,
        title=origin.title,
        content=transcript.text[start:end].strip(),
        message_count=transcript.turns_in(start, end),
        created_at=origin.created_at,
        is_recent=origin.is_recent,
        tier=tier,
    )
