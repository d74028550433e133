"""One suite over both flag sources: decisions, changes, breakdowns, restarts."""

import asyncio
import threading
import time
from collections.abc import Callable
from itertools import pairwise

from flags.model import FlagState
from flags.source import FlagSource
from tests.flags.conftest import OFTEN, Home

USERS = [f"user-{n}" for n in range(400)]


def answers(source: FlagSource) -> list[tuple[str, str | None]]:
    return [(source.decide(user).pipeline, source.decide(user).shadow) for user in USERS]


def on_v2(source: FlagSource) -> set[str]:
    return {user for user in USERS if source.decide(user).pipeline == "v2"}


async def eventually(holds: Callable[[], bool], seconds: float = 15.0) -> None:
    deadline = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < deadline, "it never came to hold"
        await asyncio.sleep(0.02)


async def test_untouched_flags_send_everybody_to_v1(source: FlagSource) -> None:
    decision = source.decide("somebody")
    assert (decision.pipeline, decision.reason, decision.dial, decision.shadow) == ("v1", "flag", 0.0, None)
    assert not on_v2(source)
    state = source.state()
    assert state.known
    assert state.healthy
    assert state.error is None
    assert decision.revision == state.revision != ""


async def test_nobody_gets_v1_and_says_so(home: Home, source: FlagSource) -> None:
    await home.control.set_percent(100)
    await source.refresh()
    assert source.decide("somebody").pipeline == "v2"
    for nobody in ("", "  ", "\t", "\ud800"):
        decision = source.decide(nobody)
        assert (decision.pipeline, decision.reason, decision.dial) == ("v1", "no_user", 100.0)


async def test_refresh_sees_a_change_at_once(home: Home, source: FlagSource) -> None:
    before = source.state().revision
    for percent in (50, 75, 10):
        await home.control.set_percent(percent)
        state = await source.refresh()
        assert state.dial == percent == source.decide("x").dial
    assert len(on_v2(source)) < 100
    assert source.state().revision != before


async def test_a_change_is_seen_without_refresh_and_told_to_subscribers(home: Home) -> None:
    source = home.source(OFTEN)
    heard: list[tuple[FlagState, FlagState]] = []
    source.subscribe(lambda before, after: heard.append((before, after)))
    await source.start()
    try:
        heard.clear()
        await home.control.set_percent(50)
        await eventually(lambda: source.state().dial == 50)
        await home.control.turn_off()
        await eventually(lambda: source.state().dial == 0)
        assert not on_v2(source)
        dials = [(before.dial, after.dial) for before, after in heard if before.dial != after.dial]
        assert dials == [(0, 50), (50, 0)]
    finally:
        await source.stop()


async def test_polls_never_fall_back_behind_a_refresh(home: Home) -> None:
    source = home.source(OFTEN)
    await source.start()
    try:
        await home.control.set_percent(100)
        await source.refresh()
        seen = set()
        until = source.state().refreshes + 20
        await eventually(lambda: seen.add(source.state().dial) or source.state().refreshes >= until)  # type: ignore[func-returns-value]
        assert seen == {100.0}
    finally:
        await source.stop()


async def test_named_users_are_obeyed(home: Home, source: FlagSource) -> None:
    await home.control.force("vip", "v2")
    await home.control.force("careful", "v1")
    await source.refresh()
    assert on_v2(source) == set()
    assert source.decide("vip").pipeline == "v2"
    assert source.decide("vip").dial == 0
    await home.control.set_percent(100)
    await source.refresh()
    assert on_v2(source) == set(USERS)
    assert source.decide("careful").pipeline == "v1"
    await home.control.force("careful", None)
    await home.control.force("vip", "v1")
    await source.refresh()
    assert (source.decide("careful").pipeline, source.decide("vip").pipeline) == ("v2", "v1")


async def test_fractions_of_a_percent_nest(home: Home, source: FlagSource) -> None:
    users = [f"u{n}" for n in range(20_000)]
    reached: list[set[str]] = []
    for percent in (0.1, 0.5, 1, 1.5, 2):
        await home.control.set_percent(percent)
        assert (await source.refresh()).dial == percent
        reached.append({user for user in users if source.decide(user).pipeline == "v2"})
    assert all(smaller < larger for smaller, larger in pairwise(reached))
    assert 5 <= len(reached[0]) <= 40


async def test_the_shadow_sample_has_its_own_dial(home: Home, source: FlagSource) -> None:
    await home.control.set_shadow(50)
    await source.refresh()
    shadows = [source.decide(user).shadow for user in USERS]
    assert 140 <= sum(shadow is not None for shadow in shadows) <= 260
    assert 0 < shadows.count("same") < shadows.count("other")
    assert source.state().dial == 0
    await home.control.set_shadow(0)
    await source.refresh()
    assert {source.decide(user).shadow for user in USERS} == {None}


async def test_a_breakdown_changes_no_decision_and_is_admitted(home: Home) -> None:
    source = home.source(OFTEN)
    await source.start()
    try:
        await home.control.set_percent(50)
        await source.refresh()
        before, good = answers(source), home.saved()
        home.break_down()
        await eventually(lambda: not source.state().healthy)
        state = source.state()
        assert state.known
        assert state.error
        assert state.failures > 0
        assert state.dial == 50
        assert answers(source) == before
        aged = source.state().age_seconds
        await eventually(lambda: source.state().age_seconds > aged)
        home.mend(good)
        await eventually(lambda: source.state().healthy)
        assert source.state().error is None
        assert answers(source) == before
    finally:
        await source.stop()


async def test_the_next_start_decides_by_the_last_known_flags(home: Home) -> None:
    first = home.source(OFTEN)
    await first.start()
    await home.control.set_percent(50)
    await home.control.set_shadow(50)
    await first.refresh()
    before, revision = answers(first), first.state().revision
    await first.stop()
    home.break_down()
    second = home.source(OFTEN)
    await second.start()
    try:
        state = second.state()
        assert (state.known, state.healthy, state.dial, state.revision) == (True, False, 50.0, revision)
        assert answers(second) == before
    finally:
        await second.stop()


async def test_without_any_flags_ever_known_everybody_gets_v1(home: Home) -> None:
    home.break_down()
    source = home.source(OFTEN)
    await source.start()
    try:
        decision = source.decide("somebody")
        assert (decision.pipeline, decision.reason, decision.dial, decision.revision) == (
            "v1", "flags_unavailable", 0.0, "",
        )  # fmt: skip
        assert not source.state().known
    finally:
        await source.stop()


async def test_the_ladder_is_that_of_the_state_whatever_the_base(source: FlagSource) -> None:
    assert source.versions == source.state().versions
    source.use_base("v2")
    assert source.versions == source.state().versions
    assert (source.versions.base, source.versions.ladder) == ("v2", ())


async def test_stop_leaves_nothing_running(home: Home) -> None:
    tasks, threads = asyncio.all_tasks(), set(threading.enumerate())
    source = home.source(OFTEN)
    await source.start()
    await source.refresh()
    await source.stop()
    assert asyncio.all_tasks() == tasks
    started = [thread.name for thread in set(threading.enumerate()) - threads]
    assert all(name.startswith("asyncio_") for name in started), started  # the loop's own pool
