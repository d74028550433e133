"""A data rollback: users see to the byte what v1 last published, whatever happens in the middle."""

import asyncio
import os
import sys
from pathlib import Path
from typing import Any

import pytest

from gateway.config.settings import Settings
from gateway.database.departure import forget_user
from gateway.database.pool import Database
from gateway.database.retention import Retention
from gateway.restore.model import Run, Users
from gateway.restore.rerun import rerun_missing
from gateway.restore.run import drive, restore
from gateway.restore.store import RestoreStore
from gateway.rollout.history import By, history
from tests.amount import amount
from tests.gateway.jobs.conftest import Bench, until
from tests.gateway.restore.crowd import publish_crowd, shown

BY = By("ops", "cli", "v2 writes nonsense")
USERS = amount(2_000, 10_000)


async def test_thousands_of_users_get_to_the_byte_what_v1_published_though_the_command_is_killed(
    database: Database, settings: Settings, tmp_path: Path
) -> None:
    await publish_crowd(database.pool, "v1", USERS)
    before = await shown(database.pool)
    await publish_crowd(database.pool, "v2", USERS)
    await only_v2(database, 10)
    replaced = await shown(database.pool)
    store = RestoreStore(database.pool)

    await kill_in_the_middle(store, settings, tmp_path)
    halfway = await shown(database.pool)
    assert 0 < sum(halfway[user] == before[user] for user in before) < USERS
    assert (await latest(store)).state == "running"

    report = await restore(store, "v1", BY)
    after = await shown(database.pool)
    assert {user: after[user] for user in before} == before
    never = [user for user in after if user not in before]
    assert [after[user] for user in never] == [replaced[user] for user in never]
    assert (report.run.state, report.run.restored, report.run.chunks_gone) == ("done", USERS, 0)
    assert report.users == Users(restorable=0, published_since=0, missing=10, can_rerun=0, under_way=0)

    there_and_back = await restore(store, "v2", BY, batch=USERS // 2)
    assert there_and_back.run.restored == USERS
    assert await shown(database.pool) == replaced


async def kill_in_the_middle(store: RestoreStore, settings: Settings, folder: Path) -> None:
    """`gateway rollback --restore-data`, as a process, killed when it has restored some."""
    assert settings.database_url is not None
    environment = {"DATABASE_URL": settings.database_url.get_secret_value(), "DATA_DIR": str(folder)}
    command = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "gateway", "rollback", "--restore-data", "--batch", "50",
        env={**os.environ, **environment}, stdout=asyncio.subprocess.DEVNULL,
    )  # fmt: skip

    async def some() -> bool:
        run = await store.latest()
        return run is not None and run.restored >= 200

    await until(some, 150)
    command.kill()
    await command.wait()


async def latest(store: RestoreStore) -> Run:
    run = await store.latest()
    assert run is not None
    return run


async def only_v2(database: Database, users: int) -> None:
    """Users who never had a result of v1."""
    async with database.pool.connection() as connection:
        await connection.execute(
            "insert into user_profiles (user_id, pipeline, soulprint_text, soulprint_generated_at) "
            "select 'new-' || n, 'v2', 'v2 only', now() from generate_series(1, %s) n",
            (users,),
        )


async def published(bench: Bench, pipeline: str, words: list[str], user: str = "ann", **options: Any) -> None:
    job = await bench.ended((await bench.accept(user, words, pipeline=pipeline, **options)).job_id)
    assert (job["status"], job["pipeline"]) == ("complete", pipeline)


async def see(bench: Bench, user: str = "ann") -> dict[str, Any]:
    return {**await bench.profile(user), "chunks": await bench.chunks(user)}


IMPORT = {"processing_started_at", "full_pass_started_at"}  # tell of the latest import, not of the result


async def test_what_jobs_published_comes_back_with_its_chunks_and_goes_again(bench: Bench) -> None:
    bench.start_worker()
    await published(bench, "v1", ["tea", "Lisbon"])
    of_v1 = await see(bench)
    await published(bench, "v2", ["coffee"])
    of_v2 = await see(bench)
    assert of_v2["chunks"] == ["coffee"]
    store = RestoreStore(bench.services.database.pool)
    await restore(store, "v1", BY)
    now = await see(bench)
    assert {name for name in now if now[name] != of_v1[name]} <= IMPORT
    await restore(store, "v2", BY)
    assert await see(bench) == of_v2


async def test_a_mix_of_runs_comes_back_as_the_mix_that_it_was(bench: Bench) -> None:
    """A run that wrote no MEMORY keeps the one that is there: what v1 published is then partly older."""
    bench.start_worker()
    await published(bench, "v1", ["tea"])
    await bench.execute("update user_profiles set soul_md = 'written by an earlier run', agents_md = E'\\u00e9\\r\\n'")
    await published(bench, "v1", ["Lisbon"])
    of_v1 = await see(bench)
    await bench.execute("update user_profiles set soul_md = 'not by v1'")
    await published(bench, "v2", ["coffee"])
    await restore(RestoreStore(bench.services.database.pool), "v1", BY)
    now = await see(bench)
    assert now["soul_md"] == "written by an earlier run"
    assert {name for name in now if now[name] != of_v1[name]} <= IMPORT


