"""What operators look at: the function, the route and the command say the same, page by page, within limits."""

import csv
import io
import uuid
from datetime import UTC, datetime, timedelta
from urllib.parse import urlencode

import psycopg
import pytest

from gateway.config.moments import EVER
from gateway.database.pool import open_database
from gateway.database.reads import Reads, ReadTooLong
from gateway.jobs.listing import JobCount, WantedJobs, count_jobs, list_jobs
from gateway.jobs.load import read_load
from gateway.jobs.orders.store import latest_orders
from gateway.jobs.outcomes import read_outcomes
from gateway.jobs.users import count_users, list_users
from gateway.restore.listing import Meant, list_restore
from gateway.rollout.guard.looks import list_looks
from gateway.rollout.guard.store import read_traffic
from gateway.rollout.history import history
from gateway.rollout.processes.live import list_processes
from gateway.rollout.ramp.describe import describe
from gateway.rollout.ramp.plan import Ramp
from gateway.rollout.ramp.store import latest
from gateway.rollout.rows import WantedEntries
from gateway.shadow.report.queries import Wanted, list_pairs
from tests.conftest import settings_for
from tests.gateway.rollout.conftest import eventually
from tests.gateway.web.operator_reads import Desk, builtins_of, plain
from tests.supabase.project import Project

JOBS = """
insert into processing_jobs
    (id, user_id, status, cancelled, pipeline, reason, failure_cause, created_at, completed_at)
select lpad(to_hex(n), 32, '0')::uuid, 'u' || n % 5, case when n % 4 = 0 then 'failed' else 'complete' end, n % 8 = 0,
       case when n % 2 = 0 then 'v2' else 'v1' end, case when n % 10 = 0 then 'forced' else 'flag' end,
       case when n % 8 = 0 then 'operator' when n % 4 = 0 then 'dependency:storage' end,
       now() - n * interval '1 minute', now() - n * interval '1 minute'
from generate_series(1, 40) n
"""


async def test_the_processes_and_who_of_them_fell_silent(desk: Desk) -> None:
    await desk.execute(
        "insert into gateway.processes (name, kind, release, beat_seconds, versions, broken, base, dials, override,"
        " flags_source, flags_revision, seen_at) values "
        "('gone', 'api', '0', 3, '{v1}', '{}', 'v1', '{}', false, 'file', 'r', now() - interval '5 minutes'),"
        "('long-gone', 'api', '0', 3, '{v1}', '{}', 'v1', '{}', false, 'file', '', now() - interval '11 minutes')"
    )

    async def hears() -> bool:
        return any(one.listens and one.dials for one in await list_processes(desk.reads))

    await eventually(hears)
    passing = ("silent_seconds", "flags_age_seconds")
    found = await list_processes(desk.reads)
    said = await desk.all_say(found, "/admin/rollout/processes", "rollout", "processes", but=passing)
    own = desk.gateway.services.steering.report.name
    assert {one["name"]: (one["live"], one["listens"]) for one in said} == {own: (True, True), "gone": (False, None)}
    table = (await desk.run("rollout", "processes")).out
    assert "unknown" in table
    assert "at once" in table


async def test_users_by_version_and_who_they_are(desk: Desk) -> None:
    await desk.execute(JOBS)
    await desk.execute("insert into user_profiles (user_id, pipeline) values ('u0', 'v2'), ('u1', 'v1')")
    since = (datetime.now(UTC) - timedelta(hours=2)).isoformat()
    counts = await count_users(desk.reads, datetime.fromisoformat(since))
    path = f"/admin/users/by-version?{urlencode({'since': since})}"
    said = await desk.all_say(counts, path, "users", "by-version", "--since", since)
    assert [(one["pipeline"], one["users"], one["failed"], one["live"], one["jobs"]) for one in said] == [
        ("v2", 5, 5, 1, 20),
        ("v1", 5, 0, 1, 20),
    ]
    assert (said[0]["reasons"], said[0]["only_since"]) == ({"flag": 4, "forced": 1}, None)

    users = await list_users(desk.reads, "v2", EVER, after="u1", limit=2)
    command = ("users", "list", "--pipeline", "v2", "--after", "u1", "--limit", "2")
    path = "/admin/users?pipeline=v2&after=u1&limit=2"
    said = await desk.all_say(users, path, *command)
    assert [(one["user_id"], one["jobs"], one["live"]) for one in said] == [("u2", 4, None), ("u3", 4, None)]
    over_http = await desk.ask("GET", f"{path}&format=csv")
    assert over_http.headers["content-type"].startswith("text/csv")
    (head, first, _) = csv.reader(io.StringIO(over_http.text))
    assert (head[:3], first[:3]) == (["user_id", "jobs", "failed"], ["u2", "4", "0" if users[0].failed == 0 else "1"])
    at_terminal = (await desk.run(*command, "--csv")).out
    assert [row[:3] for row in csv.reader(io.StringIO(at_terminal))] == [
        row[:3] for row in csv.reader(io.StringIO(over_http.text))
    ]
    later = (datetime.now(UTC) + timedelta(minutes=1)).isoformat()
    assert await list_users(desk.reads, "v2", datetime.fromisoformat(later)) == []


