"""What the stream says: that something changed, that it lives, and nothing after the process stops."""

import asyncio
from collections.abc import AsyncIterator

import pytest

from gateway.web.console.limits import MOST_STREAMS, LoginLimits, OpenStreams
from gateway.web.console.live import stream
from gateway.web.console.live.stream import counted, tell_changes


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stream, "LOOK_SECONDS", 0.001)
    monkeypatch.setattr(stream, "BEAT_SECONDS", 0.003)


async def test_changes_beats_and_the_end() -> None:
    marks = ["a"]
    stopping = False
    events = tell_changes(lambda: marks[-1], lambda: stopping, resumes=False)
    assert [(await anext(events))[:11] for _ in range(2)] == ["retry: 1000", "event: beat"]
    marks.append("b")
    assert await anext(events) == "event: changed\nid: 2\ndata: 2\n\n"
    assert (await anext(events)).startswith("event: beat\nid: 2")
    stopping = True
    assert [event async for event in events if "changed" in event] == []


async def test_a_page_that_was_away_asks_at_once() -> None:
    events = tell_changes(lambda: "a", lambda: False, resumes=True)
    await anext(events)
    assert (await anext(events)).startswith("event: changed")


async def test_streams_are_bounded_and_give_their_place_back() -> None:
    streams = OpenStreams(MOST_STREAMS - 1)

    async def endless() -> AsyncIterator[str]:
        while True:
            await asyncio.sleep(0)
            yield "event"

    assert streams.take()
    assert not streams.take()
    events = counted(endless(), streams)
    await anext(events)
    await events.aclose()  # type: ignore[attr-defined]
    assert streams.take()


def test_log_ins_are_limited_for_each_address_and_for_all() -> None:
    limits = LoginLimits()
    assert [limits.take("a", 0.0) for _ in range(11)].count(0) == 10
    others = [limits.take(f"b{number}", 0.0) for number in range(60)]
    assert others.count(0) == 50
