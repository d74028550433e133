"""Reads of pages: one reads for all, an old value stands in for a while, and a failure is nobody's for long."""

import asyncio
from contextlib import suppress
from dataclasses import dataclass, field

import pytest

from gateway.web.console.cached import FAILED_SECONDS, MOST, REST, CachedReads, Known, Rhythm, StillReading

RHYTHM = Rhythm(fresh=2, kept=60, wait=0.05, patience=0.01, in_turn=True)


@dataclass
class Source:
    """Counts who reads; `go` lets them end."""

    seconds: float = 0.0
    times: int = 0
    fails: bool = False
    go: asyncio.Event = field(default_factory=asyncio.Event)

    async def load(self) -> int:
        self.times += 1
        await self.go.wait()
        if self.fails:
            raise ConnectionError("away")
        return self.times


@pytest.fixture
def source() -> Source:
    return Source()


@pytest.fixture
def cached(source: Source) -> CachedReads:
    return CachedReads(lambda: source.seconds)


async def test_of_all_who_ask_at_once_one_reads(source: Source, cached: CachedReads) -> None:
    asking = [asyncio.ensure_future(cached.get("a", source.load)) for _ in range(50)]
    await asyncio.sleep(0)
    source.go.set()
    assert {one.value for one in await asyncio.gather(*asking)} == {1}
    source.seconds = 2
    assert await cached.get("a", source.load) == Known(1, 2)
    assert source.times == 1
    source.seconds = 3
    assert await cached.get("a", source.load) == Known(2, 0)
    assert (await cached.get("b", source.load)).value == 3


async def test_an_old_value_stands_in_while_a_new_one_is_read(source: Source, cached: CachedReads) -> None:
    source.go.set()
    await cached.get("a", source.load, RHYTHM)
    source.go.clear()
    source.seconds = 30
    assert await cached.get("a", source.load, RHYTHM) == Known(1, 30)
    source.go.set()
    await asyncio.sleep(0.01)
    assert await cached.get("a", source.load, RHYTHM) == Known(2, 0)


async def test_nothing_known_is_said_and_the_read_goes_on(source: Source, cached: CachedReads) -> None:
    with pytest.raises(StillReading):
        await cached.get("a", source.load, RHYTHM)
    source.go.set()
    assert (await cached.get("a", source.load, RHYTHM)).value == 1
    source.go.clear()
    source.seconds = 61  # too old to stand in
    with pytest.raises(StillReading):
        await cached.get("a", source.load, RHYTHM)
    await cached.close()


async def test_a_failure_is_told_and_not_kept(source: Source, cached: CachedReads) -> None:
    source.go.set()
    source.fails = True
    with pytest.raises(ConnectionError):
        await cached.get("a", source.load, RHYTHM)
    source.fails = False
    with pytest.raises(ConnectionError):  # nobody asks again at once
        await cached.get("a", source.load, RHYTHM)
    source.seconds = FAILED_SECONDS + 0.1
    assert (await cached.get("a", source.load, RHYTHM)).value == 2
    source.fails, source.seconds = True, 32.1
    assert await cached.get("a", source.load, RHYTHM) == Known(2, 30)  # as long as the old value may stand in
    source.seconds = 70
    with pytest.raises(ConnectionError):
        await cached.get("a", source.load, RHYTHM)


async def test_after_a_change_nothing_older_is_shown(source: Source, cached: CachedReads) -> None:
    asking = asyncio.ensure_future(cached.get("a", source.load))
    await asyncio.sleep(0)
    cached.forget()
    source.go.set()
    await asking
    assert (await cached.get("a", source.load)).value == 2


async def test_dear_reads_go_one_after_another_and_leave_room_for_quick_ones(
    source: Source, cached: CachedReads
) -> None:
    for key in ("a", "b"):
        with pytest.raises(StillReading):
            await cached.get(key, source.load, RHYTHM)
    assert source.times == 1
    quick = asyncio.ensure_future(cached.get("c", source.load))
    await asyncio.sleep(0.01)
    assert source.times == 2
    source.go.set()
    assert {(await quick).value, (await cached.get("b", source.load, RHYTHM)).value} <= {2, 3}


async def test_so_many_are_kept_and_no_more(source: Source, cached: CachedReads) -> None:
    source.go.set()
    for key in range(MOST + 1):
        await cached.get(key, source.load)
    await cached.get(1, source.load)
    assert source.times == MOST + 1
    await cached.get(0, source.load)
    assert source.times == MOST + 2


async def test_nobody_waits_for_what_took_longer_than_their_patience(source: Source, cached: CachedReads) -> None:
    patient = Rhythm(fresh=1, kept=600, patience=5, in_turn=True)
    reading = asyncio.ensure_future(cached.get("a", source.load, patient))
    await asyncio.sleep(0.01)
    source.seconds = 6  # that it takes
    source.go.set()
    assert (await reading).value == 1
    source.go.clear()
    source.seconds = 200
    async with asyncio.timeout(1):  # without it, the caller would wait five seconds
        assert await cached.get("a", source.load, patient) == Known(1, 194)
    source.go.set()
    await asyncio.sleep(0.01)
    source.seconds = 290  # the second read took no time: the third is waited for
    assert await cached.get("a", source.load, patient) == Known(3, 0)


@pytest.mark.parametrize(("took", "rests"), [(0.0, 1.0), (2.0, REST * 2.0), (100.0, 600.0)])
async def test_what_takes_long_is_read_rarely(source: Source, cached: CachedReads, took: float, rests: float) -> None:
    rhythm = Rhythm(fresh=1, kept=600, wait=600, patience=0, in_turn=True)
    reading = asyncio.ensure_future(cached.get("a", source.load, rhythm))
    await asyncio.sleep(0.01)
    source.seconds = took
    source.go.set()
    await reading
    source.seconds = took + rests
    await cached.get("a", source.load, rhythm)
    assert source.times == 1
    source.seconds = took + rests + 1
    with suppress(StillReading):
        await cached.get("a", source.load, rhythm)
    await asyncio.sleep(0.01)
    assert source.times == 2
