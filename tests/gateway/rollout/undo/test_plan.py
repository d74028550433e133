"""Undo is an inverse: whatever is changed, undoing it gives the rollout that was before."""

import asyncio
import tempfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from flags.control import FlagControl, open_control
from flags.model import Rollout, VersionRollout, Versions
from gateway.rollout.rows import changed_versions, rollout_json
from gateway.rollout.undo.act import put_back
from gateway.rollout.undo.plan import NotUndoable, Row, plan_undo
from tests.amount import amount

FOUR = Versions.known(["v1", "v2", "v3", "v10"])
PERCENTS = st.integers(0, 1000).map(lambda tenths: tenths / 10)
USERS = st.sampled_from(["ann", "bob", "cy", 'quoted "d"'])
FLAGGED = st.sampled_from(FOUR.ladder)
Orders = list[Callable[[FlagControl], Any]]
ORDERS = st.one_of(
    st.builds(lambda p, v: lambda control: control.set_percent(p, pipeline=v), PERCENTS, FLAGGED),
    st.builds(lambda v: lambda control: control.turn_off(v), FLAGGED),
    st.builds(lambda v: lambda control: control.turn_on(pipeline=v), FLAGGED),
    st.builds(lambda u, v: lambda control: control.force(u, v), USERS, st.sampled_from([*FOUR.all, None])),
    st.builds(lambda p: lambda control: control.set_shadow(p), PERCENTS),
)


def rows_of(before: Rollout, after: Rollout) -> list[Row]:
    return [(rollout_json(before, one), rollout_json(after, one)) for one in changed_versions(before, after)]


def said(rollout: Rollout) -> Any:
    """What a person reads: the order of names says nothing."""
    flags = [
        (one.pipeline, one.percent, one.enabled, one.dial, set(one.forced_in), set(one.forced_out), one.group)
        for one in rollout.versions
    ]
    return flags, rollout.shadow_percent, rollout.shadow_group


@settings(max_examples=amount(25, 500))
@given(st.lists(ORDERS, max_size=4), st.lists(ORDERS, min_size=1, max_size=4))
def test_a_change_and_its_undo_give_the_rollout_that_was_before(earlier: Orders, change: Orders) -> None:
    asyncio.run(change_and_undo(earlier, change))


async def change_and_undo(earlier: Orders, change: Orders) -> None:
    with tempfile.TemporaryDirectory() as folder:
        control = open_control(data_dir=Path(folder), versions=FOUR)
        await control.init()
        for order in earlier:
            await order(control)
        before = await control.read()
        for order in change:
            await order(control)
        after = await control.read()
        rows = rows_of(before, after)
        if said(after) == said(before):
            for _ in rows:
                with pytest.raises(NotUndoable, match="not in its row"):
                    plan_undo(rows)
            return
        plan = plan_undo(rows)
        assert plan.led_to == after.version
        back = await put_back(control, plan, after.version)
        assert said(back) == said(before)
        assert said(plan.on(after)) == said(before), "what is said beforehand is what comes out"
        risen = {one.pipeline for one in before.ladder if one.dial > after.of(one.pipeline).dial}
        assert set(plan.reaches(after)) == risen


def at(percent: float, **more: Any) -> Rollout:
    return Rollout((VersionRollout("v2", percent, enabled=True, group="g", **more),), 0.0, f"at {percent} {more}")


def test_what_comes_after_stays_where_the_change_did_not_touch_it() -> None:
    plan = plan_undo(rows_of(at(10, content="a"), at(25, content="b")))
    later = at(25, content="c", forced_in=("ann",))
    assert plan.on(later).of("v2") == replace(later.of("v2"), percent=10.0)


def test_turned_on_again_it_has_the_share_that_the_row_names() -> None:
    """Not one that somebody set while it was off: the button says `back to 25 %`."""
    on = at(25, content="a")
    off = replace(on, version="off", versions=(replace(on.of("v2"), enabled=False, content="b"),))
    plan = plan_undo(rows_of(on, off))
    while_off = replace(off, versions=(replace(off.of("v2"), percent=90.0),))
    assert plan.on(while_off).of("v2").dial == 25
    assert list(plan.reaches(while_off)) == ["v2"]


def test_what_a_row_does_not_hold_is_not_undone_from_here() -> None:
    with pytest.raises(NotUndoable, match="segment"):
        plan_undo(rows_of(at(10, content="a"), at(10, content="b")))
    spread_otherwise = replace(at(10), versions=(VersionRollout("v2", 10, enabled=True, group="h", content="b"),))
    with pytest.raises(NotUndoable, match="hash"):
        plan_undo(rows_of(at(10, content="a"), spread_otherwise))