async def test_the_result_of_the_service_before_counts_as_v1(bench: Bench) -> None:
    await bench.execute(
        "insert into user_profiles (user_id, import_status, soulprint_text, soul_md, soulprint, memory_md) "
        "values ('ann', 'complete', 'old text', 'old soul', '{\"a\": 1}', 'old memory')"
    )
    await bench.execute(
        "insert into conversation_chunks (user_id, conversation_id, content, created_at) "
        "values ('ann', 'c', 'old', now())"
    )
    bench.start_worker()
    await published(bench, "v2", ["coffee"])
    await restore(RestoreStore(bench.services.database.pool), "v1", BY)
    now = await see(bench)
    assert (now["soulprint_text"], now["soul_md"], now["memory_md"], now["chunks"]) == (
        "old text", "old soul", "old memory", ["old"],
    )  # fmt: skip
    assert (now["pipeline"], now["result_job_id"]) == ("v1", None)


async def test_a_job_that_finishes_meanwhile_keeps_its_result(bench: Bench) -> None:
    bench.start_worker()
    for user in ("ann", "ben"):
        await published(bench, "v1", ["tea"], user)
        await published(bench, "v2", ["coffee"], user)
    store = RestoreStore(bench.services.database.pool)
    run = await store.begin("v1", BY)
    await published(bench, "v1", ["newest"], "ann")
    await published(bench, "v2", ["newer"], "ben")
    report = await drive(store, run, BY)
    assert (await see(bench, "ann"))["chunks"] == ["newest"]
    assert (await see(bench, "ben"))["chunks"] == ["newer"]
    assert (report.run.restored, report.users.restorable, report.users.published_since) == (0, 1, 1)
    await restore(store, "v1", BY)
    assert (await see(bench, "ben"))["chunks"] == ["tea"]


async def test_a_publication_in_the_middle_is_not_waited_for_and_is_found_later(bench: Bench) -> None:
    bench.start_worker()
    for user in ("ann", "ben"):
        await published(bench, "v1", ["tea"], user)
        await published(bench, "v2", ["coffee"], user)
    store = RestoreStore(bench.services.database.pool)
    async with bench.services.database.pool.connection() as publisher:
        async with publisher.transaction():
            await publisher.execute("select 1 from user_profiles where user_id = 'ann' for update")
            run = await store.begin("v1", BY)
            done = await store.restore_batch(run, 10)
            assert done is not None
            assert done.restored == 1
        assert (await see(bench, "ben"))["pipeline"] == "v1"
        assert (await see(bench, "ann"))["pipeline"] == "v2"
    report = await drive(store, run, BY)
    assert (report.run.restored, (await see(bench, "ann"))["pipeline"]) == (2, "v1")


async def test_a_run_the_other_way_round_ends_the_first(bench: Bench) -> None:
    bench.start_worker()
    await published(bench, "v1", ["tea"])
    await published(bench, "v2", ["coffee"])
    store = RestoreStore(bench.services.database.pool)
    run = await store.begin("v1", BY)
    await restore(store, "v2", BY)
    assert await store.restore_batch(run, 10) is None
    assert (await drive(store, run, BY)).superseded
    assert (await see(bench))["pipeline"] == "v2"


async def test_of_runs_that_begin_at_once_one_is_under_way(bench: Bench) -> None:
    store = RestoreStore(bench.services.database.pool)
    await asyncio.gather(*(store.begin(target, BY) for target in ("v1", "v2", "v1", "v2")))
    states = [row["state"] for row in await bench.rows("select state from gateway.restore_runs order by id")]
    assert (states[-1], states.count("running")) == ("running", 1)


async def test_users_without_a_result_of_v1_are_run_again(bench: Bench) -> None:
    bench.start_worker()
    await published(bench, "v2", ["coffee"])
    await bench.execute("insert into user_profiles (user_id, pipeline) values ('nobody-knows-how', 'v2')")
    store = RestoreStore(bench.services.database.pool)
    report = await restore(store, "v1", BY)
    assert (report.run.restored, report.users.missing, report.users.can_rerun) == (0, 2, 1)
    assert await rerun_missing(store, bench.services.accepter, "v1") == 1
    job = await bench.row("select id::text from processing_jobs where pipeline = 'v1'")
    assert (await bench.ended(job["id"]))["reason"] == "rolled_back"
    assert (await see(bench))["pipeline"] == "v1"