async def test_jobs_are_listed_page_by_page_and_counted_up_to_a_limit(desk: Desk) -> None:
    await desk.execute(JOBS)
    wanted = WantedJobs(pipeline="v2", since=datetime.now(UTC) - timedelta(hours=3))
    pages, after = [], None
    while page := await list_jobs(desk.reads, wanted, after=after, limit=7):
        query = f"pipeline=v2&since=3h&limit=7{f'&after={after}' if after else ''}"
        command = ("jobs", "list", "--pipeline", "v2", "--since", "3h", "--limit", "7")
        said = await desk.all_say(page, f"/admin/jobs?{query}", *command, *(("--after", str(after)) if after else ()))
        pages += [one["id"] for one in said]
        after = uuid.UUID(pages[-1])
    assert pages == [str(uuid.UUID(int=n)) for n in range(2, 41, 2)]
    only = WantedJobs(status="failed", user="u4", cause="dependency")
    (job,) = await list_jobs(desk.reads, only)
    assert (job.id, job.status, job.cause) == (str(uuid.UUID(int=4)), "failed", "dependency:storage")
    counts = await count_jobs(desk.reads, wanted)
    said = await desk.all_say(
        counts, "/admin/jobs/counts?pipeline=v2&since=3h", "jobs", "count", "--pipeline", "v2", "--since", "3h"
    )
    assert {one["status"]: one["jobs"] for one in said} == {
        "pending": 0, "processing": 0, "complete": 10, "failed": 5, "cancelled": 5
    }  # fmt: skip
    await desk.execute(
        "insert into processing_jobs (user_id, status, pipeline) "
        "select 'many', 'complete', 'v1' from generate_series(1, 1001)"
    )
    assert JobCount("complete", 1000, more=True) in await count_jobs(desk.reads, WantedJobs(user="many"))
    assert "1,000+" in (await desk.run("jobs", "count", "--user", "many")).out
    nowhere = uuid.uuid4()
    assert (await desk.ask("GET", f"/admin/jobs?after={nowhere}")).status_code == 404
    assert (await desk.run("jobs", "list", "--after", str(nowhere))).code == 4


async def test_the_history_by_what_who_how_and_when_with_reasons_typed_later(desk: Desk) -> None:
    await desk.ask("PUT", "/admin/rollout", json={"percent": 5, "actor": "ann"})
    await desk.ask("PUT", "/admin/rollout", json={"percent": 10, "actor": "bob", "why": "all is well"})
    await desk.ask("POST", "/admin/rollout/off", json={"local": True, "actor": "ann"})
    pool = desk.gateway.services.database.pool
    override, ten, five = await history(pool)
    noted = await desk.ask("POST", f"/admin/rollout/history/{five.id}/notes", json={"actor": "ann", "why": "ticket 7"})
    assert (noted.status_code, noted.json()["after"], noted.json()["what"]) == (200, {"about": five.id}, "note")
    ran = await desk.run("rollout", "note", str(five.id), "and 8", "--json")
    assert (ran.code, ran.json["via"], ran.json["change"]) == (0, "cli", f"about: {five.id}")
    first, second = noted.json()["id"], ran.json["id"]
    for about in (first, 999):  # a note, and no row
        assert (await desk.ask("POST", f"/admin/rollout/history/{about}/notes", json={"why": "x"})).status_code == 404
    assert (await desk.run("rollout", "note", "999", "x")).code == 4

    for wanted, query, options, ids in (
        (WantedEntries(), "", (), [second, first, override.id, ten.id, five.id]),
        (WantedEntries(what="rollout"), "?what=rollout", ("--what", "rollout"), [ten.id, five.id]),
        (WantedEntries(actor="ann"), "?actor=ann", ("--actor", "ann"), [first, override.id, five.id]),
        (WantedEntries(via="console"), "?via=console", ("--via", "console"), []),
        (WantedEntries(via="cli"), "?via=cli", ("--via", "cli"), [second]),
        (WantedEntries("rollout", since=EVER), "?what=rollout&since=1d", ("--what", "rollout", "--since", "1d"),
         [ten.id, five.id]),
    ):  # fmt: skip
        found = [entry.json for entry in await history(desk.reads, wanted)]
        said = await desk.all_say(found, f"/admin/rollout/history{query}", "rollout", "history", *options)
        assert [row["id"] for row in said] == ids
    (row,) = await history(desk.reads, before_id=ten.id)
    assert [(note["id"], note["why"]) for note in row.notes] == [(first, "ticket 7"), (second, "and 8")]
    assert (row.why, row.at) == ("", five.at), "it stays as it was"
    last = desk.gateway.services.steering.watch.last_change
    assert last is not None
    assert last.id == override.id, "no process takes a note for a change"


