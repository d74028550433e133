"""How long one connection may take to send a head or a body, or to read an answer; uvicorn does not limit that.

Sizes are limited by `http_protocol` and `middleware.body_limit`. A request that arrives in time pays nothing for this:
slow ones are found by looking at all connections once a second.
"""

from collections.abc import Iterable
from typing import Final, Literal, NamedTuple

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol, RequestResponseCycle

from gateway.server.http_protocol import refuse

HEAD_SECONDS: Final = 10.0
BODY_TOO_SLOW: Final = b"408 Request Timeout", b"request body did not arrive in time"


class Stage(NamedTuple):
    """What the server waits for on a connection, and of which request."""

    part: Literal["head", "body", "answer"]
    cycle: RequestResponseCycle | None  # the request whose body it is, or the one before
    unread: int = 0  # bytes of our answers that the client has not read: each that it reads is a beginning


class SlowClients:
    """Ends connections that have been sending one head or one body for too long."""

    def __init__(self, body_seconds: float, head_seconds: float = HEAD_SECONDS) -> None:
        self._limits = {"head": head_seconds, "body": body_seconds, "answer": body_seconds}
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
    """What the client has still to send or to read; None when it waits for us, or when uvicorn's timer for idle ones
    runs.
    """
    cycle = connection.cycle
    is_closing, unread = connection.transport.is_closing(), connection.transport.get_write_buffer_size()
    if unread and (is_closing or connection.flow.write_paused):
        return Stage("answer", cycle, unread)
    if is_closing:
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
    if stage.part == "answer":
        connection.transport.abort()  # closing would wait until all was read
    elif stage.part == "body" and stage.cycle is not None and not stage.cycle.response_started:
        refuse(connection, *BODY_TOO_SLOW)
    else:
        connection.transport.close()