async def test_jobs_that_publish_while_it_runs_are_never_mixed_up_with_it(bench: Bench) -> None:
    """Whoever comes first: what a user sees is one run's profile with the same run's chunks."""
    users = [f"user-{n}" for n in range(12)]
    bench.start_worker()
    for pipeline, word in (("v1", "tea"), ("v2", "coffee")):
        jobs = [await bench.accept(user, [word, user], pipeline=pipeline) for user in users]
        for job in jobs:
            await bench.ended(job.job_id)
    store = RestoreStore(bench.services.database.pool)
    later = [
        await bench.accept(user, [f"new{n}", user], pipeline="v1" if n % 2 else "v2") for n, user in enumerate(users)
    ]
    for target in ("v1", "v2", "v1"):
        await restore(store, target, BY, batch=1)
    for job in later:
        assert (await bench.ended(job.job_id))["attempts"] == 1
    await restore(store, "v1", BY, batch=5)
    for user in users:
        profile = await bench.profile(user)
        assert profile["pipeline"] == "v1"
        assert sorted(profile["soulprint_text"].split()) == await bench.chunks(user)
    assert await bench.row("select deadlocks from pg_stat_database where datname = current_database()") == {
        "deadlocks": 0
    }


async def test_chunks_that_nobodys_result_stands_on_are_forgotten(bench: Bench) -> None:
    bench.start_worker()
    await published(bench, "v1", ["tea"])
    await published(bench, "v2", ["coffee"])
    assert [row["content"] for row in await bench.rows("select content from gateway.kept_chunks")] == ["tea"]
    await published(bench, "v1", ["newest"])
    assert [row["content"] for row in await bench.rows("select content from gateway.kept_chunks")] == ["coffee"]


async def test_vectors_come_back_with_their_chunks_and_missing_ones_are_asked_for(bench: Bench) -> None:
    bench.start_worker()
    await published(bench, "v1", ["tea"])
    await published(bench, "v1", ["tea"], "ben")
    await bench.execute("insert into gateway.embeddings (user_id, status, model) values ('ann', 'complete', 'm'), "
                        "('ben', 'complete', 'old')")  # fmt: skip
    await bench.execute("update conversation_chunks set embedding = '{1, 2}'" if await arrays(bench) else
                        "update conversation_chunks set embedding = '[1, 2]'")  # fmt: skip
    await published(bench, "v2", ["coffee"])
    await published(bench, "v2", ["coffee"], "ben")
    await bench.execute("update gateway.embeddings set model = 'new' where user_id = 'ben'")
    await restore(RestoreStore(bench.services.database.pool), "v1", BY)
    rows = await bench.rows(
        "select c.user_id, embedding is not null as embedded, status, embedding_status from conversation_chunks c "
        "join gateway.embeddings using (user_id) join user_profiles using (user_id) order by 1"
    )
    assert [tuple(row.values()) for row in rows] == [
        ("ann", True, "complete", "complete"), ("ben", False, "pending", "processing"),
    ]  # fmt: skip


async def arrays(bench: Bench) -> bool:
    """Are vectors arrays here, for want of an extension?"""
    row = await bench.row(
        "select udt_name from information_schema.columns where table_name = 'conversation_chunks' "
        "and column_name = 'embedding' and table_schema = 'public'"
    )
    return bool(row["udt_name"] != "vector")


async def test_old_kept_chunks_go_and_then_the_latest_stay(bench: Bench) -> None:
    bench.start_worker()
    await published(bench, "v1", ["tea"])
    await published(bench, "v2", ["coffee"])
    await bench.execute("update gateway.kept_chunks set kept_at = now() - interval '31 days'")
    removed = await Retention(bench.services.database.pool, bench.settings).apply()
    assert removed["old_kept_chunks"] == 1
    report = await restore(RestoreStore(bench.services.database.pool), "v1", BY)
    now = await see(bench)
    assert (now["pipeline"], now["soulprint_text"], now["chunks"], now["total_chunks"]) == ("v1", "tea", ["coffee"], 1)
    assert (report.run.restored, report.run.chunks_gone) == (1, 1)


async def test_nothing_of_an_erased_user_is_kept(bench: Bench) -> None:
    bench.start_worker()
    await published(bench, "v1", ["tea"])
    await published(bench, "v2", ["coffee"])
    removed = await forget_user(bench.services.database.pool, "ann")
    assert (removed["gateway.kept_chunks"], removed["gateway.published_profiles"]) == (1, 2)


async def test_it_is_written_down(bench: Bench) -> None:
    await restore(RestoreStore(bench.services.database.pool), "v1", BY)
    done, begun = await history(bench.services.database.pool)
    assert (begun.what, begun.actor, begun.why) == ("data", "ops", "v2 writes nonsense")
    assert done.after["restore"] == "to v1, done"


@pytest.mark.parametrize("size", [1, 2, 100])
async def test_any_size_of_batch_will_do(bench: Bench, size: int) -> None:
    await publish_crowd(bench.services.database.pool, "v1", 5)
    before = await shown(bench.services.database.pool)
    await publish_crowd(bench.services.database.pool, "v2", 5)
    await restore(RestoreStore(bench.services.database.pool), "v1", BY, batch=size)
    assert await shown(bench.services.database.pool) == before