async def test_an_order_to_a_ramp_is_for_the_ramp_that_its_giver_saw(desk: Desk) -> None:
    plan = {"steps": [5, 50], "hold_seconds": 0, "min_jobs": 1}
    early = await desk.ask("POST", "/admin/ramp/start", json={**plan, "expected_version": "7:done"})
    assert (early.status_code, "no ramp is active now" in early.text) == (409, True)
    begun = (await desk.ask("POST", "/admin/ramp/start", json={**plan, "expected_version": "none"})).json()
    running, paused = f"{begun['id']}:running", f"{begun['id']}:paused"
    assert begun["version"] == running
    said = await desk.all_say(describe(await latest_ramp(desk)), "/admin/ramp", "ramp", "status")
    assert said["version"] == running
    late = await desk.ask("POST", "/admin/ramp/resume", json={"expected_version": paused})
    assert (late.status_code, "is running, at 5 %" in late.text) == (409, True)
    done = await desk.ask("POST", "/admin/ramp/pause", json={"expected_version": running})
    assert (done.status_code, done.json()["version"]) == (200, paused)
    for refused in (("pause",), ("abort", "--off")):
        ran = await desk.run("ramp", *refused, "--expect", running)
        assert (ran.code, "not as you saw it" in ran.err) == (1, True), ran.err
    assert (await desk.ask("POST", "/admin/ramp/abort", json={"expected_version": running})).status_code == 409
    assert (await latest_ramp(desk)).version == paused, "nothing was done"
    assert (await desk.run("ramp", "resume", "--expect", paused)).code == 0
    assert (await desk.run("ramp", "abort", "--expect", running)).code == 0


async def test_a_change_is_undone_from_anywhere(desk: Desk) -> None:
    for percent in (5, 10):
        await desk.ask("PUT", "/admin/rollout", json={"percent": percent})
    ten, five = await history(desk.gateway.services.database.pool)
    late = await desk.ask("POST", f"/admin/rollout/history/{five.id}/undo", json={})
    assert (late.status_code, "10 %" in late.text) == (409, True)
    undone = await desk.ask("POST", f"/admin/rollout/history/{ten.id}/undo", json={"why": "too early"})
    assert undone.json() == {"change": ten.id, "lines": ["v2: percent: 10 → 5; dial: 10 → 5"]}
    assert desk.gateway.services.flags.state().dial == 5
    ran = await desk.run("rollout", "undo", str(five.id), "--json")
    assert ran.json == {"undone": five.id, "lines": ["v2: percent: 5 → 0; dial: 5 → 0"]}
    whys = [entry.why for entry in await history(desk.gateway.services.database.pool, limit=2)]
    assert whys == [f"undo of change {five.id}", f"undo of change {ten.id}: too early"]
    for row, code in ((999, 4), (ten.id, 1)):
        assert (await desk.run("rollout", "undo", str(row))).code == code
    assert (await desk.ask("POST", "/admin/rollout/history/999/undo", json={})).status_code == 404


