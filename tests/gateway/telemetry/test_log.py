"""Log lines: JSON with the same fields in each, written together under load, without delay when something is wrong."""

import asyncio
import io
import json

from gateway.telemetry.log import REQUEST_ID, Lines, render_json


class CountedWrites(io.BytesIO):
    """A stream that counts the writes."""

    def __init__(self) -> None:
        super().__init__()
        self.writes = 0

    def write(self, data: bytes) -> int:  # type: ignore[override]
        self.writes += 1
        return super().write(data)


async def test_lines_of_one_turn_of_the_loop_are_written_together() -> None:
    stream = CountedWrites()
    lines = Lines(stream)
    for n in range(5):
        lines.info(b"%d" % n)
    assert stream.getvalue() == b""
    await asyncio.sleep(0)
    assert (stream.getvalue(), stream.writes) == (b"0\n1\n2\n3\n4\n", 1)


async def test_a_warning_is_written_at_once_behind_what_waits() -> None:
    stream = CountedWrites()
    lines = Lines(stream)
    lines.info(b"first")
    lines.warning(b"then this")
    assert (stream.getvalue(), stream.writes) == (b"first\nthen this\n", 1)
    await asyncio.sleep(0)
    assert stream.writes == 1


def test_without_a_loop_nothing_waits() -> None:
    stream = CountedWrites()
    Lines(stream).info(b"now")
    assert stream.getvalue() == b"now\n"


async def test_threads_write_while_the_loop_does() -> None:
    stream = CountedWrites()
    lines = Lines(stream)
    await asyncio.gather(*(asyncio.to_thread(lines.info, b"%d" % n) for n in range(50)))
    lines.flush()
    assert sorted(map(int, stream.getvalue().split())) == list(range(50))


def test_a_line_has_level_time_and_the_request_that_is_answered() -> None:
    token = REQUEST_ID.set("abc")
    try:
        line = json.loads(render_json(None, "info", {"event": "job_accepted", "dial": 5.0}))
    finally:
        REQUEST_ID.reset(token)
    assert line.pop("time").endswith("+00:00")
    assert line == {"event": "job_accepted", "dial": 5.0, "level": "info", "request_id": "abc"}
