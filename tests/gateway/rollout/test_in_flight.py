"""What a rollback, or a higher dial, does to jobs that were accepted before it."""

import asyncio
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from flags.model import Override
from flags.overridable import OverridableSource
from gateway.jobs.run.rollback_policy import ROLLED_BACK
from tests.gateway.jobs.conftest import Bench, bench
from tests.gateway.jobs.conftest import worker_settings as base_settings

__all__ = ["base_settings", "bench"]

THROWN = Override("ann", "v2 writes nonsense", datetime(2026, 1, 1, tzinfo=UTC))
AT_ONCE = {"rollback_grace_seconds": 0.0}


@pytest.fixture
def worker_settings(base_settings: dict[str, Any], request: pytest.FixtureRequest) -> dict[str, Any]:
    return base_settings | getattr(request, "param", {})


@pytest.fixture
def flags(bench: Bench) -> OverridableSource:
    """The bench's flags, with the switch beside them."""
    source = OverridableSource(bench.flags)
    bench.services = replace(bench.services, flags=source)
    return source


async def start_and_hold(bench: Bench, **job: Any) -> tuple[str, Any, asyncio.Event]:
    """A job that stands in its second step."""
    step = bench.script.hold["two"] = asyncio.Event()
    worker = bench.start_worker()
    job_id = (await bench.accept(**job)).job_id
    await bench.script.event("two").wait()
    return job_id, worker, step


def chosen(job: dict[str, Any]) -> tuple[str, str, str]:
    return job["status"], job["pipeline"], job["reason"]


@pytest.mark.parametrize("pinned", [False, True])
async def test_the_override_turns_waiting_jobs_into_v1(bench: Bench, flags: OverridableSource, pinned: bool) -> None:
    job_id = (await bench.accept(pipeline="v2", pinned=pinned)).job_id
    flags.set_override(THROWN)
    bench.start_worker()
    assert chosen(await bench.ended(job_id)) == ("complete", "v1", ROLLED_BACK)


@pytest.mark.parametrize("pinned", [False, True])
async def test_a_running_job_may_end_within_the_grace(bench: Bench, flags: OverridableSource, pinned: bool) -> None:
    job_id, _, step = await start_and_hold(bench, pipeline="v2", pinned=pinned)
    flags.set_override(THROWN)
    step.set()
    assert chosen(await bench.ended(job_id)) == ("complete", "v2", "flag")


@pytest.mark.parametrize("worker_settings", [AT_ONCE], indirect=True)
@pytest.mark.parametrize("how", ["flag", "override"])
@pytest.mark.parametrize("pinned", [False, True])
async def test_a_job_that_still_runs_after_the_grace_runs_again_as_v1(
    bench: Bench,
    flags: OverridableSource,
    how: str,
    pinned: bool,
) -> None:
    job_id, _, _ = await start_and_hold(bench, pipeline="v2", pinned=pinned)
    del bench.script.hold["two"]
    if how == "flag":
        bench.flags.dial = 0.0
    else:
        flags.set_override(THROWN)
    assert chosen(await bench.ended(job_id)) == ("complete", "v1", ROLLED_BACK)


@pytest.mark.parametrize("worker_settings", [AT_ONCE], indirect=True)
async def test_raising_the_dial_changes_no_accepted_job(bench: Bench) -> None:
    bench.flags.dial = 0.0
    waiting = (await bench.accept("waits")).job_id
    job_id, _, step = await start_and_hold(bench, user="runs")
    bench.flags.dial = 100.0
    step.set()
    for ended in (await bench.ended(waiting), await bench.ended(job_id)):
        assert chosen(ended) == ("complete", "v1", "flag")