async def test_all_jobs_that_match_are_ordered_from_anywhere(desk: Desk) -> None:
    await desk.execute(JOBS)
    wanted = {"kind": "retry", "status": "failed", "since": "3h"}
    asked = (await desk.ask("POST", "/admin/jobs/orders", json={**wanted, "preview": True})).json()
    options = ("jobs", "retry", "--all", "--status", "failed", "--since", "3h")
    ran = await desk.run(*options, "--dry-run", "--json")
    assert (asked["jobs"], asked["by_pipeline"], asked["order"]) == (5, {"v1": 5}, None), "v2 is at 0 %"
    assert {name: ran.json[name] for name in asked if name not in {"line", "order"}} == {
        name: value for name, value in asked.items() if name not in {"line", "order"}
    }
    assert (await desk.run(*options, "--dry-run")).out == asked["line"] + "\n"
    (counted,) = [one for one in await count_jobs(desk.reads, WantedJobs()) if one.status == "failed"]
    assert counted.jobs == 5, "nothing was done"
    ran = await desk.run(*options, "--why", "the storage is back")
    assert ran.out.splitlines()[-1] == "5 of 5 jobs begin anew"
    given = (await desk.ask("POST", "/admin/jobs/orders", json={"kind": "cancel", "status": "pending"})).json()
    (await desk.ask("POST", f"/admin/jobs/orders/{given['order']}/stop"))
    said = await desk.all_say(await latest_orders(desk.reads), "/admin/jobs/orders", "jobs", "orders", but=("now",))
    assert [(one["kind"], one["state"], one["done"], one["via"]) for one in said] == [
        ("cancel", "stopped", 0, "http"), ("retry", "done", 5, "cli")
    ]  # fmt: skip
    for refused in (("jobs", "retry", "--all"), ("jobs", "cancel"), ("jobs", "retry", str(uuid.uuid4()), "--all")):
        assert (await desk.run(*refused)).code == 2
    assert (await desk.ask("POST", "/admin/jobs/orders", json={"kind": "retry"})).status_code == 422
    wrong = await desk.ask("POST", "/admin/jobs/orders", json={"kind": "retry", "status": "complete"})
    assert wrong.status_code == 400
    assert (await desk.ask("POST", "/admin/jobs/orders/999/stop")).status_code == 404


async def latest_ramp(desk: Desk) -> Ramp:
    found = await latest(desk.gateway.services.database.pool)
    assert found is not None
    return found


async def test_whom_a_rollback_of_data_would_find(desk: Desk) -> None:
    await desk.execute(
        "insert into user_profiles (user_id, pipeline, soulprint_generated_at) values ('both', 'v3', now()),"
        " ('busy', 'v3', now()), ('old', 'v2', now()), ('none', 'v3', now()), ('stays', 'v1', now());"
        "insert into gateway.published_profiles (user_id, pipeline, embedding_status) values"
        " ('both', 'v1', ''), ('both', 'v2', ''), ('busy', 'v1', ''), ('old', 'v1', '');"
        "insert into processing_jobs (user_id, status, pipeline) values"
        " ('busy', 'processing', 'v3'), ('both', 'complete', 'v3'), ('none', 'pending', 'v3')"
    )
    of_v3 = [("both", "v3", "v2", False), ("busy", "v3", "v1", True), ("none", "v3", None, True)]
    to_v1 = [("both", "v3", "v1", False), *of_v3[1:], ("old", "v2", "v1", False)]
    for meant, query, options, expected in (
        (Meant(None, "v3", "v1"), "?from=v3", ("--from", "v3"), of_v3),
        (Meant("v1", None, "v1"), "?to=v1", ("--to", "v1"), to_v1),
    ):
        found = await list_restore(desk.reads, meant)
        command = ("rollback", "--restore-data", "--list", *options)
        said = await desk.all_say(found, f"/admin/restore/users{query}", *command)
        assert [(one["user_id"], one["live"], one["back_to"], one["under_way"]) for one in said] == expected
    (last,) = await list_restore(desk.reads, Meant(None, "v3", "v1"), after="both", limit=1)
    assert last.user_id == "busy"
    over_http = (await desk.ask("GET", "/admin/restore/users?from=v3&format=csv&limit=1")).text
    at_terminal = (await desk.run("rollback", "--restore-data", "--from", "v3", "--list", "--csv", "--limit", "1")).out
    for text in (over_http, at_terminal):
        assert text.splitlines()[1].startswith("both,v3,v2,")


