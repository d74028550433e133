"""What happens to jobs shows in the metrics: waits, runs, moves of users, second tries, recoveries, rescues."""

from typing import Any

import pytest

from pipelines.contract import ExportError, PipelineError
from tests.gateway.jobs.conftest import Bench, until


@pytest.fixture
def worker_settings(worker_settings: dict[str, Any], request: pytest.FixtureRequest) -> dict[str, Any]:
    return worker_settings | getattr(request, "param", {})


def counted(bench: Bench, name: str, **labels: str) -> float:
    return bench.services.metrics.registry.get_sample_value(f"gateway_{name}", labels) or 0.0


async def run(bench: Bench, pipeline: str = "v1") -> None:
    """Run one job to its end, and until that is counted: just after the transaction that ends it."""
    labels = {"pipeline": pipeline, "mode": "primary", "outcome": "complete"}
    before = counted(bench, "jobs_finished_total", **labels)
    job_id = (await bench.accept(pipeline=pipeline)).job_id
    assert (await bench.ended(job_id))["status"] == "complete"

    async def is_counted() -> bool:
        return counted(bench, "jobs_finished_total", **labels) > before

    await until(is_counted)


async def test_a_job_is_counted_from_wait_to_end(bench: Bench) -> None:
    bench.start_worker()
    await run(bench)
    labels = {"pipeline": "v1", "mode": "primary"}
    assert counted(bench, "jobs_started_total", **labels) == 1
    assert counted(bench, "job_wait_seconds_count", pipeline="v1") == 1
    assert counted(bench, "job_duration_seconds_count", **labels, outcome="complete") == 1
    assert counted(bench, "step_duration_seconds_count", **labels, step="one") == 1
    assert counted(bench, "jobs_in_flight", **labels) == 0
    assert counted(bench, "job_last_start_timestamp_seconds", **labels) > 0
    assert counted(bench, "periodic_interval_seconds", task="recover") > 0


async def test_a_user_moves_when_another_pipeline_makes_the_live_result(bench: Bench) -> None:
    bench.start_worker()
    for pipeline in ("v1", "v1", "v2"):
        await run(bench, pipeline)
    assert counted(bench, "users_moved_total", previous="none", pipeline="v1") == 1
    assert counted(bench, "users_moved_total", previous="v1", pipeline="v2") == 1
    assert counted(bench, "users_moved_total", previous="v2", pipeline="v1") == 0


async def test_a_waiting_job_that_a_rollback_turned_is_rescued(bench: Bench) -> None:
    job_id = (await bench.accept(pipeline="v2")).job_id
    bench.flags.dial = 0.0
    bench.start_worker()
    await bench.ended(job_id)
    assert counted(bench, "jobs_rescued_total", pipeline="v2", state="waiting") == 1
    assert counted(bench, "jobs_started_total", pipeline="v2", mode="primary") == 0


@pytest.mark.parametrize("worker_settings", [{"rollback_grace_seconds": 0.5}], indirect=True)
async def test_a_running_job_that_a_rollback_stopped_is_rescued_and_handed_back(bench: Bench) -> None:
    job_id = await bench.roll_back_while_one_runs()
    assert (await bench.ended(job_id))["pipeline"] == "v1"
    assert counted(bench, "jobs_rescued_total", pipeline="v2", state="running") == 1
    assert counted(bench, "jobs_handed_back_total", pipeline="v2") == 1
    assert counted(bench, "job_wait_seconds_count", pipeline="v1") == 0  # it had begun before


async def test_a_second_try_is_counted_and_an_end_only_once(bench: Bench) -> None:
    def fail_first(attempt: int) -> None:
        if attempt == 1:
            raise PipelineError("away", retryable=True)

    bench.script.at["one"] = fail_first
    bench.start_worker()
    await run(bench)
    labels = {"pipeline": "v1", "mode": "primary"}
    assert counted(bench, "jobs_retried_total", **labels, cause="pipeline") == 1
    assert counted(bench, "jobs_started_total", **labels) == 2
    assert counted(bench, "jobs_finished_total", **labels, outcome="complete") == 1
    assert counted(bench, "jobs_finished_total", **labels, outcome="failed") == 0
    assert counted(bench, "jobs_failed_total", **labels, cause="pipeline") == 0


async def test_a_failure_is_counted_by_whose_fault_it_is_and_apart_where_the_caller_chose_the_pipeline(
    bench: Bench,
) -> None:
    def refuse(_attempt: int) -> None:
        raise ExportError("The export is empty")

    bench.script.at["one"] = refuse
    worker = bench.start_worker()
    await bench.ended((await bench.accept()).job_id)
    await bench.ended((await bench.accept(pipeline="v2", pinned=True)).job_id)
    await bench.stop_worker(worker)
    failed = {
        tuple(sample.labels[name] for name in ("pipeline", "mode", "cause")): sample.value
        for metric in bench.services.metrics.jobs_failed.collect()
        for sample in metric.samples
        if sample.name == "gateway_jobs_failed_total" and sample.value
    }
    assert failed == {("v1", "primary", "input"): 1, ("v2", "pinned", "input"): 1}


async def test_a_job_that_lost_its_entry_is_recovered(bench: Bench) -> None:
    job_id = (await bench.accept()).job_id
    await bench.execute("delete from procrastinate_jobs")
    await bench.execute("update processing_jobs set updated_at = now() - interval '1 h'")
    bench.start_worker()
    assert (await bench.ended(job_id))["status"] == "complete"
    assert counted(bench, "jobs_recovered_total", how="lost") == 1
    assert counted(bench, "jobs_recovered_total", how="stalled") == 0
