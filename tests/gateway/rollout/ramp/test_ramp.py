"""A ramp over a real database and a real flag file."""

import asyncio

import pytest

from gateway.rollout.history import By
from gateway.rollout.override import lift_override, throw_override
from gateway.rollout.ramp.plan import Plan, RampError
from gateway.rollout.ramp.store import hold
from tests.gateway.rollout.ramp.conftest import ANA, Slope


async def test_it_climbs_step_by_step_and_every_step_is_written_down(slope: Slope) -> None:
    await slope.start(1, 5, 25)
    climbed = []
    for _ in range(3):
        ramp = await slope.look()
        climbed.append(await slope.dial())
        await slope.good_jobs()
        await slope.pass_time()
    assert climbed == [1.0, 5.0, 25.0]
    assert (await slope.look()).state == "done"
    assert await slope.dial() == 25.0
    rows = await slope.history()
    dials = [(row.actor, row.via, row.after["dial"]) for row in rows if row.what == "rollout"]
    assert dials == [(f"ramp {ramp.id}", "ramp", dial) for dial in (1.0, 5.0, 25.0)]
    first, *others = [row.after for row in rows if row.what == "rollout"]
    assert "verdict" not in first, "nothing was judged before the first step"
    for after in (*others, rows[-1].after):
        said = {one["check"]: one["message"] for one in after["verdict"]["findings"]}
        assert said["harm"].startswith("0 of 40 users' jobs failed"), "each row has the findings it acted on"
    assert [row.after["ramp"] for row in rows if row.what == "ramp"] == ["started", *["running"] * 3, "done"]
    assert "0 of 40 users' jobs failed, 0 of 120 side by side: a difference of " in rows[-1].why


async def test_it_waits_for_time_then_for_evidence(slope: Slope) -> None:
    await slope.start()
    await slope.look()
    await slope.good_jobs()
    assert (await slope.look()).note.startswith("holds for another")
    await slope.pass_time()
    await slope.guarded()
    await slope.execute("delete from processing_jobs where pipeline = 'v2'")
    await slope.add_jobs(3)
    ramp = await slope.look()
    assert (ramp.state, await slope.dial()) == ("running", 1.0)
    assert "0 of 3 users' jobs failed, 0 of 3960 side by side" in ramp.note
    assert {finding["check"]: finding["phase"] for finding in ramp.verdict} == {
        "guard": "ok", "harm": "inconclusive", "overdue": "ok", "duration": "inconclusive", "dependencies": "ok",
    }  # fmt: skip


async def test_jobs_accepted_before_the_step_are_no_evidence(slope: Slope) -> None:
    await slope.add_jobs(40, dial=1)
    await slope.pass_time(10)
    await slope.start()
    await slope.look()
    await slope.pass_time()
    assert "0 of 0 users' jobs failed" in (await slope.look()).note


async def test_slower_jobs_and_jobs_that_hang_hold_it(slope: Slope) -> None:
    await slope.start()
    await slope.look()
    await slope.crowd(seconds=13)
    await slope.pass_time()
    assert "a job takes 13 s, the baseline 10 s" in (await slope.look()).note
    await slope.execute(
        "insert into processing_jobs (user_id, pipeline, reason, status, started_at) "
        "values ('ann', 'v2', 'flag', 'processing', now() - interval '121 minutes')"
    )
    ramp = await slope.look()
    assert "1 users' jobs in processing for more than 2 h" in ramp.note
    assert (ramp.state, await slope.dial()) == ("running", 1.0)


async def test_requests_without_an_export_are_no_measure_of_time(slope: Slope) -> None:
    await slope.start()
    await slope.look()
    await slope.good_jobs()
    await slope.add_jobs(200, "v1", seconds=0.1, reason="v1_only")
    await slope.pass_time()
    assert (await slope.look()).target == 5.0


async def test_the_margin_is_kept_however_few_fail(slope: Slope) -> None:
    """Ten points: 0 of 40 leave room for more."""
    await slope.start(margin=0.1)
    await slope.look()
    await slope.good_jobs()
    await slope.pass_time()
    assert "at most +10 is allowed" in (await slope.look()).note
    assert await slope.dial() == 1.0


@pytest.mark.parametrize("paused", [False, True])
async def test_what_the_guard_turns_off_is_over(slope: Slope, paused: bool) -> None:
    await slope.start()
    await slope.look()
    if paused:
        await slope.orders.pause(ANA)
    await slope.add_jobs(12, failed=6)
    ramp = await slope.look()
    assert (ramp.state, await slope.dial()) == ("rolled_back", 0.0)
    assert ramp.note.startswith(
        "of 6 users whose jobs failed by the pipeline's own fault, 6 were on v2, 0.1 by the dial"
    )
    assert ramp.note.endswith("rolls back at 143 to 1: the guard turned it off")
    row = next(row for row in reversed(await slope.history()) if row.what == "rollout")
    assert (row.actor, row.via, row.after["enabled"]) == ("guard", "guard", False)
    assert slope.metrics.registry.get_sample_value("gateway_ramp_state", {"state": "rolled_back"}) == 1


