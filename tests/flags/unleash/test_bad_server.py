"""A flag server that is ill changes no decision, holds nobody up, is admitted, and is taken back when it is well."""

import asyncio
import json
import time
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from flags.change.edit import with_percent
from flags.document.defaults import default_document
from flags.last_known.snapshot import Traits
from flags.model import TWO_VERSIONS, V2_FLAG
from flags.unleash.api import Endpoint
from flags.unleash.source import PollTiming, UnleashSource, with_singles
from tests.flags.test_source import answers, eventually
from tests.flags.unleash.bad_server import ILL, BadServer, Mood, running

PACE = PollTiming(poll=0.05, first_wait=0.5, report=0.05)


@pytest.fixture
async def server() -> AsyncIterator[BadServer]:
    fake = BadServer(default_document())
    set_percent(fake, 50)
    async with running(fake):
        yield fake


def set_percent(server: BadServer, percent: float) -> None:
    feature = server.document["features"][0]
    feature["strategies"] = list(with_percent(feature["strategies"], V2_FLAG, percent))


def spoil_only_file(folder: Path) -> None:
    (saved,) = folder.iterdir()
    saved.write_bytes(saved.read_bytes()[:-20])


def source_of(server: BadServer, folder: Path) -> UnleashSource:
    return UnleashSource(Endpoint(server.url, "token", timeout_seconds=1.0), folder, Traits(), PACE)


@pytest.mark.parametrize("mood", ILL)
async def test_an_ill_server_changes_nothing_and_recovers(server: BadServer, tmp_path: Path, mood: Mood) -> None:
    source = source_of(server, tmp_path)
    await source.start()
    try:
        await eventually(lambda: source.state().healthy)  # its time-outs are short, and the machine may be busy
        before = answers(source)
        server.mood = mood
        await eventually(lambda: source.state().failures >= 2)
        state = source.state()
        assert (state.healthy, state.known, state.dial) == (False, True, 50.0)
        assert state.error
        assert answers(source) == before
        state = await source.refresh()
        assert not state.healthy
        set_percent(server, 100)
        server.mood = "well"
        await eventually(lambda: source.state().healthy)
        assert source.state().dial == 100
        assert source.state().error is None
    finally:
        await source.stop()


@pytest.mark.parametrize("mood", ["hangs", "drips"])
async def test_a_hanging_server_holds_up_neither_start_nor_loop(server: BadServer, tmp_path: Path, mood: Mood) -> None:
    server.mood = mood
    source = source_of(server, tmp_path)
    await asyncio.wait_for(source.start(), 5)
    try:
        assert source.decide("somebody").reason == "flags_unavailable"
        ticks, polled = 0, source.state().failures + 2
        deadline = time.monotonic() + 15
        while source.state().failures < polled and time.monotonic() < deadline:
            await asyncio.sleep(0)
            ticks += 1
        assert ticks > 100, "the loop stood still while the server hung"
    finally:
        await asyncio.wait_for(source.stop(), 5)


async def test_nobody_listening_is_the_same(tmp_path: Path) -> None:
    source = UnleashSource(Endpoint("http://127.0.0.1:9", "token", 0.2), tmp_path, Traits(), PACE)
    await source.start()
    assert (source.state().known, source.state().healthy) == (False, False)
    await source.stop()


async def test_unchanged_flags_cost_a_304(server: BadServer, tmp_path: Path) -> None:
    source = source_of(server, tmp_path)
    await source.start()
    await eventually(lambda: server.not_modified >= 3)
    revision, heard = source.state().revision, []
    source.subscribe(lambda before, after: heard.append((before, after)))
    seen = server.not_modified
    await eventually(lambda: server.not_modified >= seen + 3)
    assert (heard, source.state().revision) == ([], revision)
    await source.stop()


async def test_a_zipped_answer_with_a_weak_etag_is_read_and_need_not_be_sent_again(
    server: BadServer, tmp_path: Path
) -> None:
    server.mood = "zipped"
    source = source_of(server, tmp_path)
    await source.start()
    try:
        assert (source.state().healthy, source.state().dial) == (True, 50)
        await eventually(lambda: server.not_modified >= 3)
        set_percent(server, 100)
        await eventually(lambda: source.state().dial == 100)
    finally:
        await source.stop()


async def test_not_modified_is_no_answer_to_who_knows_nothing(server: BadServer, tmp_path: Path) -> None:
    server.mood = "unchanged"
    source = source_of(server, tmp_path)
    await source.start()
    try:
        assert (source.state().known, source.state().healthy) == (False, False)
        assert "304" in (source.state().error or "")
        server.mood = "well"
        await eventually(lambda: source.state().healthy)
    finally:
        await source.stop()


