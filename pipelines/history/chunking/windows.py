"""One conversation in windows of about 2,000 tokens that overlap, so that no thought is cut in two in all of them."""

from collections.abc import Iterator
from datetime import datetime

from pipelines.contract import Chunk, Conversation
from pipelines.history.chunking.cut import cut
from pipelines.history.chunking.piece import Ways, pieces
from pipelines.history.chunking.tokens import count_tokens, fits

WINDOW_TOKENS = 2_000
OVERLAP_TOKENS = 200
_BLOCK = 400  # characters: the grain of a window, well under the overlap in every script


Block = tuple[int, int, int]  # start, end, tokens


def windows(text: str) -> Iterator[tuple[int, int]]:
    """Spans of at most WINDOW_TOKENS; each begins up to OVERLAP_TOKENS before the end of the one before it."""
    if fits(text, WINDOW_TOKENS):
        yield from [(0, len(text))] if text else []
        return
    window: list[Block] = []
    tokens = 0
    for block in _blocks(text):
        if tokens + block[2] > WINDOW_TOKENS:
            yield window[0][0], window[-1][1]
            window = _tail(window)
            tokens = sum(size for _, _, size in window)
        window.append(block)
        tokens += block[2]
    yield window[0][0], window[-1][1]


def _tail(window: list[Block]) -> list[Block]:
    """The last blocks of a window, which the next one repeats."""
    first, tokens = len(window), 0
    while tokens + window[first - 1][2] <= OVERLAP_TOKENS:
        first -= 1
        tokens += window[first][2]
    return window[first:]


def _blocks(text: str) -> Iterator[Block]:
    """Runs of whole sentences, each small enough to be an overlap."""
    for start, end in cut(text, _BLOCK):
        tokens = count_tokens(text[start:end])
        if tokens <= OVERLAP_TOKENS:
            yield start, end, tokens
        else:
            for a, b in cut(text[start:end], _BLOCK // 8):
                yield start + a, start + b, count_tokens(text[start + a : start + b])


WINDOW_WAYS: Ways = {"macro": windows}


def windowed_chunks(conversation: Conversation, now: datetime) -> Iterator[Chunk]:
    """The whole conversation where it fits one window, else overlapping windows."""
    return pieces(conversation, WINDOW_WAYS, now)
