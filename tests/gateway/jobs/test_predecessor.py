"""Open jobs of the service before this one: left alone while they may live, then failed, whatever the tables accept."""

from typing import Any

import psycopg
import pytest

from gateway.database.pool import open_database
from gateway.jobs.predecessor import REASON, close_stale
from tests.conftest import settings_for
from tests.supabase.project import OPEN_USERS, USERS, Project

SEEN = """select user_id::text, import_status, import_error, embedding_status from user_profiles
          where user_id = any(%s::uuid[]) order by user_id"""


@pytest.mark.parametrize("drift", ["", "the profile takes no `failed`", "the jobs take no `failed`"])
async def test_silent_jobs_are_failed_and_their_users_told(supabase: Project, drift: str) -> None:
    with supabase.acting_as("app_owner") as owner:
        if drift.startswith("the profile"):
            owner.execute("alter table user_profiles drop constraint user_profiles_import_status_check")
            owner.execute("alter table user_profiles add check (import_status <> 'failed')")
        if drift.startswith("the jobs"):
            owner.execute("alter table processing_jobs add check (status <> 'failed') not valid")
    assert await closed(supabase, 7200.0) == 0
    assert rows(supabase, "select count(*) from processing_jobs where status in ('pending', 'processing')") == [(2,)]
    is_refused = drift.startswith("the jobs")
    assert await closed(supabase, 0.0) == (0 if is_refused else 2)
    assert await closed(supabase, 0.0) == 0
    if is_refused:
        return
    ended = "select status, error_message from processing_jobs where user_id = any(%s::uuid[])"
    assert rows(supabase, ended, list(OPEN_USERS)) == [("failed", REASON)] * 2
    status = "none" if drift else "failed"
    assert rows(supabase, SEEN, list(OPEN_USERS)) == [(user, status, REASON, "failed") for user in OPEN_USERS]


async def test_a_user_whom_the_gateway_serves_now_is_left_alone(supabase: Project) -> None:
    user = OPEN_USERS[0]
    with supabase.acting_as("app_owner") as owner:
        owner.execute("insert into processing_jobs (user_id, status, pipeline) values (%s, 'pending', 'v1')", (user,))
    assert await closed(supabase, 0.0) == 2
    assert [row[1] for row in rows(supabase, SEEN, [user, USERS[0]])] == ["complete", "processing"]


async def closed(project: Project, seconds: float) -> int:
    database = await open_database(settings_for(project.url))
    try:
        return await close_stale(database.pool, seconds)
    finally:
        await database.close()


def rows(project: Project, query: str, *values: Any) -> list[tuple[Any, ...]]:
    with psycopg.connect(project.url) as connection:
        return connection.execute(query, values).fetchall()