async def test_usage_is_reported_once_and_kept_while_the_server_is_ill(server: BadServer, tmp_path: Path) -> None:
    source = source_of(server, tmp_path)
    await source.start()
    await eventually(lambda: any(path == "/api/client/register" for path, _ in server.posts))
    server.mood = "error"
    await eventually(lambda: not source.state().healthy)
    pipelines = [source.decide(f"user-{n}").pipeline for n in range(50)]
    server.mood = "well"
    await eventually(lambda: any(path == "/api/client/metrics" for path, _ in server.posts))
    await source.stop()
    toggles = [body["bucket"]["toggles"] for path, body in server.posts if path == "/api/client/metrics"]
    assert sum(toggle[V2_FLAG]["yes"] for toggle in toggles) == pipelines.count("v2")
    assert sum(toggle[V2_FLAG]["no"] for toggle in toggles) == pipelines.count("v1")


async def test_last_known_flags_that_are_broken_are_not_used(server: BadServer, tmp_path: Path) -> None:
    first = source_of(server, tmp_path)
    await first.start()
    await first.stop()
    spoil_only_file(tmp_path)
    server.mood = "error"
    second = source_of(server, tmp_path)
    await second.start()
    assert not second.state().known
    await second.stop()


async def test_another_servers_last_known_flags_are_not_used(server: BadServer, tmp_path: Path) -> None:
    first = source_of(server, tmp_path)
    await first.start()
    await first.stop()
    other = UnleashSource(Endpoint("http://127.0.0.1:9", "token", 0.2), tmp_path, Traits(), PACE)
    await other.start()
    assert not other.state().known
    await other.stop()


@pytest.mark.parametrize("mood", ["limited", "unauthorized", "forbidden"])
async def test_a_server_that_refuses_is_asked_less_and_less(server: BadServer, tmp_path: Path, mood: Mood) -> None:
    """With `Retry-After: 30` not again in this test; else after twice as long each time: 0.1, 0.2, 0.4 s, and so on.

    A server that is ill without refusing is asked as often as before.
    """
    source = source_of(server, tmp_path)
    await source.start()
    try:
        server.mood = mood
        await eventually(lambda: source.state().failures >= 1)
        refused = server.asked
        await asyncio.sleep(2)  # 40 polls of a healthy server
        assert server.asked - refused <= (0 if mood == "limited" else 5)
        assert (source.state().known, source.state().dial) == (True, 50)
        assert ("asks to wait 30 s" in (source.state().error or "")) == (mood == "limited")
        server.mood = "well"
        assert (await source.refresh()).healthy, "somebody who asks is answered"
        well = server.asked
        if mood != "limited":
            await eventually(lambda: server.asked >= well + 10)
    finally:
        await source.stop()


async def test_an_empty_document_is_believed_and_told(server: BadServer, tmp_path: Path) -> None:
    source = source_of(server, tmp_path)
    await source.start()
    try:
        assert source.state().warnings == ()
        server.document = {"version": 2, "features": []}
        await eventually(lambda: source.state().dial == 0)
        state = source.state()
        assert (state.healthy, len(state.missing)) == (True, 2)
        assert all("does not exist any more: off for everybody" in line for line in state.warnings)
        assert {source.decide(f"user-{n}").pipeline for n in range(50)} == {"v1"}
        server.document = default_document()
        await eventually(lambda: not source.state().missing)
    finally:
        await source.stop()


@pytest.mark.parametrize(
    ("segments", "enabled", "taken"),
    [([], True, "listed"), ([{"id": 7}], True, "fresh"), ([], False, "fresh"), ("odd", True, "listed")],
)
def test_a_flag_waits_for_a_segment_that_is_not_listed_yet(segments: object, enabled: bool, taken: str) -> None:
    """It would be off for everybody meanwhile; what is off does not wait."""
    listed = {"name": V2_FLAG, "enabled": True, "strategies": [], "description": "listed"}
    fresh = {"name": V2_FLAG, "enabled": enabled, "strategies": [{"segments": [7]}], "description": "fresh"}
    body = json.dumps({"features": [listed, {"name": ["odd"]}, 5], "segments": segments}).encode()
    merged = json.loads(with_singles(body, [fresh, None], TWO_VERSIONS))
    assert [one["description"] for one in merged["features"][2:]] == [taken]
