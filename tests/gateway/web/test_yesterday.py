"""`--since yesterday` is that day alone, wherever one asks since when; `--until` says another end."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from gateway.jobs.listing import WantedJobs, count_jobs, list_jobs
from gateway.jobs.outcomes import read_outcomes
from gateway.jobs.users import count_users, list_users
from gateway.rollout.guard.looks import list_looks
from gateway.rollout.history import history
from gateway.rollout.rows import WantedEntries
from gateway.shadow.report.queries import Wanted, list_pairs, read_report
from tests.gateway.web.operator_reads import Desk

DAYS = "from (select date_trunc('day', now(), 'UTC') - n * interval '1 day' as at, n from generate_series(0, 2) n) days"
JOBS = f"""
insert into processing_jobs (user_id, status, pipeline, reason, created_at, completed_at)
select 'day-' || n, 'complete', 'v2', 'flag', at, at {DAYS}
"""
CHANGES = f"""
insert into gateway.rollout_changes (at, what, actor, via, why, after, revision)
select at, 'note', 'day-' || n, 'cli', 'why', '{{"about": 1}}', '' {DAYS}
"""
LOOKS = f"""
with of as (
    insert into gateway.guard_rollouts (pipeline, against, started_at, limits, slow_seconds, split_until)
    values ('v2', 'v1', now(), '{{}}', 60, now()) returning id
)
insert into gateway.guard_looks (rollout, at, phase, findings)
select of.id, at, 'ok',
       jsonb_build_array(jsonb_build_object('check', 'failures', 'phase', 'ok', 'message', 'day-' || n))
{DAYS} cross join of
"""
PAIRS = f"""
insert into gateway.comparisons
    (job_id, user_id, mode, one, other, primary_side, class, score, verdicts, kinds, detail, harms, created_at)
select lpad(to_hex(n + 1), 32, '0')::uuid, 'day-' || n, 'shadow', 'v1', 'v2', 'one', 'same', 1, '{{}}', '{{}}', '{{}}',
       '{{}}', at {DAYS}
"""


@pytest.fixture
def midnight() -> datetime:
    return datetime.now(UTC).replace(hour=0, minute=0, second=0, microsecond=0)


@pytest.fixture
def before(midnight: datetime) -> datetime:
    return midnight - timedelta(days=1)


async def test_of_jobs_their_counts_and_users(desk: Desk, before: datetime, midnight: datetime) -> None:
    await desk.execute(JOBS)
    wanted = WantedJobs(pipeline="v2", since=before, until=midnight)
    jobs = await list_jobs(desk.reads, wanted)
    assert [job.user_id for job in jobs] == ["day-1"]
    query, options = "pipeline=v2&since=yesterday", ("--pipeline", "v2", "--since", "yesterday")
    await desk.all_say(jobs, f"/admin/jobs?{query}", "jobs", "list", *options)
    await desk.all_say(await count_jobs(desk.reads, wanted), f"/admin/jobs/counts?{query}", "jobs", "count", *options)
    users = await list_users(desk.reads, "v2", before, until=midnight)
    assert [user.user_id for user in users] == ["day-1"]
    await desk.all_say(users, f"/admin/users?{query}", "users", "list", *options)
    (count,) = await desk.all_say(
        await count_users(desk.reads, before, midnight),
        "/admin/users/by-version?since=yesterday", "users", "by-version", "--since", "yesterday",
    )  # fmt: skip
    assert count["users"] == 1
    both = await list_users(desk.reads, "v2", midnight - timedelta(days=2), until=midnight)
    await desk.all_say(
        both, "/admin/users?pipeline=v2&since=3d&until=today",
        "users", "list", "--pipeline", "v2", "--since", "3d", "--until", "today",
    )  # fmt: skip
    assert [user.user_id for user in both] == ["day-1", "day-2"]
    refused = await desk.run("users", "list", "--pipeline", "v2", "--since", "today", "--until", "yesterday")
    assert (refused.code, "--until yesterday is not after --since today" in refused.err) == (2, True)
    for query, problem in (
        ("until=whenever", "neither an age"),
        ("since=today&until=yesterday", "is not after `since`"),
    ):
        answer = await desk.ask("GET", f"/admin/users?pipeline=v2&{query}")
        assert answer.status_code in {400, 422}
        assert problem in answer.text
        assert "until" in answer.text


async def test_of_the_history_and_the_guard_s_looks(desk: Desk, before: datetime, midnight: datetime) -> None:
    await desk.execute(CHANGES)
    await desk.execute(LOOKS)
    rows = await history(desk.reads, WantedEntries(since=before, until=midnight))
    path = "/admin/rollout/history?since=yesterday"
    said = await desk.all_say([row.json for row in rows], path, "rollout", "history", "--since", "yesterday")
    assert [one["actor"] for one in said] == ["day-1"]
    looks = await list_looks(desk.reads, before, until=midnight)
    path = "/admin/rollout/guard/looks?since=yesterday"
    said = await desk.all_say(looks, path, "rollout", "looks", "--since", "yesterday")
    assert [one["findings"][0]["message"] for one in said] == ["day-1"]
    both = await list_looks(desk.reads, before - timedelta(days=1), until=midnight)
    path = "/admin/rollout/guard/looks?since=3d&until=today"
    await desk.all_say(both, path, "rollout", "looks", "--since", "3d", "--until", "today")
    assert len(both) == 2


async def test_of_first_outcomes(desk: Desk, before: datetime, midnight: datetime) -> None:
    await desk.execute(JOBS)
    found = await read_outcomes(desk.reads, before, until=midnight)
    path = "/admin/users/outcomes?since=yesterday"
    (series,) = await desk.all_say(found, path, "users", "outcomes", "--since", "yesterday")
    assert [(point["users"], point["at"][:10]) for point in series["points"]] == [(1, f"{before:%Y-%m-%d}")]


async def test_of_pairs_and_the_report_on_them(desk: Desk, before: datetime, midnight: datetime) -> None:
    await desk.execute(PAIRS)
    pairs = await list_pairs(desk.reads, before, Wanted(until=midnight))
    path = "/admin/shadow/pairs?since=yesterday"
    (pair,) = await desk.all_say(pairs, path, "shadow", "list", "--since", "yesterday")
    assert pair["job_id"].endswith("2")
    report = await read_report(desk.reads, before, until=midnight)
    said: Any = await desk.all_say(report, "/admin/shadow?since=yesterday", "shadow", "report", "--since", "yesterday")
    assert (said["overall"]["rate"]["pairs"], said["until"]) == (1, midnight.isoformat())
    assert f"until {midnight:%Y-%m-%d %H:%M} UTC" in (await desk.run("shadow", "report", "--since", "yesterday")).out
