"""Cancelling, time-outs, drain, recovery: however a run is stopped, the job ends well and finished steps are kept."""

import asyncio
import contextlib
from pathlib import Path
from typing import Any

import psutil
import pytest

from gateway.jobs.queue.job_queue import Redeliver
from gateway.jobs.run.ports import StoredSteps
from tests.gateway.jobs.conftest import Bench, until


@pytest.fixture
def worker_settings(worker_settings: dict[str, Any], request: pytest.FixtureRequest) -> dict[str, Any]:
    return worker_settings | getattr(request, "param", {})


async def test_cancelling_a_running_job_ends_it(bench: Bench) -> None:
    bench.script.hold["two"] = asyncio.Event()
    bench.start_worker()
    job_id = (await bench.accept()).job_id
    await bench.script.event("two").wait()
    assert await bench.store.request_cancel(job_id) == "cancelling"
    job = await bench.ended(job_id)
    assert (job["status"], job["cancelled"], job["error_message"]) == ("failed", True, "cancelled")
    assert await bench.chunks() == []


async def test_cancelling_a_waiting_job_ends_it_at_once(bench: Bench) -> None:
    job_id = (await bench.accept()).job_id
    assert await bench.store.request_cancel(job_id) == "cancelled"
    assert await bench.store.request_cancel(job_id) is None
    bench.start_worker()
    follower = (await bench.accept()).job_id
    assert (await bench.ended(follower))["status"] == "complete"
    assert (await bench.job(job_id))["cancelled"] is True
    assert [job for job, _ in bench.script.calls if job == job_id] == []


async def test_cancelling_kills_a_step_that_keeps_a_cpu_busy(bench: Bench, tmp_path: Path) -> None:
    pid_file = tmp_path / "pid"
    bench.start_worker()
    job_id = (await bench.accept(words=[str(pid_file)], pipeline="v3")).job_id

    async def pid() -> int:
        return int(pid_file.read_text() or 0) if pid_file.exists() else 0

    process = psutil.Process(await until(pid))
    await bench.store.request_cancel(job_id)
    assert (await bench.ended(job_id))["cancelled"] is True
    await until(lambda: gone(process))


async def gone(process: psutil.Process) -> bool:
    with contextlib.suppress(psutil.NoSuchProcess):
        return process.status() == psutil.STATUS_ZOMBIE
    return True


async def test_a_cancelled_job_can_be_retried(bench: Bench) -> None:
    bench.script.hold["two"] = asyncio.Event()
    bench.start_worker()
    job_id = (await bench.accept()).job_id
    await bench.script.event("two").wait()
    await bench.store.request_cancel(job_id)
    await bench.ended(job_id)
    bench.script.hold.clear()
    assert await bench.store.retry(job_id)
    assert not await bench.store.retry(job_id)
    job = await bench.ended(job_id)
    assert (job["status"], job["cancelled"], job["error_message"]) == ("complete", False, None)
    assert [step for _, step in bench.script.calls] == ["one", "two", "two", "three"]


@pytest.mark.parametrize("worker_settings", [{"job_timeout_seconds": 0.5}], indirect=True)
async def test_a_job_that_takes_too_long_fails(bench: Bench) -> None:
    bench.script.hold["two"] = asyncio.Event()
    bench.start_worker()
    job = await bench.ended((await bench.accept()).job_id)
    assert (job["status"], job["error_message"]) == ("failed", "the job took longer than 0.5 s")


@pytest.mark.parametrize("worker_settings", [{"step_timeout_seconds": 0.3, "job_attempts": 1}], indirect=True)
async def test_a_step_that_takes_too_long_fails(bench: Bench) -> None:
    bench.script.hold["two"] = asyncio.Event()
    bench.start_worker()
    job = await bench.ended((await bench.accept()).job_id)
    assert (job["status"], job["error_message"]) == ("failed", "step two took longer than 0.3 s")


