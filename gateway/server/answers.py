"""Writes the heads of answers as uvicorn does, with each line that many answers share checked and put together once.

uvicorn searches every name and value for bytes that would break the head, in every answer: with the headers that
protect ours, a tenth of what an accept costs.
"""

from collections.abc import Iterable
from functools import lru_cache
from typing import Final

from uvicorn._types import ASGISendEvent
from uvicorn.protocols.http.httptools_impl import HEADER_RE, HEADER_VALUE_RE, STATUS_LINE, RequestResponseCycle

KEPT_LINES: Final = 512
LEFT_TO_UVICORN: Final = frozenset({b"connection", b"transfer-encoding"})
ALWAYS_ANOTHER: Final = b"x-request-id"  # not worth keeping
Headers = Iterable[tuple[bytes, bytes]]


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


def head_of(status: int, headers: Headers) -> tuple[bytes, int] | None:
    """A head and the length that it says; None where it says none, or something that uvicorn has to act on."""
    lines, length = [STATUS_LINE[status]], None
    for name, value in headers:
        line = checked_line(name, value) if name == ALWAYS_ANOTHER else kept_line(name, value)
        if line is None:
            return None
        if name == b"content-length":
            length = int(value)
        lines.append(line)
    if length is None:
        return None
    lines.append(b"\r\n")
    return b"".join(lines), length


def checked_line(name: bytes, value: bytes) -> bytes | None:
    """A line of the head; None where uvicorn has to act on it, or to refuse it."""
    if HEADER_RE.search(name) or HEADER_VALUE_RE.search(value) or name.lower() in LEFT_TO_UVICORN:
        return None
    return b"%s: %s\r\n" % (name.lower(), value)


kept_line = lru_cache(maxsize=KEPT_LINES)(checked_line)
