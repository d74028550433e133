"""The standing guard over a real database and a real flag file: no ramp, the dial turned by hand."""

import asyncio
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from psycopg.types.json import Jsonb

from gateway.rollout.guard.standing import StandingGuard, Watch
from gateway.rollout.override import lift_override, throw_override
from tests.gateway.rollout.ramp.conftest import ANA, Slope, slope

__all__ = ["slope"]


async def dial_by_hand(slope: Slope, percent: float) -> None:
    await slope.changes.make(ANA, lambda control: control.set_percent(percent))


async def guard_rows(slope: Slope) -> list[Any]:
    return [row for row in await slope.history() if row.what == "guard"]


async def failed_users(slope: Slope) -> list[str]:
    async with slope.database.pool.connection() as connection:
        cursor = await connection.execute(
            "select user_id from gateway.guard_events where question = 'failures' order by n"
        )
        rows = await cursor.fetchall()
    return [user for (user,) in rows]


async def add_row(slope: Slope, user: str, dials: Sequence[Any], **columns: Any) -> None:
    row = {"pipeline": "v2", "reason": "flag", "status": "failed", "failure_cause": "pipeline", **columns}
    names = ", ".join(row)
    await slope.execute(
        f"insert into processing_jobs (user_id, dials, completed_at, started_at, {names}) "
        f"values (%s, %s, clock_timestamp(), clock_timestamp(), {', '.join(['%s'] * len(row))})",
        user,
        Jsonb(list(dials)),
        *row.values(),
    )


async def test_a_dial_that_a_hand_turned_is_guarded_and_the_history_keeps_the_whole_verdict(slope: Slope) -> None:
    await dial_by_hand(slope, 10)
    await slope.guarded()
    await slope.crowd(20, failed=5)
    kept = await slope.guarded()
    assert (await slope.dial(), kept["state"]) == (0.0, "rolled_back")
    (row,) = await guard_rows(slope)
    assert (row.actor, row.via) == ("guard", "guard")
    assert row.why.startswith("of 5 users whose jobs failed by the pipeline's own fault, 5 were on v2, 0.5 by the dial")
    assert row.why.endswith("rolls back at 143 to 1: the guard turned the flag off")
    verdict = row.after["verdict"]
    assert verdict == kept["verdict"]
    turned = (await slope.history())[-2]
    assert (turned.what, turned.after["dial"], turned.after["verdict"]) == ("rollout", 0.0, verdict)
    assert "verdict" not in turned.change
    assert verdict["alpha_split"] == {"failures": 0.7, "time": 0.15, "sample": 0.1, "dependencies": 0.05}
    assert (verdict["failures"]["users"], verdict["failures"]["on_candidate"]) == (5, 5)
    assert {one["check"]: one["phase"] for one in verdict["findings"]}["failures"] == "breach"
    assert row.change == "guard: watching → rolled_back"
    changes = [one for one in await slope.history() if one.what == "rollout"]
    assert (changes[-1].actor, changes[-1].after["dial"]) == ("guard", 0)


async def test_it_acts_once_a_rollout_and_anew_when_the_dial_rises_from_0_again(slope: Slope) -> None:
    await dial_by_hand(slope, 10)
    await slope.add_jobs(5, failed=5)
    await slope.guarded()
    await slope.guarded()
    assert len(await guard_rows(slope)) == 1
    await slope.changes.make(ANA, lambda control: control.turn_on())
    await slope.guarded()
    assert await slope.dial() == 10.0  # what was, is no evidence against the new rollout
    await slope.add_jobs(5, failed=5)
    await slope.guarded()
    assert (await slope.dial(), len(await guard_rows(slope))) == (0.0, 2)


async def test_who_counts_and_who_does_not(slope: Slope) -> None:
    """Once a user; by the user's own version, not by who chose it; no failure of others."""
    await slope.changes.make(ANA, lambda control: control.force("named", "v2"))
    await dial_by_hand(slope, 10)
    await slope.guarded()
    await slope.add_jobs(100, failed=100, user="unlucky")
    await slope.add_jobs(30, failed=30, reason="forced")
    await slope.add_jobs(30, failed=30, user="named")
    for cause in ("input", "operator", "dependency:storage"):
        await slope.add_jobs(2, failed=2, cause=cause)
    on, off = ["v2", 10, True, 17], ["v2", 10, False, 5000]
    await add_row(slope, "on v3", [["v3", 50, True, 4]], pipeline="v3")
    await add_row(slope, "not on v3", [["v3", 50, False, 9000], on])
    await add_row(slope, "moved", [on], pipeline="v1", reason="rolled_back")
    await add_row(slope, "base", [off], pipeline="v1")
    await add_row(slope, "cancelled", [on], cancelled=True, failure_cause="operator")
    kept = await slope.guarded()
    assert set(await failed_users(slope)) == {"unlucky", "not on v3", "base"}
    assert (kept["state"], kept["verdict"]["failures"]["on_candidate"]) == ("watching", 2)
    await slope.execute("update processing_jobs set status = 'pending', completed_at = null")
    assert (await slope.guarded())["verdict"]["failures"]["users"] == 3  # a retry does not undo what was seen