@pytest.mark.parametrize("worker_settings", [{"drain_seconds": 30.0}], indirect=True)
async def test_a_worker_that_stops_lets_its_step_end_and_hands_the_job_to_the_next(bench: Bench) -> None:
    step = bench.script.hold["two"] = asyncio.Event()
    old = bench.start_worker()
    job_id = (await bench.accept()).job_id
    await bench.script.event("two").wait()
    old.stop()
    step.set()
    await bench.workers.pop(old)
    handed_back = await bench.job(job_id)
    assert (handed_back["status"], handed_back["worker"], handed_back["attempts"]) == ("processing", None, 0)
    assert [step for _, step in bench.script.calls] == ["one", "two"]
    bench.start_worker()
    assert (await bench.ended(job_id))["status"] == "complete"
    assert [step for _, step in bench.script.calls] == ["one", "two", "three"]


@pytest.mark.parametrize("worker_settings", [{"drain_seconds": 0.1}], indirect=True)
async def test_a_step_that_does_not_end_in_time_is_handed_over_too(bench: Bench) -> None:
    bench.script.hold["two"] = asyncio.Event()
    old = bench.start_worker()
    job_id = (await bench.accept()).job_id
    await bench.script.event("two").wait()
    await bench.stop_worker(old)
    bench.script.hold.clear()
    bench.start_worker()
    job = await bench.ended(job_id)
    assert (job["status"], job["attempts"]) == ("complete", 1)
    assert [step for _, step in bench.script.calls] == ["one", "two", "two", "three"]


async def test_a_draining_runner_takes_nothing(bench: Bench) -> None:
    job_id = (await bench.accept()).job_id
    runner = bench.runner()
    runner.drain()
    with pytest.raises(Redeliver):
        await runner.run(job_id)
    assert (await bench.job(job_id))["status"] == "pending"


async def test_the_job_of_a_dead_worker_is_picked_up_from_its_last_finished_step(bench: Bench) -> None:
    job_id = (await bench.accept()).job_id
    worker = await bench.row("select worker_id from procrastinate_register_worker_v1()")
    await bench.row("select id from procrastinate_fetch_job_v2(array['primary']::varchar[], %s)", worker["worker_id"])
    job = await bench.store.load(job_id)
    assert job is not None
    claim = await bench.store.claim(job, worker="dead", limit=3, pipeline="v1", reason="flag")
    assert claim is not None
    await StoredSteps(bench.services.database.pool, claim, time_limit=9).run("one", 1, int, lambda: asyncio.sleep(0, 3))
    await bench.execute("update procrastinate_workers set last_heartbeat = now() - interval '1 minute'")
    bench.start_worker()
    ended = await bench.ended(job_id)
    assert (ended["status"], ended["attempts"]) == ("complete", 2)
    assert [step for _, step in bench.script.calls] == ["two", "three"]


async def test_a_run_whose_claim_was_taken_is_stopped(bench: Bench) -> None:
    bench.script.hold["two"] = asyncio.Event()
    bench.start_worker()
    job_id = (await bench.accept()).job_id
    await bench.script.event("two").wait()
    await bench.execute("update processing_jobs set fence = fence + 1, worker = 'another' where id = %s", job_id)

    async def entry_is_gone() -> bool:
        return not await bench.rows("select 1 from procrastinate_jobs")

    await until(entry_is_gone)
    job = await bench.job(job_id)
    assert (job["status"], job["worker"]) == ("processing", "another")


async def test_the_worker_says_that_it_is_alive(bench: Bench) -> None:
    worker = bench.start_worker()

    async def alive() -> bool:
        return worker.alive()

    await until(alive)
    worker.stop()
    assert not worker.alive()


async def test_cancelling_comes_back_while_the_result_is_being_published(bench: Bench) -> None:
    job_id = (await bench.accept()).job_id
    async with bench.services.database.pool.connection() as connection, connection.transaction():
        await connection.execute("select 1 from processing_jobs where id = %s for update", [job_id])
        assert await bench.store.request_cancel(job_id) == "publishing"
    assert await bench.store.request_cancel(job_id) == "cancelled"
