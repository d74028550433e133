"""One HTTP/1.1 connection: uvicorn's protocol, with limits, and upgrades that are not taken up.

uvicorn limits no head, takes trailers for headers of the request (none of its issues says so), keeps any number of
requests that were sent ahead, and loses the body of a request that offers to speak another protocol, as clients on the
JVM do by default (`Upgrade: h2c`).
"""

import asyncio
from collections.abc import Iterable
from typing import Final

import httptools
from uvicorn._types import ASGI3Application
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol, RequestResponseCycle
from uvicorn.server import ServerState

from gateway.server.answers import Answer
from gateway.server.connections import Connections

HEAD_BYTES: Final = 64 * 1024
HEAD_TOO_LARGE: Final = b"431 Request Header Fields Too Large", b"request head is too large"
MOST_AHEAD: Final = 8  # requests of one connection that wait for the answer to the one before
TOO_MANY: Final = b"503 Service Unavailable", b"too many connections from this address"
BLANKS: Final = b" \t"
OFFERS: Final = frozenset({b"upgrade", b"http2-settings"})
LINE_BYTES: Final = 4  # `: ` and the end of the line


class LimitedState(ServerState):
    """uvicorn's state of a server. `draining`: each connection is closed after its next answer."""

    draining = False

    def __init__(self, open_connections: Connections) -> None:
        super().__init__()
        self.open_connections = open_connections


class HeadTooLargeError(Exception):
    """A head, or what follows a body, is larger than `HEAD_BYTES`."""


class TooFarAheadError(Exception):
    """More requests than `MOST_AHEAD` came before the first was answered."""


class HttpProtocol(HttpToolsProtocol):
    """uvicorn's protocol, bounded."""

    _fields_bytes = 0  # of the request's head and trailers
    _waiting_bytes = 0  # received since a head was complete or a part of a body came
    _progress = False  # one of the two happened with the latest data
    _head_complete = False
    _skipped = False  # the request whose head was read offers an upgrade, and is read again without

    _is_counted = False  # among the open connections
    _answering: RequestResponseCycle | None = None  # uvicorn knows the latest request alone

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]  # as uvicorn has it
        super().connection_made(transport)
        state = self.server_state
        if isinstance(state, LimitedState):
            self._is_counted = state.open_connections.enter(self.client)
            if not self._is_counted:
                refuse(self, *TOO_MANY)

    def connection_lost(self, exc: Exception | None) -> None:
        if self._is_counted and isinstance(self.server_state, LimitedState):
            self.server_state.open_connections.leave(self.client)
        self._abandon_requests()
        super().connection_lost(exc)

    def _start_asgi_task(self, cycle: RequestResponseCycle, app: ASGI3Application) -> None:
        self._answering = cycle
        answer = Answer(cycle)
        super()._start_asgi_task(cycle, lambda scope, receive, _: app(scope, receive, answer.send))

    def _abandon_requests(self) -> None:
        """Nobody waits for an answer: not to the request that is being answered, nor to those that were sent ahead."""
        for cycle in (self._answering, *(waiting for waiting, _ in self.pipeline)):
            if cycle is not None:
                cycle.disconnected = True
                cycle.message_event.set()
        self.pipeline.clear()

    def data_received(self, data: bytes) -> None:
        self._unset_keepalive_if_required()
        if self.transport.is_closing():
            return
        self._progress = False
        try:
            self._feed(data)
        except httptools.HttpParserError as error:
            if isinstance(error.__context__, HeadTooLargeError):
                refuse(self, *HEAD_TOO_LARGE)
            elif isinstance(error.__context__, TooFarAheadError):
                self._abandon_requests()
                self.transport.close()  # without an answer, which would be taken for that of the first
            else:
                self.send_400_response("Invalid HTTP request received.")
            return
        self._waiting_bytes = 0 if self._progress else self._waiting_bytes + len(data)
        if self._waiting_bytes > HEAD_BYTES:
            refuse(self, *HEAD_TOO_LARGE)

    def _feed(self, data: bytes) -> None:
        """Raises HttpParserError for what cannot be read."""
        while data:
            try:
                self.parser.feed_data(data)
            except httptools.HttpParserUpgrade as offer:
                if self.scope["method"] == "CONNECT":
                    raise httptools.HttpParserError("not a proxy") from None
                data = self._head_without_offer() + data[offer.args[0] :]
                self.parser = httptools.HttpRequestParser(self)
            else:
                return

    def _head_without_offer(self) -> bytes:
        """The head that was read, without its offer to speak another protocol."""
        scope = self.scope
        line = b"%s %s HTTP/%s\r\n" % (scope["method"].encode(), self.url, scope["http_version"].encode())
        fields = [b"%s: %s\r\n" % field for field in without_offer(self.headers)]
        return b"".join((line, *fields, b"\r\n"))

    def on_message_begin(self) -> None:
        super().on_message_begin()
        self._fields_bytes = 0
        self._head_complete = False

    def on_header(self, name: bytes, value: bytes) -> None:
        self._fields_bytes += len(name) + len(value) + LINE_BYTES
        if self._fields_bytes > HEAD_BYTES:
            raise HeadTooLargeError
        if not self._head_complete:  # what comes after a body is no header: nobody has checked it
            super().on_header(name, value.strip(BLANKS))

    def on_headers_complete(self) -> None:
        if len(self.url) + self._fields_bytes > HEAD_BYTES:
            raise HeadTooLargeError
        if len(self.pipeline) >= MOST_AHEAD:
            raise TooFarAheadError
        self._head_complete = self._progress = True
        self._skipped = self.parser.should_upgrade()
        if self._skipped:
            self.scope["method"] = self.parser.get_method().decode("ascii")
            self.scope["http_version"] = self.parser.get_http_version()
            return
        super().on_headers_complete()
        if isinstance(self.server_state, LimitedState) and self.server_state.draining:
            self.cycle.keep_alive = False

    def on_body(self, body: bytes) -> None:
        self._progress = True
        super().on_body(body)

    def on_message_complete(self) -> None:
        self._progress = True
        if not self._skipped:
            super().on_message_complete()


def without_offer(fields: Iterable[tuple[bytes, bytes]]) -> list[tuple[bytes, bytes]]:
    """The fields of a head without those that offer another protocol."""
    kept = []
    for name, value in fields:
        if name == b"connection":
            options = [part.strip() for part in value.split(b",")]
            value = b", ".join(option for option in options if option.lower() not in OFFERS)  # noqa: PLW2901
            if not value:
                continue
        if name not in OFFERS:
            kept.append((name, value))
    return kept


def refuse(connection: HttpToolsProtocol, status: bytes, detail: bytes) -> None:
    """Answer from outside of the application, and close."""
    content = b'{"detail":"%s"}' % detail
    head = b"HTTP/1.1 %s\r\ncontent-type: application/json\r\ncontent-length: %d\r\nconnection: close\r\n\r\n"
    connection.transport.write(head % (status, len(content)) + content)
    connection.transport.close()
