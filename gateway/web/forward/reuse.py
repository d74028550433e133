"""Which connections to the old service are used again: those on which it said its answer, and nothing else.

What came behind an answer would be read as the answer to the next request, which may be another caller's.
"""

from collections.abc import Sequence
from operator import attrgetter
from typing import Any, Final

import h11
import httpx
from anyio.streams.tls import TLSStream

from gateway.web.forward.headers import WITHOUT_BODY

# Where httpx keeps the connection of an answer, httpcore its parser and its stream, anyio what it has read ahead: none
# of them tells. The tests of this file notice when one of them moves it.
_CONNECTION: Final = attrgetter("_httpcore_stream._stream._connection")
_PARSER: Final = attrgetter("_h11_state")
_STREAM: Final = attrgetter("_network_stream._stream")
_READ_AHEAD: Final = attrgetter("_protocol.read_queue")
_SSL: Final = attrgetter("_ssl_object")


def close_unless_clean(response: httpx.Response, method: str) -> None:
    """To be called when the answer was read: its connection is closed with it where it may not be used again.

    After an answer that has no body whatever it announces, a body may still be on its way.
    """
    connection = _CONNECTION(response.stream)
    parser: h11.Connection = _PARSER(connection)
    if method == "HEAD" or response.status_code in WITHOUT_BODY or parser.trailing_data[0] or _read_ahead(connection):
        parser.send_failed()


def _read_ahead(connection: Any) -> bool:
    stream = _STREAM(connection)
    if isinstance(stream, TLSStream):
        if _SSL(stream).pending():
            return True
        stream = stream.transport_stream
    queue: Sequence[bytes] = _READ_AHEAD(stream)
    return bool(queue)
