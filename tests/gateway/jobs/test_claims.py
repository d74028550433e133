"""Claims: one run at a time, and whoever lost its claim changes nothing."""

import asyncio
from collections.abc import Awaitable, Callable

import psycopg
import pytest

from gateway.database.pool import Pool
from gateway.jobs.model import Claim, ClaimLost
from gateway.jobs.queue.job_queue import Entry, Redeliver
from gateway.jobs.queue.names import PRIMARY, RUN_JOB
from gateway.jobs.run.ports import StagingSink, StoredSteps
from gateway.jobs.store import JobStore
from pipelines.contract import ImportRequest
from tests.gateway.jobs.conftest import Bench, until
from tests.gateway.jobs.scripted import chunks_of, soulprint_of

WORDS = ["tea"]


async def claim(bench: Bench, job_id: str, worker: str) -> Claim:
    job = await bench.store.load(job_id)
    assert job is not None
    taken = await bench.store.claim(job, worker=worker, limit=9, pipeline=job.pipeline, reason=job.reason)
    assert taken is not None
    return taken


def request_for(taken: Claim) -> ImportRequest:
    job = taken.job
    return ImportRequest(job.id, job.user_id, job.storage_path, job.inline, None, None, job.created_at)


async def finish(store: JobStore, taken: Claim) -> None:
    await store.finish(taken, soulprint_of(request_for(taken), WORDS), embedded=True, callback=False)


async def stage(pool: Pool, taken: Claim) -> None:
    await StagingSink(pool, taken).add_chunks(chunks_of(request_for(taken), WORDS))


async def save_step(pool: Pool, taken: Claim) -> None:
    await StoredSteps(pool, taken, time_limit=9).run("one", 1, int, lambda: asyncio.sleep(0, 1))


async def start_over(pool: Pool, taken: Claim) -> None:
    await StagingSink(pool, taken).replace_chunks()


WRITES: dict[str, Callable[[Bench, Claim], Awaitable[None]]] = {
    "finish": lambda bench, taken: finish(bench.store, taken),
    "fail": lambda bench, taken: bench.store.fail(taken, "broken", "pipeline"),
    "hand back": lambda bench, taken: bench.store.hand_back(taken),
    "wait for a retry": lambda bench, taken: bench.store.wait_for_retry(taken, "busy", "pipeline"),
    "stage chunks": lambda bench, taken: stage(bench.services.database.pool, taken),
    "forget chunks": lambda bench, taken: start_over(bench.services.database.pool, taken),
    "save a step": lambda bench, taken: save_step(bench.services.database.pool, taken),
}


@pytest.mark.parametrize("write", WRITES)
async def test_a_worker_that_lost_its_claim_is_refused(bench: Bench, write: str) -> None:
    job_id = (await bench.accept(words=WORDS)).job_id
    paused = await claim(bench, job_id, "paused")
    holder = await claim(bench, job_id, "holder")
    await stage(bench.services.database.pool, holder)
    before = await bench.job(job_id), await bench.rows("select * from gateway.staged_chunks")
    with pytest.raises(ClaimLost):
        await WRITES[write](bench, paused)
    assert (await bench.job(job_id), await bench.rows("select * from gateway.staged_chunks")) == before
    await finish(bench.store, holder)
    assert (await bench.job(job_id))["status"] == "complete"


async def test_progress_of_a_worker_that_lost_its_claim_is_not_shown(bench: Bench) -> None:
    job_id = (await bench.accept()).job_id
    paused = await claim(bench, job_id, "paused")
    await claim(bench, job_id, "holder")
    await bench.store.progress(paused, "chunking", 90)
    assert (await bench.job(job_id))["progress"] == 0


async def test_of_two_workers_that_claim_at_once_one_gets_it(bench: Bench) -> None:
    job_id = (await bench.accept()).job_id
    job = await bench.store.load(job_id)
    assert job is not None
    claims = await asyncio.gather(
        *(bench.store.claim(job, worker=f"w{n}", limit=9, pipeline="v1", reason="flag") for n in range(5))
    )
    assert len([taken for taken in claims if taken is not None]) == 1


async def test_a_lost_answer_to_the_finishing_commit_does_no_harm(bench: Bench) -> None:
    job_id = (await bench.accept()).job_id
    taken = await claim(bench, job_id, "worker")
    await finish(bench.store, taken)
    await finish(bench.store, taken)
    assert (await bench.job(job_id))["status"] == "complete"


