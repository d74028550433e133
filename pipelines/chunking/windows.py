"""One conversation in windows of about 2,000 tokens that overlap, so that no thought is cut in two in all of them."""

from collections.abc import Iterator
from datetime import datetime

from pipelines.chunking.cut import cut
from pipelines.chunking.piece import Origin, pieces
from pipelines.chunking.tokens import count_tokens
from pipelines.contract import Chunk, Conversation
from pipelines.transcript import write_transcript

WINDOW_TOKENS = 2_000
OVERLAP_TOKENS = 200
_BLOCK = 400  # characters: the grain of a window, well under the overlap in every script


def windowed_chunks(conversation: Conversation, now: datetime) -> Iterator[Chunk]:
    """The whole conversation where it fits one window, else overlapping windows."""
    transcript = write_transcript(conversation)
    return pieces(transcript, windows(transcript.text), Origin.of(conversation, now), "macro")


def windows(text: str) -> Iterator[tuple[int, int]]:
    """Spans of at most WINDOW_TOKENS; each begins up to OVERLAP_TOKENS before the end of the one before it."""
    if text and count_tokens(text) <= WINDOW_TOKENS:
        yield 0, len(text)
        return
    blocks = [(start, end, count_tokens(text[start:end])) for start, end in _blocks(text)]
    first, tokens = 0, 0
    for n, (_, _, size) in enumerate(blocks):
        if tokens + size > WINDOW_TOKENS:
            yield blocks[first][0], blocks[n][0]
            first, tokens = _overlap(blocks, n)
        tokens += size
    if blocks:
        yield blocks[first][0], blocks[-1][1]


def _overlap(blocks: list[tuple[int, int, int]], end: int) -> tuple[int, int]:
    """How far back from block `end` the next window begins: (first block, its tokens)."""
    first, tokens = end, 0
    while first > 0 and tokens + blocks[first - 1][2] <= OVERLAP_TOKENS:
        first -= 1
        tokens += blocks[first][2]
    return first, tokens


def _blocks(text: str) -> Iterator[tuple[int, int]]:
    """Runs of whole sentences, each small enough to be an overlap."""
    for start, end in cut(text, _BLOCK):
        if count_tokens(text[start:end]) <= OVERLAP_TOKENS:
            yield start, end
        else:
            yield from ((start + a, start + b) for a, b in cut(text[start:end], _BLOCK // 8))