async def test_whom_a_service_fails_is_kept_apart_and_told_where_they_are_the_versions_users(slope: Slope) -> None:
    """Also of those who wait for it, and when their jobs are over since."""
    await dial_by_hand(slope, 5)
    await slope.guarded()
    await slope.crowd(20)
    await slope.add_jobs(4, failed=4, cause="dependency:provider")
    for user in ("waits", "waits too"):
        on = ["v2", 5, True, 17]
        await add_row(slope, user, [on], status="processing", failure_cause="dependency:provider")
    await slope.guarded()
    await slope.execute("update processing_jobs set status = 'complete', failure_cause = null where user_id ~ 'waits'")
    kept = await slope.guarded()
    found = {one["check"]: one for one in kept["verdict"]["findings"]}
    assert (kept["state"], await slope.dial()) == ("watching", 5.0)
    assert found["dependencies"]["phase"] == "breach"
    assert "of 6 users whom a service failed, 6 were on v2, 0.3 by the dial" in found["dependencies"]["message"]
    assert kept["verdict"]["dependencies"]["lately"]["dependency:provider"] == 4
    counted = slope.metrics.registry.get_sample_value
    assert counted("gateway_guard_verdicts_total", {"check": "dependencies", "verdict": "breach"}) == 2
    assert (counted("gateway_guard_evidence_log", {"pipeline": "v2", "question": "dependencies"}) or 0) > 7.6


async def test_slower_jobs_are_seen_by_the_size_of_their_export_also_while_they_run(slope: Slope) -> None:
    await slope.execute(
        "insert into processing_jobs (user_id, pipeline, reason, storage_path, status, message_count, started_at, "
        "completed_at) select n::text, 'v1', 'flag', 'b/p', 'complete', case when n <= 100 then 50 else 5000 end, "
        "now() - interval '1 day', now() - interval '1 day' "
        "+ make_interval(secs => case when n <= 100 then 7 else 100 end) from generate_series(1, 200) n"
    )
    await dial_by_hand(slope, 10)
    kept = await slope.guarded()
    assert kept["limits"] == {"2": 7, "4": 100}
    await slope.add_jobs(10, seconds=90)
    await slope.execute("update processing_jobs set message_count = 5000 where completed_at > now()")
    assert (await slope.guarded())["verdict"]["time"]["users"] == 0
    await slope.execute("update processing_jobs set message_count = 50 where completed_at > now()")
    await slope.execute(
        "update processing_jobs set status = 'processing', completed_at = null, "
        "started_at = now() - interval '8 seconds' where user_id in ('v2-user-1', 'v2-user-2')"
    )
    await slope.guarded()
    assert await slope.dial() == 0.0
    assert "10 were on v2, 1.0 by the dial" in (await guard_rows(slope))[0].why


async def test_a_split_that_is_not_what_the_dial_says_turns_nothing_off(slope: Slope) -> None:
    await dial_by_hand(slope, 10)
    await slope.guarded()
    await slope.add_jobs(60, failed=60)
    await slope.pass_time(10)
    kept = await slope.guarded()
    assert await slope.dial() == 10.0
    assert {one["check"]: one["phase"] for one in kept["verdict"]["findings"]}["sample"] == "breach"
    assert "60 of 60 users are on v2, 6.0 by the dial" in kept["verdict"]["findings"][0]["message"]


async def test_dry_run_says_once_what_it_would_do_and_off_says_nothing(slope: Slope) -> None:
    await dial_by_hand(slope, 10)
    await slope.add_jobs(5, failed=5)
    assert await slope.guarded(slope.guard(mode="off")) == {}
    for _ in range(2):
        kept = await slope.guarded(slope.guard(mode="dry-run"))
    assert (await slope.dial(), kept["state"]) == (10.0, "would_roll_back")
    assert [row.after["guard"] for row in await guard_rows(slope)] == ["would_roll_back"]
    await slope.guarded()
    assert await slope.dial() == 0.0


