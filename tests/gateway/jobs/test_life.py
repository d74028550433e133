"""A job's life with a real worker: what clients see, what is published, and what a failure leaves alone."""

from uuid import UUID

from gateway.web.routes.jobs import read_job
from pipelines.contract import PipelineError
from tests.gateway.jobs.conftest import Bench


async def test_a_job_publishes_its_result_and_closes(bench: Bench) -> None:
    bench.start_worker()
    accepted = await bench.accept(words=["tea", "Lisbon"])
    job = await bench.ended(accepted.job_id)
    assert (job["status"], job["progress"], job["current_step"], job["error_message"]) == (
        "complete", 100, "complete", None,
    )  # fmt: skip
    profile = await bench.profile()
    assert {name: profile[name] for name in ("import_status", "full_pass_status", "memory_status")} == {
        "import_status": "complete", "full_pass_status": "complete", "memory_status": "ready",
    }  # fmt: skip
    assert (profile["embedding_status"], profile["embedding_progress"]) == ("complete", 100)
    assert profile["soulprint_text"] == "tea Lisbon"
    assert profile["soulprint"]["user"] == {"interests": ["tea", "Lisbon"]}
    assert (profile["pipeline"], str(profile["result_job_id"])) == ("v1", accepted.job_id)
    assert await bench.chunks() == ["Lisbon", "tea"]
    assert await bench.rows("select * from gateway.staged_chunks") == []
    result = await bench.row("select * from gateway.results")
    assert (result["user_id"], result["pipeline"], str(result["job_id"])) == ("ann", "v1", accepted.job_id)


async def test_a_job_says_what_was_left_out(bench: Bench) -> None:
    bench.script.warnings = ("Files of the export that are empty: 1.", "A NUL \x00 between.")
    bench.start_worker()
    accepted = await bench.accept()
    before = await read_job(bench.services.database.pool, UUID(accepted.job_id))
    assert before.warnings == []
    await bench.ended(accepted.job_id)
    after = await read_job(bench.services.database.pool, UUID(accepted.job_id))
    assert after.warnings == ["Files of the export that are empty: 1.", "A NUL  between."]


async def test_a_failed_job_says_why_and_leaves_the_last_good_data(bench: Bench) -> None:
    bench.start_worker()
    await bench.ended((await bench.accept(words=["tea"])).job_id)
    before = await bench.profile()

    def fail(_count: int) -> None:
        raise PipelineError("this export is broken")

    bench.script.at["two"] = fail
    job = await bench.ended((await bench.accept(words=["coffee"])).job_id)
    assert (job["status"], job["error_message"], job["attempts"]) == ("failed", "this export is broken", 1)
    after = await bench.profile()
    changed = {name for name in after if after[name] != before[name]}
    assert (after["import_status"], after["import_error"]) == ("failed", "this export is broken")
    assert changed <= {
        "import_status", "import_error", "full_pass_status", "full_pass_error", "full_pass_started_at",
        "full_pass_completed_at", "processing_started_at", "processed_chunks", "embedding_progress",
    }  # fmt: skip
    assert await bench.chunks() == ["tea"]
    assert await bench.rows("select * from gateway.staged_chunks") == []


async def test_a_failure_that_may_pass_is_tried_again_without_the_finished_steps(bench: Bench) -> None:
    def fail_once(count: int) -> None:
        if count == 1:
            raise PipelineError("the provider is busy", retryable=True)

    bench.script.at["two"] = fail_once
    bench.start_worker()
    accepted = await bench.accept()
    job = await bench.ended(accepted.job_id)
    assert (job["status"], job["attempts"]) == ("complete", 2)
    assert [step for _, step in bench.script.calls] == ["one", "two", "two", "three"]


async def test_an_unexpected_error_is_told_by_name_only_and_not_tried_again(bench: Bench) -> None:
    def break_down(_count: int) -> None:
        raise KeyError("a secret of the user")

    bench.script.at["one"] = break_down
    bench.start_worker()
    job = await bench.ended((await bench.accept()).job_id)
    assert (job["status"], job["error_message"], job["attempts"]) == ("failed", "internal error (KeyError)", 1)


async def test_jobs_of_one_user_run_in_order_and_never_together(bench: Bench) -> None:
    bench.start_worker()
    bench.start_worker()
    jobs = [(await bench.accept(words=[f"word {n}"])).job_id for n in range(4)]
    for job_id in jobs:
        assert (await bench.ended(job_id))["status"] == "complete"
    assert [job for job, step in bench.script.calls if step == "one"] == jobs
    ended = [(await bench.job(job_id))["completed_at"] for job_id in jobs]
    began = [(await bench.job(job_id))["started_at"] for job_id in jobs]
    assert all(end <= begin for end, begin in zip(ended, began[1:], strict=False))
    assert await bench.chunks() == ["word 3"]
