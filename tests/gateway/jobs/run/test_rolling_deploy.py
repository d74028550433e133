"""An old and a new version side by side: a job goes from one to the other between steps, never within one."""

import asyncio
from dataclasses import replace
from typing import Any

import pytest

from gateway.worker.worker import Worker
from pipelines.registry import Registry
from tests.gateway.jobs.conftest import Bench
from tests.gateway.jobs.scripted import Script


@pytest.fixture
def worker_settings(worker_settings: dict[str, Any]) -> dict[str, Any]:
    return worker_settings | {"drain_seconds": 30.0}


def start(bench: Bench, script: Script) -> Worker:
    """A worker of another version, beside those that run."""
    worker = Worker(replace(bench.services, registry=Registry({"v1": script, "v2": script}, {})))
    bench.workers[worker] = asyncio.create_task(worker.run())
    return worker


def steps(script: Script) -> list[str]:
    return [step for _, step in script.calls]


@pytest.mark.parametrize(
    ("versions", "redone"),
    [
        ({}, ["three"]),  # all that was stored is understood
        ({"two": 2}, ["two", "three"]),  # what another version stored is done again
        ({"one": 2, "two": 2, "three": 2}, ["one", "two", "three"]),
    ],
)
async def test_the_new_version_goes_on_behind_the_step_that_the_old_one_finished(
    bench: Bench, versions: dict[str, int], redone: list[str]
) -> None:
    old, new = bench.script, Script(versions=versions)
    step = old.hold["two"] = asyncio.Event()
    leaving = bench.start_worker()
    job_id = (await bench.accept()).job_id
    await old.event("two").wait()
    start(bench, new)
    leaving.stop()
    step.set()
    await bench.workers.pop(leaving)
    job = await bench.ended(job_id)
    assert (job["status"], job["attempts"]) == ("complete", 1)
    assert (steps(old), steps(new)) == (["one", "two"], redone)


async def test_a_job_that_runs_stays_with_the_version_that_runs_it(bench: Bench) -> None:
    old, new = bench.script, Script(versions={"one": 2, "two": 2, "three": 2})
    step = old.hold["two"] = asyncio.Event()
    bench.start_worker()
    job_id = (await bench.accept()).job_id
    await old.event("two").wait()
    start(bench, new)
    other = (await bench.accept("bob")).job_id
    step.set()
    jobs = [await bench.ended(one) for one in (job_id, other)]
    assert [job["status"] for job in jobs] == ["complete", "complete"]
    assert [step for job, step in old.calls if job == job_id] == ["one", "two", "three"]
    assert [step for job, step in new.calls if job == job_id] == []
    whole = [[step for job, step in script.calls if job == other] for script in (old, new)]
    assert sorted(whole) == [[], ["one", "two", "three"]]