async def test_without_the_flag_server_it_throws_the_override_and_a_lift_begins_anew(slope: Slope) -> None:
    await dial_by_hand(slope, 10)
    await slope.add_jobs(5, failed=5)
    slope.control.away = True
    await slope.guarded()
    await slope.guarded()
    assert slope.flags.decide("anybody").pipeline == "v1"
    (row,) = await guard_rows(slope)
    assert "the guard overrode the flags" in row.why
    slope.control.away = False
    await lift_override(slope.database.pool, ANA)
    assert (await slope.guarded())["state"] == "watching"


async def test_it_looks_at_nothing_that_is_not_between_0_and_100(slope: Slope) -> None:
    for percent in (0, 100):
        await dial_by_hand(slope, percent)
        assert await slope.guarded() == {}
    await dial_by_hand(slope, 10)
    await throw_override(slope.database.pool, ANA)
    assert await slope.guarded() == {}


async def test_one_leads_and_another_takes_over_when_it_says_nothing_more(slope: Slope) -> None:
    await dial_by_hand(slope, 10)
    one, two = slope.guard("one"), slope.guard("two")
    await slope.guarded(one)
    await slope.add_jobs(5, failed=5)
    assert (await slope.guarded(two))["state"] == "watching"
    await slope.execute("update gateway.leaders set until = clock_timestamp() - interval '1 ms'")
    assert (await slope.guarded(two))["state"] == "rolled_back"


async def test_what_a_leader_that_died_had_begun_is_done_by_the_next_one_with_its_verdict(slope: Slope) -> None:
    await dial_by_hand(slope, 10)
    await slope.add_jobs(5, failed=5)
    await slope.guarded(slope.guard("one", mode="dry-run"))
    await slope.execute(
        "update gateway.guard_rollouts set state = 'acting', why = 'it failed', verdict = %s", Jsonb({"as": "it was"})
    )
    await slope.execute("delete from gateway.guard_events")
    assert (await slope.guarded(slope.guard("one")))["state"] == "rolled_back"
    assert await slope.dial() == 0.0
    assert (await guard_rows(slope))[-1].after["verdict"] == {"as": "it was"}


async def test_many_that_lead_at_once_turn_it_off_once(slope: Slope) -> None:
    """As after a pause that outlived the lead."""
    await dial_by_hand(slope, 10)
    await slope.add_jobs(5, failed=5)
    await slope.flags.refresh()
    guards = [slope.guard("the same") for _ in range(4)]
    await asyncio.gather(*(guard.look() for guard in guards))
    assert len(await guard_rows(slope)) == 1
    assert len([row for row in await slope.history() if row.what == "rollout" and row.via == "guard"]) == 1


async def test_an_error_of_its_own_is_counted_and_turns_nothing_off(slope: Slope) -> None:
    await dial_by_hand(slope, 10)
    await slope.add_jobs(5, failed=5)
    await slope.execute("alter table gateway.guard_events rename to elsewhere")
    await slope.guarded()
    counted = slope.metrics.registry.get_sample_value
    assert counted("gateway_guard_errors_total", {"place": "evidence"}) == 1
    assert counted("gateway_guard_verdicts_total", {"check": "evidence", "verdict": "error"}) == 1
    assert await slope.dial() == 10.0


async def test_a_fault_that_nobody_foresaw_is_counted_too_and_the_next_look_is_another(slope: Slope) -> None:
    await dial_by_hand(slope, 10)
    await slope.add_jobs(5, failed=5)
    guard = slope.guard()
    await slope.guarded(guard)  # the rollout begins
    counted = slope.metrics.registry.get_sample_value
    assert counted("gateway_guard_errors_total", {"place": "look"}) == 0
    broken = StandingGuard(slope.database.pool, slope.changes, dict[str, Any]().popitem, slope.metrics, Watch("worker"))  # type: ignore[arg-type]
    with pytest.raises(KeyError):
        await broken.look()
    assert counted("gateway_guard_errors_total", {"place": "look"}) == 1


async def test_it_rolls_back_what_somebody_raised_with_an_editor(slope: Slope, tmp_path: Path) -> None:
    """Nothing in the history tells of it yet."""
    path = tmp_path / "flags.json"
    document = json.loads(path.read_text())
    document["features"][0]["strategies"][0]["parameters"]["rollout"] = "10"
    path.write_text(json.dumps(document))
    await slope.guarded()
    await slope.add_jobs(5, failed=5)
    await slope.guarded()
    assert await slope.dial() == 0.0


def test_it_can_be_told_from_what_only_says_it_guards(slope: Slope) -> None:
    slope.guard(mode="dry-run")
    assert slope.metrics.registry.get_sample_value("gateway_guard_mode", {"mode": "dry-run"}) == 1
    assert slope.metrics.registry.get_sample_value("gateway_guard_mode", {"mode": "on"}) == 0