async def test_how_first_jobs_ended_as_a_series(desk: Desk) -> None:
    await desk.execute(JOBS)
    found = await read_outcomes(desk.reads, EVER, 10)
    passing = ("at",)  # the spans end with the moment of the read
    command = ("users", "outcomes", "--points", "10")
    newer, older = await desk.all_say(found, "/admin/users/outcomes?points=10", *command, but=passing)
    assert (newer["pipeline"], older["pipeline"]) == ("v2", "v1")
    assert max(len(newer["points"]), len(older["points"])) <= 10
    ends = newer["points"][-1], older["points"][-1]
    # Of v2, the users' first jobs are 38, 36, 34, 30 and 22 (40 and 32 were cancelled); 36 failed.
    assert [(end["users"], end["failed"]) for end in ends] == [(5, 1), (5, 0)]
    assert all(end["low"] <= end["failed"] / end["users"] <= end["high"] for end in ends)
    for series in found:
        assert [point.users for point in series.points] == sorted(point.users for point in series.points)
        assert [point.at for point in series.points] == sorted(point.at for point in series.points)
    assert await read_outcomes(desk.reads, datetime.now(UTC) + timedelta(minutes=1)) == []


async def test_what_the_guard_found_look_by_look(desk: Desk) -> None:
    await desk.execute(
        "insert into gateway.guard_rollouts (pipeline, against, started_at, limits, slow_seconds, split_until)"
        " values ('v2', 'v1', now(), '{}', 60, now()), ('v3', 'v2', now(), '{}', 60, now());"
        "insert into gateway.guard_looks (rollout, at, phase, findings)"
        " select r.id, now() - n * interval '1 minute', 'ok',"
        " jsonb_build_array(jsonb_build_object('check', 'failures', 'phase', 'ok', 'message', n || ' users'))"
        " from gateway.guard_rollouts r cross join generate_series(3, 1, -1) n order by n desc, r.id"
    )
    for given, query, options, expected in (
        ({}, "", (), ["v3 1", "v2 1", "v3 2", "v2 2", "v3 3", "v2 3"]),
        (
            {"pipeline": "v2", "limit": 2},
            "?pipeline=v2&limit=2",
            ("--pipeline", "v2", "--limit", "2"),
            ["v2 1", "v2 2"],
        ),
        ({"before_id": 3}, "?before_id=3", ("--before", "3"), ["v3 3", "v2 3"]),
    ):
        found = await list_looks(desk.reads, EVER, **given)
        said = await desk.all_say(found, f"/admin/rollout/guard/looks{query}", "rollout", "looks", *options)
        assert [f"{one['pipeline']} {one['findings'][0]['message'][0]}" for one in said] == expected
    assert "1 users" in (await desk.run("rollout", "looks")).out


PAIRS = """
insert into gateway.comparisons
    (job_id, user_id, mode, one, other, primary_side, class, score, verdicts, kinds, detail, harms, created_at)
select lpad(to_hex(n), 32, '0')::uuid, 'u' || n, 'shadow', 'v1', 'v2', 'one', 'worse_covered', 0.5, '{}', '{}', '{}',
       case n % 4 when 0 then '{}' when 1 then array['lost'] when 2 then array['wrong_person']
                  else array['lost', 'slower'] end,
       now() - (n / 2) * interval '1 minute'
from generate_series(1, 20) n
"""


async def test_pairs_by_harm_page_by_page(desk: Desk) -> None:
    await desk.execute(PAIRS)
    whole = [one.job_id for one in await list_pairs(desk.reads, wanted=Wanted(harmed=True), limit=100)]
    assert [uuid.UUID(job_id).int % 4 for job_id in whole] == [2] * 5 + [3] * 5 + [1] * 5
    for wanted, query, options, expected in (
        (Wanted(harmed=True), "harm=true", ("--harm",), whole),
        (Wanted(), "harm=false", (), [str(uuid.UUID(int=n)) for n in range(1, 21)]),
    ):
        seen: list[str] = []
        while len(seen) < len(expected):
            after = uuid.UUID(seen[-1]) if seen else None
            page = await list_pairs(desk.reads, wanted=wanted, after=after, limit=7)
            behind = ("--after", seen[-1]) if seen else ()
            path = f"/admin/shadow/pairs?{query}&limit=7{f'&after={after}' if after else ''}"
            await desk.all_say(page, path, "shadow", "list", "--limit", "7", *options, *behind)
            assert page
            seen += [one.job_id for one in page]
        assert seen == expected


