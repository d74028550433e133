"""What is removed when it is old, and that nothing is left of a user who leaves, jobs that run included."""

import asyncio
import re

from gateway.database.departure import forget_user
from gateway.database.retention import Retention
from tests.gateway.jobs.conftest import Bench, until


async def test_old_jobs_go_and_everybody_keeps_their_results(bench: Bench) -> None:
    bench.start_worker()
    old = (await bench.accept("ann")).job_id
    new = (await bench.accept("bob")).job_id
    await bench.ended(old)
    await bench.ended(new)
    waiting = (await bench.accept("cid", pipeline="v9")).job_id
    await bench.execute(
        "update processing_jobs set created_at = now() - interval '60 days', "
        "completed_at = case when completed_at is not null then now() - interval '60 days' end where id = any(%s)",
        [old, waiting],
    )
    removed = await Retention(bench.services.database.pool, bench.settings).apply()
    assert removed["old_jobs"] == 1
    assert await bench.rows("select 1 from processing_jobs where id = %s", old) == []
    assert await bench.rows("select 1 from gateway.job_steps where job_id = %s", old) == []
    assert len(await bench.rows("select 1 from processing_jobs where id = any(%s)", [new, waiting])) == 2
    assert (await bench.profile("ann"))["soulprint_text"] == "tea Lisbon"
    assert await bench.chunks("ann") == ["Lisbon", "tea"]


async def test_forgetting_a_user_leaves_nothing_of_them_in_any_table(bench: Bench) -> None:
    bench.start_worker()
    for user in ("ann-to-erase", "bob-to-keep"):
        await bench.ended((await bench.accept(user)).job_id)
    failed = (await bench.accept("ann-to-erase", words=[])).job_id
    assert (await bench.ended(failed))["status"] == "failed"
    await forget_user(bench.services.database.pool, "ann-to-erase")
    dump = await whole_database(bench)
    assert not [table for table, text in dump.items() if "ann-to-erase" in text]
    assert [table for table, text in dump.items() if "bob-to-keep" in text]
    assert (await bench.profile("bob-to-keep"))["import_status"] == "complete"


async def whole_database(bench: Bench) -> dict[str, str]:
    tables = await bench.rows(
        "select c.oid::regclass::text as name from pg_class c "
        "where relkind = 'r' and relnamespace in ('public'::regnamespace, 'gateway'::regnamespace)"
    )
    dump = {}
    for table in tables:
        assert re.fullmatch(r"[a-z_.]+", table["name"])
        rows = await bench.rows(f"select t::text as line from {table['name']} t")
        dump[table["name"]] = "\n".join(row["line"] for row in rows)
    return dump


async def test_a_run_that_is_under_way_ends_and_writes_nothing_more_of_a_user_who_left(bench: Bench) -> None:
    bench.script.hold["two"] = asyncio.Event()
    bench.start_worker()
    running = (await bench.accept("ann-who-leaves")).job_id
    waiting = (await bench.accept("ann-who-leaves")).job_id
    await bench.script.event("two").wait()
    removed = await forget_user(bench.services.database.pool, "ann-who-leaves")
    assert removed["processing_jobs"] == 2
    bench.script.hold["two"].set()
    await bench.ended((await bench.accept("bob-who-stays")).job_id)
    dump = await whole_database(bench)
    assert not [table for table, text in dump.items() if any(word in text for word in ("leaves", running, waiting))]
    assert await forget_user(bench.services.database.pool, "ann-who-leaves") == dict.fromkeys(removed, 0)
    broke = bench.services.metrics.registry.get_sample_value("gateway_unexpected_errors_total", {"place": "job"})
    assert not broke


async def test_forgetting_waits_for_a_transaction_that_publishes_and_takes_what_it_wrote(bench: Bench) -> None:
    job_id = (await bench.accept("ann-who-leaves")).job_id
    job = await bench.store.load(job_id)
    assert job is not None
    claim = await bench.store.claim(job, worker="w", limit=3, pipeline="v1", reason="flag")
    assert claim is not None
    pool = bench.services.database.pool
    async with pool.connection() as publishing, publishing.transaction():
        await publishing.execute("update processing_jobs set status = 'complete' where id = %s", (job_id,))
        forgetting = asyncio.create_task(forget_user(pool, "ann-who-leaves"))
        waits = "select 1 from pg_stat_activity where wait_event_type = 'Lock' and query like '%%forget_user%%'"
        await until(lambda: bench.rows(waits))
        await publishing.execute("update user_profiles set soul_md = 'ann' where user_id = 'ann-who-leaves'")
        await publishing.execute(
            "insert into gateway.results (user_id, pipeline, job_id, soulprint, published_at) "
            "values ('ann-who-leaves', 'v1', %s, '{}', now())", (job_id,)
        )  # fmt: skip
    removed = await forgetting
    assert (removed["processing_jobs"], removed["user_profiles"], removed["gateway.results"]) == (1, 1, 1)
    assert not [table for table, text in (await whole_database(bench)).items() if "ann-who-leaves" in text]


async def test_what_is_left_of_users_who_were_deleted_without_a_word_goes_too(bench: Bench) -> None:
    bench.start_worker()
    for user in ("ann-deleted", "bob-who-stays"):
        await bench.ended((await bench.accept(user)).job_id)
    for table in ("processing_jobs", "user_profiles", "conversation_chunks"):
        await bench.execute(f"delete from {table} where user_id = 'ann-deleted'")
    removed = await Retention(bench.services.database.pool, bench.settings).apply()
    assert removed["old_users"] == 1
    dump = await whole_database(bench)
    assert not [table for table, text in dump.items() if "ann-deleted" in text]
    assert (await bench.profile("bob-who-stays"))["import_status"] == "complete"