async def test_unasked_the_guard_only_says_so_and_the_ramp_waits(slope: Slope) -> None:
    await slope.start(auto=False)
    await slope.look()
    await slope.crowd(12, failed=6)
    await slope.pass_time()
    ramp = await slope.look()
    assert (ramp.state, await slope.dial()) == ("running", 1.0)
    assert ramp.note.startswith("breach: the guard: of 6 users")
    assert [row.after["guard"] for row in await slope.history() if row.what == "guard"] == ["would_roll_back"]


async def test_without_a_guard_that_looks_it_stays(slope: Slope) -> None:
    await slope.start()
    await slope.look()
    await slope.good_jobs()
    await slope.pass_time()
    await slope.driver().look()
    assert "the guard has not looked" in (await slope.ramp()).note
    assert await slope.dial() == 1.0


async def test_a_hand_on_the_dial_pauses_it_and_resuming_goes_on_from_there(slope: Slope) -> None:
    await slope.start(1, 5, 25)
    await slope.look()
    await slope.changes.make(By("ben", "cli"), lambda control: control.set_percent(3))
    ramp = await slope.look()
    assert (ramp.state, ramp.note) == ("paused", "somebody set the dial to 3 %, where the ramp is at 1 %")
    await slope.good_jobs()
    await slope.pass_time()
    assert (await slope.look()).state == "paused"
    assert await slope.dial() == 3.0
    await slope.orders.resume(ANA)
    ramp = await slope.look()
    assert (ramp.state, ramp.target, await slope.dial()) == ("running", 5.0, 5.0)


async def test_it_stays_while_anything_is_in_doubt(slope: Slope) -> None:
    await slope.start()
    await slope.look()
    await slope.good_jobs()
    await slope.pass_time()
    slope.ready = False
    assert (await slope.look()).note == "the worker is not ready"
    slope.ready = True
    slope.control.away = True
    assert "the flags do not answer" in (await slope.look()).note
    slope.control.away = False
    await throw_override(slope.database.pool, ANA)
    assert (await slope.look()).note == "a local override by ana is in force"
    await lift_override(slope.database.pool, ANA)
    assert await slope.dial() == 1.0
    assert "no user has come since the dial rose" in (await slope.look()).note  # by the lift: evidence begins anew
    await slope.crowd()
    await slope.pass_time(10)
    assert (await slope.look()).target == 5.0


async def test_many_workers_take_each_step_once(slope: Slope) -> None:
    await slope.start()
    await asyncio.gather(*(slope.driver().look() for _ in range(5)))
    await slope.look()
    assert len([row for row in await slope.history() if row.what == "rollout"]) == 1


async def test_a_step_that_a_dead_worker_had_begun_is_found_taken(slope: Slope) -> None:
    """It set the dial and died before it could say so."""
    await slope.start()
    await slope.changes.make(By("ramp 1", "ramp"), lambda control: control.set_percent(1))
    ramp = await slope.look()
    assert (ramp.state, ramp.moved_at is not None, await slope.dial()) == ("running", True, 1.0)


async def test_nobody_waits_for_a_worker_that_holds_the_ramp(slope: Slope) -> None:
    await slope.start()
    async with slope.database.pool.connection() as connection, connection.transaction():
        assert await hold(connection) is not None
        await slope.look()
        assert await slope.dial() == 0.0


async def test_abort_leaves_the_dial_unless_told_to_turn_it_off(slope: Slope) -> None:
    await slope.start()
    await slope.look()
    assert (await slope.orders.abort(ANA)).state == "aborted"
    assert await slope.dial() == 1.0
    await slope.start(5)
    await slope.look()
    await slope.orders.abort(ANA, off=True)
    assert await slope.dial() == 0.0
    with pytest.raises(RampError, match="no active ramp"):
        await slope.orders.abort(ANA)


async def test_what_cannot_be_started(slope: Slope) -> None:
    await slope.changes.make(ANA, lambda control: control.set_percent(10))
    with pytest.raises(RampError, match="never lowers"):
        await slope.start(5, 50)
    with pytest.raises(RampError, match="steps must rise"):
        await slope.orders.start(Plan((50.0, 25.0), 1, 1), ANA)
    await slope.start(10, 50)
    with pytest.raises(RampError, match="active already"):
        await slope.start(25, 50)
    with pytest.raises(RampError, match="not paused"):
        await slope.orders.resume(ANA)


async def test_a_flag_that_is_off_is_turned_on_at_the_first_step(slope: Slope) -> None:
    await slope.changes.make(ANA, lambda control: control.set_percent(50))
    await slope.changes.make(ANA, lambda control: control.turn_off())
    await slope.start(1, 5)
    await slope.look()
    assert await slope.dial() == 1.0