async def test_a_preview_says_the_load_and_that_an_override_is_in_force(desk: Desk) -> None:
    path, command = "/admin/rollout/preview?percent=50", ("rollout", "set", "50", "--preview")
    nothing = (await desk.ask("GET", path)).json()
    assert (nothing["load"]["jobs_an_hour"], nothing["load"]["slots"], nothing["override"]) == (0, None, None)
    await desk.execute(
        "insert into processing_jobs (user_id, status, pipeline, created_at, started_at, completed_at) "
        "select 'u' || n, 'complete', case when n % 10 = 0 then 'v2' else 'v1' end, now() - n * interval '30 s',"
        " now() - interval '60 s', now() from generate_series(1, 240) n;"
        "insert into gateway.shadow_runs"
        " (job_id, user_id, mode, primary_pipeline, shadow_pipeline, status, outcome, cost_usd)"
        " values (gen_random_uuid(), 'u', 'shadow', 'v1', 'v2', 'done', 'compared', 0.5)"
    )
    young = await read_load(desk.reads, "v2", 50)
    assert young.hours == pytest.approx(2, abs=0.1)
    assert young.jobs_an_hour == pytest.approx(60, abs=3)
    assert "jobs an hour by the last 2 h: " in young.message
    async with desk.reads.connection() as connection:
        assert (await read_traffic(connection, "v2")).hours == pytest.approx(2, abs=0.1)
    await desk.execute(
        "insert into processing_jobs (user_id, status, pipeline, created_at) "
        "values ('first', 'complete', 'v1', now() - interval '2 days')"
    )
    await desk.ask("POST", "/admin/rollout/off", json={"local": True, "actor": "ann"})
    over_http, ran = (await desk.ask("GET", path)).json(), await desk.run(*command, "--json")
    load = await read_load(desk.reads, "v2", 50)
    # 240 jobs in 24 hours, half of them: five an hour, each for a minute.
    assert (load.jobs_an_hour, load.usd_an_hour) == (5, 2.5)
    assert load.slots == pytest.approx(5 / 60)
    assert over_http["load"] == ran.json["load"] == builtins_of(load)
    assert over_http["price"] == ran.json["price"]
    assert plain(over_http["override"], ()) == plain(ran.json["override"], ())
    assert over_http["override"]["actor"] == "ann"
    told = await desk.run(*command)
    assert "5 jobs an hour" in told.out
    assert "until it is lifted, nobody moves" in told.err
    fresh = await read_load(desk.reads, "v3", 10)
    assert (fresh.jobs_an_hour, fresh.usd_an_hour, "as long as other versions" in fresh.message) == (1, None, True)


async def test_a_read_that_takes_too_long_is_cut_off_and_counted_and_none_can_write(desk: Desk) -> None:
    quick = Reads(desk.reads.pool, seconds=0.05)
    with pytest.raises(ReadTooLong):
        async with quick.connection() as connection:
            await connection.execute("select pg_sleep(20)")
    with pytest.raises(psycopg.errors.ReadOnlySqlTransaction):
        async with desk.reads.connection() as connection:
            await connection.execute("delete from gateway.processes")
    assert (quick.counts["too_long"], desk.reads.counts["failed"]) == (1, 1)
    assert desk.gateway.counted("gateway_operator_reads_total", outcome="failed") == 1
    patient = Reads(desk.reads.pool, seconds=20)
    async with patient.connection() as one, patient.connection() as other:  # all that there are
        assert one is not other
        with pytest.raises(psycopg.OperationalError):
            async with quick.connection():
                pass
        assert (await desk.gateway.client.get("/ready")).status_code in {200, 503}
        accepted = await desk.gateway.post({"user_id": "u", "storage_path": "b/1.json"})
        assert accepted.status_code == 200, "who looks takes no connection of an accept"
    assert quick.counts["busy"] == 1


async def test_users_that_are_uuids_are_found_by_their_id_too(supabase: Project) -> None:
    database = await open_database(settings_for(supabase.url))
    try:
        reads = Reads(database.pool)
        everyone = await list_jobs(reads, WantedJobs(), limit=500)
        for found in everyone[:3]:
            assert found in await list_jobs(reads, WantedJobs(user=found.user_id))
        assert await list_jobs(reads, WantedJobs(user="nobody")) == []
        assert await count_users(reads, EVER) is not None
        assert await list_users(reads, "v1", EVER, after="a") is not None
    finally:
        await database.close()
