"""Runs in processes of their own: real forks, and every fault that the code of a pipeline can have."""

import asyncio
import json
import os
import sys
from contextlib import suppress
from typing import Any

import psutil
import pytest

from pipelines.registry import Registry
from tests.gateway.confinement.attacks import ATTACKS
from tests.gateway.confinement.scene import described, standing_outside
from tests.gateway.jobs.apart import obey
from tests.gateway.jobs.conftest import Bench, until


@pytest.fixture
def worker_settings(worker_settings: dict[str, Any], request: pytest.FixtureRequest) -> dict[str, Any]:
    return {
        **worker_settings,
        "job_isolation": "all",
        "job_memory_mb": 512,
        "job_cpu_seconds": 2.0,
        "job_disk_mb": 64,
        "worker_concurrency": 1,
        "job_attempts": 1,
        "in_flight": "restart",
        "rollback_grace_seconds": 0.2,
        **getattr(request, "param", {}),
    }


@pytest.fixture
def obedient(bench: Bench) -> Bench:
    """The bench with pipelines that can be run elsewhere."""
    object.__setattr__(bench.services, "registry", Registry({"v1": obey, "v2": obey}, {}))
    return bench


async def test_a_run_gives_what_it_gives_in_the_worker_itself(obedient: Bench) -> None:
    obedient.start_worker()
    job = await obedient.ended((await obedient.accept("ann", ["tea", "Lisbon"], pipeline="v2")).job_id)
    assert (job["status"], job["error_message"], job["pipeline"], job["attempts"]) == ("complete", None, "v2", 1)
    assert await obedient.chunks("ann") == ["Lisbon", "tea"]
    assert (await obedient.profile("ann"))["soulprint_text"] == "tea Lisbon"
    steps = await obedient.rows("select step from gateway.job_steps where job_id = %s order by step", job["id"])
    assert [step["step"] for step in steps] == ["early", "late"]


@pytest.mark.parametrize(
    ("word", "reason"),
    [
        ("raise", "internal error (KeyError)"),
        ("fail", "it does not like this export"),
        ("spin", "the job took more than 2 s of processor time"),
        ("memory", "the job took more than 512 MB of memory"),
        ("memory in pieces", "the job took more than 512 MB of memory"),
        ("memory elsewhere", "the job took more than 512 MB of memory"),
        ("memory in forks", "the job took more than 512 MB of memory"),
        ("disk", "the job's folder held more than 64 MB"),
        ("exit", "the job's process ended by itself (status 7)"),
    ],
)
async def test_a_run_that_breaks_fails_with_a_plain_reason_and_leaves_the_worker_whole(
    obedient: Bench, word: str, reason: str
) -> None:
    obedient.start_worker()
    broken = await obedient.ended((await obedient.accept("ann", [word], pipeline="v2")).job_id)
    assert (broken["status"], broken["error_message"]) == ("failed", reason)
    sound = await obedient.ended((await obedient.accept("bob", ["tea"], pipeline="v2")).job_id)
    assert sound["status"] == "complete"


@pytest.mark.parametrize("worker_settings", [{"job_attempts": 1}], indirect=True)
async def test_a_worker_that_starts_no_process_blames_no_pipeline_and_goes_on_once_it_can(
    obedient: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    able = sys.executable
    monkeypatch.setattr(sys, "executable", "/nowhere/python")
    obedient.start_worker()
    failed = await obedient.ended((await obedient.accept("ann", ["tea"], pipeline="v2")).job_id)
    assert (failed["status"], failed["failure_cause"]) == ("failed", "operator")
    assert "could not start a process" in failed["error_message"]
    monkeypatch.setattr(sys, "executable", able)
    sound = await obedient.ended((await obedient.accept("bob", ["tea"], pipeline="v2")).job_id)
    assert sound["status"] == "complete"


async def test_nothing_gets_out_of_a_run_nor_of_what_computes_for_it(obedient: Bench) -> None:
    obedient.start_worker()
    with standing_outside(os.getuid()) as target:
        attack = f"attack {described(target)}"
        told = await obedient.ended((await obedient.accept("ann", [attack], pipeline="v2")).job_id)
    assert json.loads(told["error_message"]) == [{kind: [] for kind in ATTACKS}] * 2


@pytest.mark.parametrize("word", ["hang", "block", "spin"])
@pytest.mark.parametrize("worker_settings", [{"job_cpu_seconds": 900.0}], indirect=True)
async def test_a_candidate_that_hangs_holds_nobody_up_and_a_rollback_ends_it(obedient: Bench, word: str) -> None:
    obedient.start_worker()
    stuck = (await obedient.accept("ann", [word], pipeline="v2")).job_id
    behind = (await obedient.accept("cleo", ["tea"], pipeline="v2")).job_id
    await until(lambda: in_step(obedient, stuck, "early"))
    for n in range(3):
        job = await obedient.ended((await obedient.accept(f"bob{n}", ["tea"])).job_id)
        assert (job["status"], job["pipeline"]) == ("complete", "v1")
    assert (await obedient.job(behind))["status"] == "pending"
    obedient.flags.dial = 0.0
    job = await obedient.ended(behind)
    assert (job["status"], job["pipeline"], job["reason"]) == ("complete", "v1", "rolled_back")
    await until(lambda: runs_as(obedient, stuck, "v1"))
    assert (await obedient.job(stuck))["attempts"] == 1
    assert await obedient.store.request_cancel(stuck) == "cancelling"
    assert (await obedient.ended(stuck))["error_message"] == "cancelled"


async def test_no_process_is_left_when_the_worker_stops(obedient: Bench) -> None:
    worker = obedient.start_worker()
    stuck = (await obedient.accept("ann", ["block"], pipeline="v2")).job_id
    await until(lambda: in_step(obedient, stuck, "early"))
    servers = fork_servers()
    assert len(alive_in(servers)) > 1
    await obedient.stop_worker(worker)
    assert alive_in(servers) == []
    job = await obedient.job(stuck)
    assert (job["status"], job["worker"], job["attempts"]) == ("processing", None, 0)


async def in_step(bench: Bench, job_id: str, done: str) -> bool:
    row = await bench.row("select 1 as x from gateway.job_steps where job_id = %s and step = %s", job_id, done)
    await asyncio.sleep(0.1)
    return bool(row)


async def runs_as(bench: Bench, job_id: str, pipeline: str) -> bool:
    job = await bench.job(job_id)
    return job["pipeline"] == pipeline and job["worker"] is not None


def fork_servers() -> set[int]:
    """The fork servers of this process; each is the first of a session of its own, in which all that it forks is."""
    found = set()
    for child in psutil.Process().children():
        with suppress(psutil.NoSuchProcess):
            if any("fork_server" in part for part in child.cmdline()):
                found.add(child.pid)
    return found


def alive_in(sessions: set[int]) -> list[int]:
    """The processes of these sessions; one that has ended and waits for somebody to ask how does not live."""
    found = []
    for pid in psutil.pids():
        with suppress(ProcessLookupError, psutil.NoSuchProcess):
            if os.getsid(pid) in sessions and psutil.Process(pid).status() != psutil.STATUS_ZOMBIE:
                found.append(pid)
    return found
