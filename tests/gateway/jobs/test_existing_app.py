"""On the app's existing database, where user ids are UUIDs and the tables were there before: everything works."""

import asyncio
import uuid

import psycopg
import pytest

from gateway.database.departure import forget_user
from gateway.database.migrations import migrate
from gateway.database.pool import open_database
from tests.conftest import settings_for
from tests.gateway.jobs.conftest import Bench

ANN = str(uuid.UUID(int=7))
APP = """
create table processing_jobs (
    id uuid primary key default gen_random_uuid(), user_id uuid not null, status text not null default 'pending',
    storage_path text, conversation_count integer, message_count integer, current_step text,
    progress integer not null default 0, error_message text, attempts integer not null default 0,
    created_at timestamptz not null default now(), updated_at timestamptz not null default now(),
    completed_at timestamptz
);
create table user_profiles (
    user_id uuid primary key, import_status text not null default 'none', import_error text,
    processing_started_at timestamptz, total_conversations integer, total_messages integer, total_chunks integer,
    processed_chunks integer, embedding_status text not null default 'pending',
    embedding_progress integer not null default 0, memory_status text not null default 'none',
    full_pass_status text not null default 'pending', full_pass_started_at timestamptz,
    full_pass_completed_at timestamptz, full_pass_error text, soulprint jsonb, soulprint_text text, soul_md text,
    identity_md text, agents_md text, user_md text, tools_md text, memory_log text, memory_md text, archetype text,
    ai_name text, soulprint_generated_at timestamptz
);
create table conversation_chunks (
    id uuid primary key default gen_random_uuid(), user_id uuid not null, conversation_id text not null, title text,
    content text not null, message_count integer, created_at timestamptz not null,
    is_recent boolean not null default false, chunk_tier text not null default 'medium'
);
insert into processing_jobs (user_id, status) values ('00000000-0000-0000-0000-000000000007', 'processing');
"""


@pytest.fixture
def database_url(empty_database_url: str) -> str:
    async def build() -> None:
        database = await open_database(settings_for(empty_database_url))
        await migrate(database)
        await database.close()

    with psycopg.connect(empty_database_url, autocommit=True) as connection:
        connection.execute(APP)
    asyncio.run(build())
    return empty_database_url


async def test_jobs_run_fail_and_are_cancelled(bench: Bench) -> None:
    bench.start_worker()
    assert (await bench.ended((await bench.accept(ANN)).job_id))["status"] == "complete"
    assert (await bench.ended((await bench.accept(ANN, words=[])).job_id))["status"] == "failed"
    assert (await bench.profile(ANN))["soulprint_text"] == "tea Lisbon"
    assert await bench.chunks(ANN) == ["Lisbon", "tea"]
    waiting = (await bench.accept(ANN, pipeline="v9")).job_id
    await bench.store.request_cancel(waiting)
    assert (await bench.ended(waiting))["cancelled"] is True


async def test_lost_entries_are_put_back_and_users_erased(bench: Bench) -> None:
    job_id = (await bench.accept(ANN)).job_id
    await bench.execute("delete from procrastinate_jobs")
    await bench.execute("update processing_jobs set updated_at = now() - interval '1 minute'")
    assert await bench.lost.sweep(1.0) == 1
    bench.start_worker()
    await bench.ended(job_id)
    await forget_user(bench.services.database.pool, ANN)
    assert await bench.rows("select * from processing_jobs") == []
    assert await bench.chunks(ANN) == []


async def test_the_old_services_unfinished_jobs_are_left_alone(bench: Bench) -> None:
    bench.start_worker()
    await bench.ended((await bench.accept(ANN)).job_id)
    old = await bench.row("select status, attempts, fence from processing_jobs where pipeline is null")
    assert old == {"status": "processing", "attempts": 0, "fence": 0}
