"""Which failures wait, for what, and for how long."""

from typing import Any

import httpx
import psycopg
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.exports import ExportMissingError, StorageDeniedError, StorageUnavailableError
from gateway.jobs.run.awaited import awaited_by, passes
from gateway.jobs.waiting import PROVIDER, Awaited, Patience, WaitingJobs
from pipelines.contract import PipelineError
from tests.gateway.jobs.conftest import Bench, until

PROVIDER_KEY = PipelineError("answered 401", cause="dependency:provider", needs_operator=True)


@pytest.mark.parametrize(
    ("error", "awaited", "soon"),
    [
        (StorageUnavailableError("away"), "storage", True),
        (StorageDeniedError("key"), "storage_access", True),
        (ExportMissingError("not there"), None, False),
        (PipelineError("busy", retryable=True, cause="dependency:provider"), "provider", True),
        (PROVIDER_KEY, "provider_access", False),
        (PipelineError("it died", retryable=True), None, True),
        (PipelineError("rate", retryable=True, cause="dependency:database"), None, True),
        (httpx.ConnectError("refused"), "provider", True),
        (psycopg.OperationalError("gone"), None, True),
        (psycopg.errors.QueryCanceled("limit"), None, False),
        (ZeroDivisionError(), None, False),
    ],
)
def test_what_a_failed_run_waits_for(error: Exception, awaited: Awaited | None, soon: bool) -> None:
    assert (awaited_by(error), passes(error)) == (awaited, soon)


@given(st.floats(0.01, 100), st.floats(1, 10_000), st.integers(1, 10_000))
def test_pauses_grow_to_the_longest(first: float, longest: float, waits: int) -> None:
    patience = Patience(first, longest, 1.0)
    assert patience.pause(1) == min(first, longest)
    assert patience.pause(waits) <= patience.pause(waits + 1) <= longest
    assert patience.pause(40) == longest


@pytest.fixture
def worker_settings(worker_settings: dict[str, Any], request: pytest.FixtureRequest) -> dict[str, Any]:
    return worker_settings | {"wait_first_seconds": 0.2} | getattr(request, "param", {})


@pytest.mark.parametrize("worker_settings", [{"wait_in_all_seconds": 0.3}], indirect=True)
async def test_a_service_that_stays_away_fails_the_job_in_the_end_and_a_wrong_key_never_does(bench: Bench) -> None:
    away = PipelineError("busy", retryable=True, cause="dependency:provider")

    def fail(_count: int) -> None:
        raise away if bench.script.calls[-1][0] == passing else PROVIDER_KEY

    bench.script.at["one"] = fail
    passing = (await bench.accept("ann")).job_id
    operators = (await bench.accept("ben")).job_id
    bench.start_worker()
    job = await bench.ended(passing)
    assert (job["status"], job["failure_cause"], job["waiting_for"]) == ("failed", "dependency:provider", None)
    assert "busy; it was waited for" in job["error_message"]

    async def waits_on() -> bool:
        job = await bench.job(operators)
        return bool(job["waits"] >= 3 and job["waiting_for"] == "provider_access")

    await until(waits_on)


@pytest.mark.parametrize("worker_settings", [{"wait_first_seconds": 600.0}], indirect=True)
async def test_a_waiting_job_follows_a_flip_is_woken_and_holds_no_job_of_its_user_up(bench: Bench) -> None:
    def fail(_count: int) -> None:
        raise PipelineError("busy", retryable=True, cause="dependency:provider")

    bench.script.at["one"] = fail
    waiting = [(await bench.accept(user, pipeline="v2")).job_id for user in ("ann", "ben", "cleo")]
    bench.start_worker()

    async def all_wait() -> bool:
        return {(await bench.job(job))["waiting_for"] for job in waiting} == {"provider"}

    await until(all_wait)
    bench.flags.dial = 0.0
    del bench.script.at["one"]
    jobs = WaitingJobs(bench.services.database.pool)
    assert await jobs.wake(PROVIDER, untried_seconds=600.0) == 0  # all were tried just now
    assert await bench.store.retry(waiting[0])  # an operator's wish
    job = await bench.ended(waiting[0])
    assert (job["status"], job["pipeline"], job["reason"], job["attempts"]) == ("complete", "v1", "rolled_back", 1)
    assert await bench.store.request_cancel(waiting[1]) == "cancelled"
    assert (await bench.ended((await bench.accept("ben")).job_id))["status"] == "complete"
    assert await jobs.wake(PROVIDER, untried_seconds=0.0, limit=1) == 1
    assert (await bench.ended(waiting[2]))["status"] == "complete"
