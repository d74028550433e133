"""What is removed when it is old, and that erasing a user leaves nothing of the user anywhere."""

import re

import pytest

from gateway.database.retention import Retention, UserIsBusyError, erase_user
from tests.gateway.jobs.conftest import Bench


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


async def test_erasing_a_user_leaves_nothing_of_them_in_any_table(bench: Bench) -> None:
    bench.start_worker()
    for user in ("ann-to-erase", "bob-to-keep"):
        await bench.ended((await bench.accept(user)).job_id)
    failed = (await bench.accept("ann-to-erase", words=[])).job_id
    assert (await bench.ended(failed))["status"] == "failed"
    await erase_user(bench.services.database.pool, "ann-to-erase")
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


async def test_a_user_whose_job_runs_is_not_erased(bench: Bench) -> None:
    job = await bench.store.load((await bench.accept()).job_id)
    assert job is not None
    await bench.store.claim(job, worker="w", limit=3, pipeline="v1", reason="flag")
    with pytest.raises(UserIsBusyError):
        await erase_user(bench.services.database.pool, "ann")
    assert await bench.store.load(job.id) is not None
