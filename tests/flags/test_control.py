"""One suite over both homes of the flags: changes, refusals, conflicts, first creation."""

import pytest

from flags.change.errors import Conflict, ControlUnavailable, InvalidChange
from flags.model import V2_FLAG
from tests.flags.conftest import Home


async def test_a_new_rollout_is_on_at_zero(home: Home) -> None:
    rollout = await home.control.read()
    assert (rollout.percent, rollout.enabled, rollout.shadow_percent) == (0, True, 0)
    assert (rollout.forced_in, rollout.forced_out, rollout.group) == ((), (), V2_FLAG)


@pytest.mark.parametrize("percent", [0.1, 0.5, 1, 10, 33.3, 100, 0])
async def test_the_percentage_reads_as_it_was_set(home: Home, percent: float) -> None:
    assert (await home.control.set_percent(percent)).percent == percent
    assert (await home.control.read()).percent == percent


async def test_off_keeps_the_percentage_for_on(home: Home) -> None:
    await home.control.set_percent(25)
    off = await home.control.turn_off()
    assert (off.enabled, off.percent, off.dial) == (False, 25, 0)
    assert await home.control.turn_off() == off
    on = await home.control.turn_on()
    assert (on.enabled, on.percent, on.dial) == (True, 25, 25)


async def test_setting_a_percentage_does_not_turn_the_flag_on(home: Home) -> None:
    await home.control.turn_off()
    assert (await home.control.set_percent(50)).dial == 0


async def test_naming_users(home: Home) -> None:
    await home.control.force("a", "v2")
    await home.control.force("b", "v2")
    rollout = await home.control.force("c", "v1")
    assert (rollout.forced_in, rollout.forced_out) == (("a", "b"), ("c",))
    rollout = await home.control.force("a", "v1")
    assert (rollout.forced_in, rollout.forced_out) == (("b",), ("c", "a"))
    for user in ("a", "b", "c"):
        rollout = await home.control.force(user, None)
    assert (rollout.forced_in, rollout.forced_out, rollout.percent, rollout.enabled) == ((), (), 0, True)


async def test_the_same_change_twice_is_the_same_state(home: Home) -> None:
    once = await home.control.force('quoted "x"', "v2")
    assert await home.control.force('quoted "x"', "v2") == once


async def test_the_shadow_sample_is_apart_from_the_split(home: Home) -> None:
    await home.control.set_percent(50)
    rollout = await home.control.set_shadow(0.5)
    assert (rollout.shadow_percent, rollout.percent) == (0.5, 50)


async def test_somebody_elses_change_is_shown_not_overwritten(home: Home) -> None:
    seen = await home.control.read()
    await home.control.set_percent(30)
    for change in (
        home.control.set_percent(60, seen.version),
        home.control.force("a", "v2", seen.version),
        home.control.set_shadow(5, seen.version),
        home.control.turn_on(seen.version),
    ):
        with pytest.raises(Conflict, match="30 %") as conflict:
            await change
        assert conflict.value.current.percent == 30
    now = await home.control.read()
    assert (now.percent, now.forced_in, now.shadow_percent) == (30, (), 0)
    assert (await home.control.set_percent(60, now.version)).percent == 60


async def test_a_rollback_never_conflicts(home: Home) -> None:
    await home.control.set_percent(30)
    assert not (await home.control.turn_off()).enabled


@pytest.mark.parametrize(
    ("percent", "problem"),
    [(-1, "outside"), (100.1, "outside"), (float("nan"), "outside"), (float("inf"), "outside"), (0.25, "decimal")],
)
async def test_a_wrong_percentage_is_refused(home: Home, percent: float, problem: str) -> None:
    for change in (home.control.set_percent(percent), home.control.set_shadow(percent)):
        with pytest.raises(InvalidChange, match=problem) as refused:
            await change
        assert refused.value.field == "percent"


@pytest.mark.parametrize("user", ["", " ", "a\x00b", " a", "x" * 300, "a\\"])
async def test_a_wrong_user_is_refused(home: Home, user: str) -> None:
    with pytest.raises(InvalidChange) as refused:
        await home.control.force(user, "v2")
    assert refused.value.field == "user_id"


async def test_an_unknown_pipeline_is_refused(home: Home) -> None:
    with pytest.raises(InvalidChange, match="v9"):
        await home.control.force("a", "v9")


async def test_creating_again_changes_nothing(home: Home) -> None:
    await home.control.set_percent(40)
    await home.control.turn_off()
    before = await home.control.read()
    assert await home.control.init() == ()
    assert await home.control.read() == before


async def test_a_broken_home_is_an_error_not_a_change(home: Home) -> None:
    good = home.saved()
    home.break_down()
    with pytest.raises(ControlUnavailable):
        await home.control.turn_off()
    home.mend(good)
    assert (await home.control.read()).enabled
