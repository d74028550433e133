"""What one connection may cost before it has asked for anything: the size of a head, the time for a head and a body.

uvicorn limits neither. Bodies are limited in size by `middleware.body_limit`. Nothing here is paid by a request that
arrives in time: slow ones are found by looking at all connections once a second.
"""

from collections.abc import Iterable
from typing import Final, Literal, NamedTuple

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol, RequestResponseCycle

HEAD_BYTES: Final = 64 * 1024
HEAD_SECONDS: Final = 10.0
HEAD_TOO_LARGE: Final = b"431 Request Header Fields Too Large", b"request head is too large"
BODY_TOO_SLOW: Final = b"408 Request Timeout", b"request body did not arrive in time"


class BoundedHead(HttpToolsProtocol):
    """uvicorn's protocol; a request whose head goes on and on is refused with 431."""

    _head_bytes = 0

    def data_received(self, data: bytes) -> None:
        super().data_received(data)
        scope = self.scope
        if scope is None or "path" in scope:  # no request has begun, or its head is complete
            self._head_bytes = 0
            return
        self._head_bytes += len(data)
        if self._head_bytes > HEAD_BYTES:
            refuse(self, *HEAD_TOO_LARGE)


class Stage(NamedTuple):
    """What the server waits for on a connection, and of which request."""

    part: Literal["head", "body"]
    cycle: RequestResponseCycle | None  # the request whose body it is, or the one before


class SlowClients:
    """Ends connections that have been sending one head or one body for too long."""

    def __init__(self, body_seconds: float, head_seconds: float = HEAD_SECONDS) -> None:
        self._limits = {"head": head_seconds, "body": body_seconds}
        self._since: dict[HttpToolsProtocol, tuple[Stage, float]] = {}

    def sweep(self, connections: Iterable[object], now: float) -> None:
        """Look at all connections; `now` is a monotonic time in seconds. To be called about once a second."""
        since: dict[HttpToolsProtocol, tuple[Stage, float]] = {}
        for connection in connections:
            stage = stage_of(connection) if isinstance(connection, HttpToolsProtocol) else None
            if stage is None:
                continue
            assert isinstance(connection, HttpToolsProtocol)  # noqa: S101 - it has a stage
            known, began = self._since.get(connection, (None, now))
            if known != stage:
                began = now
            if now - began > self._limits[stage.part]:
                end(connection, stage)
            else:
                since[connection] = (stage, began)
        self._since = since


def stage_of(connection: HttpToolsProtocol) -> Stage | None:
    """What the client has still to send; None when it waits for us, or when uvicorn's timer for idle ones runs."""
    cycle = connection.cycle
    if connection.transport.is_closing():
        return None
    if cycle is None:
        return Stage("head", None)
    if cycle.response_complete:
        return Stage("head", cycle) if connection.timeout_keep_alive_task is None else None
    if cycle.more_body and not connection.flow.read_paused:  # paused: it is we who are slow
        return Stage("body", cycle)
    return None


def end(connection: HttpToolsProtocol, stage: Stage) -> None:
    """Close it; with an answer where a request can be answered."""
    if stage.part == "body" and stage.cycle is not None and not stage.cycle.response_started:
        refuse(connection, *BODY_TOO_SLOW)
    else:
        connection.transport.close()


def refuse(connection: HttpToolsProtocol, status: bytes, detail: bytes) -> None:
    """Answer from outside of the application, and close."""
    content = b'{"detail":"%s"}' % detail
    head = b"HTTP/1.1 %s\r\ncontent-type: application/json\r\ncontent-length: %d\r\nconnection: close\r\n\r\n"
    connection.transport.write(head % (status, len(content)) + content)
    connection.transport.close()