async def test_a_finish_that_breaks_in_the_middle_shows_nothing(bench: Bench) -> None:
    first = await claim(bench, (await bench.accept(words=["old"])).job_id, "worker")
    await StagingSink(bench.services.database.pool, first).add_chunks(chunks_of(request_for(first), ["old"]))
    await finish(bench.store, first)
    before = await bench.profile(), await bench.chunks(), await bench.rows("select * from gateway.results")
    second = await claim(bench, (await bench.accept(words=WORDS)).job_id, "worker")
    await stage(bench.services.database.pool, second)
    begun = await bench.profile()
    await bench.execute(
        "create function refuse() returns trigger language plpgsql as $$ begin raise exception 'disk full'; end $$"
    )
    await bench.execute("create trigger refuse before update on gateway.results execute function refuse()")
    with pytest.raises(psycopg.Error, match="disk full"):
        await finish(bench.store, second)
    assert (await bench.job(second.job.id))["status"] == "processing"
    assert await bench.profile() == begun
    assert await bench.chunks() == before[1] == ["old"]
    assert await bench.rows("select * from gateway.results") == before[2]
    assert len(await bench.rows("select * from gateway.staged_chunks")) == 1


async def test_a_duplicate_entry_does_no_harm(bench: Bench) -> None:
    job_id = (await bench.accept()).job_id
    async with bench.services.database.pool.connection() as connection:
        entries = [Entry(PRIMARY, RUN_JOB, {"job_id": job_id}, lock) for lock in ("ann", None, None)]
        await bench.store.queue.enqueue(connection, entries)
    bench.start_worker()
    assert (await bench.ended(job_id))["status"] == "complete"

    async def queue_is_empty() -> bool:
        return not await bench.rows("select 1 from procrastinate_jobs")

    await until(queue_is_empty)
    assert (await bench.job(job_id))["status"] == "complete"
    assert len(await bench.chunks()) == 2


async def test_a_lost_entry_is_put_back(bench: Bench) -> None:
    job_id = (await bench.accept()).job_id
    await bench.execute("delete from procrastinate_jobs")
    await bench.execute("update processing_jobs set updated_at = now() - interval '1 minute'")
    bench.start_worker()
    assert (await bench.ended(job_id))["status"] == "complete"


async def test_rows_of_another_program_are_left_alone_until_somebody_cancels_them(bench: Bench) -> None:
    await bench.execute(
        "insert into processing_jobs (id, user_id, status, updated_at) "
        "values (gen_random_uuid(), 'old', 'processing', now() - interval '1 day')"
    )
    before = await bench.rows("select * from processing_jobs")
    assert await bench.lost.sweep(1.0) == 0
    job_id = str(before[0]["id"])
    assert await bench.store.load(job_id) is None
    assert await bench.rows("select * from processing_jobs") == before
    assert await bench.store.request_cancel(job_id) == "cancelled"
    assert (await bench.job(job_id))["status"] == "failed"


async def test_a_job_of_a_newer_version_is_left_to_it(bench: Bench) -> None:
    job_id = (await bench.accept(pipeline="v9")).job_id
    with pytest.raises(Redeliver):
        await bench.runner().run(job_id)
    assert ((await bench.job(job_id))["status"], (await bench.job(job_id))["attempts"]) == ("pending", 0)


async def test_a_job_of_a_pipeline_that_nobody_has_ends_failed(bench: Bench) -> None:
    job_id = (await bench.accept(pipeline="v9")).job_id
    await bench.execute("update processing_jobs set created_at = now() - interval '1 hour', attempts = 2")
    await bench.runner().run(job_id)
    assert (await bench.job(job_id))["error_message"] == "there is no pipeline v9 in this version"


async def test_a_job_that_a_deleted_version_alone_could_serve_says_so_at_once(bench: Bench) -> None:
    job_id = (await bench.accept(pipeline="v0")).job_id
    await bench.execute(
        "update processing_jobs set created_at = now() - interval '1 hour', storage_path = null, inline = true"
    )
    await bench.runner().run(job_id)
    job = await bench.job(job_id)
    assert job["error_message"] == (
        "pipeline v0 is no longer here, and no other takes the conversations that came with the request"
    )
    assert (job["status"], job["failure_cause"], job["attempts"]) == ("failed", "operator", 1)


async def test_a_job_of_a_deleted_version_runs_as_what_its_user_gets(bench: Bench) -> None:
    job_id = (await bench.accept(pipeline="v0")).job_id
    await bench.runner().run(job_id)
    job = await bench.job(job_id)
    assert (job["status"], job["pipeline"], job["reason"], job["attempts"]) == ("complete", "v2", "retired", 1)


async def test_a_job_that_kills_its_workers_ends_failed(bench: Bench) -> None:
    job_id = (await bench.accept()).job_id
    for _ in range(bench.settings.job_attempts):
        await claim(bench, job_id, "killed")
    await bench.runner().run(job_id)
    job = await bench.job(job_id)
    assert (job["status"], job["error_message"]) == ("failed", "gave up after 3 attempts: the worker died each time")
    assert (await bench.profile())["import_status"] == "failed"
