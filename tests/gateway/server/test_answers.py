"""Whatever an application answers, the bytes are those that uvicorn alone would write, or the error is."""

import asyncio
import logging
from collections.abc import Callable, Coroutine
from typing import Any, cast

from hypothesis import given
from hypothesis import strategies as st
from uvicorn.protocols.http.flow_control import FlowControl
from uvicorn.protocols.http.httptools_impl import RequestResponseCycle

from gateway.server.answers import Answer

Send = Callable[[Any], Coroutine[Any, Any, None]]


class Written(asyncio.Transport):
    """A transport that keeps what is written."""

    def __init__(self) -> None:
        super().__init__()
        self.data = b""

    def write(self, data: Any) -> None:
        self.data += data

    def close(self) -> None:
        self.data += b"<closed>"

    def is_closing(self) -> bool:
        return False


def cycle_on(transport: Written, method: str, keep_alive: bool) -> RequestResponseCycle:
    log = logging.getLogger("test")
    return RequestResponseCycle(
        scope=cast("Any", {"method": method, "http_version": "1.1"}),
        transport=transport,
        flow=FlowControl(transport),
        logger=log,
        access_logger=log,
        access_log=False,
        default_headers=[(b"date", b"today")],
        message_event=asyncio.Event(),
        expect_100_continue=False,
        keep_alive=keep_alive,
        on_response=lambda: None,
    )


async def what_is_written(
    messages: list[dict[str, Any]], method: str, keep_alive: bool, own: bool
) -> tuple[bytes, str]:
    transport = Written()
    cycle = cycle_on(transport, method, keep_alive)
    send: Send = Answer(cycle).send if own else cycle.send
    try:
        for message in messages:
            await send(dict(message))
    except (RuntimeError, ValueError) as error:
        return transport.data, str(error)
    return transport.data, f"complete: {cycle.response_complete}"


NAMES = st.sampled_from(
    [b"content-type", b"Content-Type", b"x-request-id", b"connection", b"transfer-encoding", b"a b", b"x-pipeline"]
)
VALUES = st.sampled_from([b"application/json", b"close", b"keep-alive", b"chunked", b"a\r\nb: c", b"", b"\xff", b"v1"])
BODIES = st.lists(st.binary(max_size=9), min_size=1, max_size=3)
LENGTHS = st.sampled_from([b"content-length", b"Content-Length", None])


@given(
    status=st.sampled_from([200, 204, 304, 404, 503]),
    headers=st.lists(st.tuples(NAMES, VALUES), max_size=4),
    bodies=BODIES,
    name=LENGTHS,
    wrong_by=st.integers(-1, 1),
    method=st.sampled_from(["GET", "POST", "HEAD"]),
    keep_alive=st.booleans(),
    length_first=st.booleans(),
    kind=st.sampled_from([tuple, list]),  # an application may give either
)
def test_bytes_and_errors_are_uvicorns(
    *,
    status: int,
    headers: list[tuple[bytes, bytes]],
    bodies: list[bytes],
    name: bytes | None,
    wrong_by: int,
    method: str,
    keep_alive: bool,
    length_first: bool,
    kind: Callable[[tuple[bytes, bytes]], Any],
) -> None:
    length = b"%d" % max(0, sum(map(len, bodies)) + wrong_by)
    lengths = [] if name is None else [(name, length)]
    said = list(map(kind, [*lengths, *headers] if length_first else [*headers, *lengths]))
    messages: list[dict[str, Any]] = [{"type": "http.response.start", "status": status, "headers": said}]
    messages += [
        {"type": "http.response.body", "body": body, "more_body": n < len(bodies)} for n, body in enumerate(bodies, 1)
    ]
    own, theirs = (asyncio.run(what_is_written(messages, method, keep_alive, own)) for own in (True, False))
    assert own == theirs


def test_no_header_breaks_a_head_that_was_kept() -> None:
    start = {
        "type": "http.response.start",
        "status": 200,
        "headers": [(b"x-a", b"1\r\nx-b: 2"), (b"content-length", b"0")],
    }
    for _ in range(2):
        written, error = asyncio.run(what_is_written([start], "GET", keep_alive=True, own=True))
        assert (written, error) == (b"", "Invalid HTTP header value.")
