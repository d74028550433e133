"""Writes the heads of answers as uvicorn does; what many answers share is checked and put together once.

uvicorn searches every name and value for bytes that would break the head, in every answer: with the headers that
protect ours, a tenth of what an accept costs.
"""

from collections.abc import Sequence
from functools import lru_cache
from typing import Final

from uvicorn._types import ASGISendEvent
from uvicorn.protocols.http.httptools_impl import HEADER_RE, HEADER_VALUE_RE, STATUS_LINE, RequestResponseCycle

KEPT_HEADS: Final = 512
LEFT_TO_UVICORN: Final = frozenset({b"connection", b"transfer-encoding"})
ALWAYS_ANOTHER: Final = b"x-request-id"  # the last line, where there is one; heads are kept without it
Header = tuple[bytes, bytes]


class Answer:
    """The answer to one request. Heads of answers whose length is known are written here, all else by uvicorn."""

    __slots__ = ("_cycle",)

    def __init__(self, cycle: RequestResponseCycle) -> None:
        self._cycle = cycle

    async def send(self, message: ASGISendEvent) -> None:
        """Raises what uvicorn raises."""
        cycle = self._cycle
        if message["type"] == "http.response.start" and is_plain(cycle):
            head = head_of(message["status"], (*cycle.default_headers, *message.get("headers", ())))
            if head is not None:
                cycle.response_started, cycle.waiting_for_100_continue = True, False
                cycle.chunked_encoding, cycle.expected_content_length = False, head[1]
                cycle.transport.write(head[0])
                return
        await cycle.send(message)


def is_plain(cycle: RequestResponseCycle) -> bool:
    """Nothing has been sent, somebody reads, and the connection stays open."""
    return not (cycle.response_started or cycle.disconnected or cycle.flow.write_paused) and cycle.keep_alive


def head_of(status: int, headers: Sequence[Header]) -> tuple[bytes, int] | None:
    """A head and the length that it says; None where it says none, or something that uvicorn has to act on."""
    line: bytes | None = b""
    if headers and headers[-1][0] == ALWAYS_ANOTHER:
        line = checked_line(*headers[-1])
        headers = headers[:-1]
    try:
        shared = kept_head(status, tuple(headers))
    except TypeError:  # a line that is no tuple of bytes, which an application may give, and nothing is kept by
        return None
    if shared is None or line is None:
        return None
    return b"%b%b\r\n" % (shared[0], line), shared[1]


@lru_cache(maxsize=KEPT_HEADS)
def kept_head(status: int, headers: tuple[Header, ...]) -> tuple[bytes, int] | None:
    """A head without its last line and its end, and the length that it says."""
    lines, length = [STATUS_LINE[status]], None
    for name, value in headers:
        line = checked_line(name, value)
        if line is None:
            return None
        if name == b"content-length":
            length = int(value)
        lines.append(line)
    return None if length is None else (b"".join(lines), length)


def checked_line(name: bytes, value: bytes) -> bytes | None:
    """A line of the head; None where uvicorn has to act on it, or to refuse it."""
    if HEADER_RE.search(name) or HEADER_VALUE_RE.search(value) or name.lower() in LEFT_TO_UVICORN:
        return None
    return b"%s: %s\r\n" % (name.lower(), value)
