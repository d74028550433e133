"""A flag that was turned off: waiting v2 jobs become v1, the others keep what they were accepted for."""

import asyncio
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flags.model import Decision, number_of
from gateway.jobs.model import Job
from gateway.jobs.run.rollback_policy import RETIRED, ROLLED_BACK, Policy, Present, pipeline_now, served_now
from pipelines.capabilities import Capabilities, Source
from pipelines.contract import ImportRequest, Ports, Soulprint
from pipelines.registry import Registry
from tests.gateway.jobs.conftest import Bench


@pytest.fixture
def worker_settings(worker_settings: dict[str, Any], request: pytest.FixtureRequest) -> dict[str, Any]:
    return worker_settings | getattr(request, "param", {})


async def test_a_waiting_v2_job_becomes_v1(bench: Bench) -> None:
    accepted = await bench.accept(pipeline="v2")
    bench.flags.dial = 0.0
    bench.start_worker()
    job = await bench.ended(accepted.job_id)
    assert (job["status"], job["pipeline"], job["reason"]) == ("complete", "v1", ROLLED_BACK)
    assert (await bench.profile())["pipeline"] == "v1"


@pytest.mark.parametrize("worker_settings", [{"in_flight": "finish"}, {}], indirect=True)
async def test_a_running_v2_job_may_end_as_v2(bench: Bench) -> None:
    step = bench.script.hold["two"] = asyncio.Event()
    bench.start_worker()
    job_id = (await bench.accept(pipeline="v2")).job_id
    await bench.script.event("two").wait()
    bench.flags.dial = 0.0
    step.set()
    job = await bench.ended(job_id)
    assert (job["status"], job["pipeline"], job["reason"]) == ("complete", "v2", "flag")


@pytest.mark.parametrize("worker_settings", [{"rollback_grace_seconds": 0.5}], indirect=True)
async def test_a_v2_job_that_hangs_runs_again_as_v1_after_the_grace(bench: Bench) -> None:
    job_id = await bench.roll_back_while_one_runs()
    job = await bench.ended(job_id)
    assert (job["status"], job["pipeline"], job["reason"], job["attempts"]) == ("complete", "v1", ROLLED_BACK, 1)
    assert [name for _, name in bench.script.calls] == ["one", "two", "one", "two", "three"]


def job_with(job: Job, **changes: object) -> Job:
    fields = {name: getattr(job, name) for name in Job.__dataclass_fields__}
    return Job(**(fields | changes))


JOB = Job(
    id="1", user_id="ann", status="pending", pipeline="v2", reason="flag", pinned=False, storage_path="a/b",
    inline=False, conversation_count=None, message_count=None, created_at=datetime(2025, 6, 1, tzinfo=UTC),
    attempts=0, fence=0, worker=None, shadow=None, started_at=None, cancel_requested=False,
)  # fmt: skip


LADDER = ("v1", "v2", "v3")


@given(
    status=st.sampled_from(["pending", "processing", "waiting for a service"]),
    pipeline=st.sampled_from(["v1", "v2", "v3", "v10"]),
    pinned=st.booleans(),
    now=st.sampled_from(LADDER),
    base=st.sampled_from(["v1", "v2"]),
    reason=st.sampled_from(["flag", "override", "flags_unavailable", "no_user"]),
    dial=st.sampled_from([0.0, 0.1, 50.0, 100.0]),
    restart=st.booleans(),
    allowed=st.booleans(),
    newer=st.booleans(),
)
def test_only_a_rollback_that_is_known_to_be_newer_changes_a_job(  # noqa: PLR0917 - one for each strategy
    status: str, pipeline: str, pinned: bool, now: str, base: str, reason: Any, dial: float, restart: bool,
    allowed: bool, newer: bool,
) -> None:  # fmt: skip
    begun = {"status": "processing", "started_at": JOB.created_at if status == "processing" else None}
    job = job_with(JOB, **(begun if status != "pending" else {}), pipeline=pipeline, pinned=pinned, dial=25.0)
    present = Present(Decision(now, reason, dial, "r"), base, allowed=allowed, dial=dial, newer=newer)
    chosen = pipeline_now(job, present, Policy("restart" if restart else "finish"))
    above = number_of(pipeline) > number_of(base) and now != pipeline and (status != "processing" or restart)
    if above and reason == "override":
        assert chosen == (base, ROLLED_BACK)
    elif above and reason == "flag" and newer and not allowed and (not pinned or dial == 0):
        assert chosen == (now, ROLLED_BACK)
    else:
        assert chosen == (job.pipeline, job.reason)


def test_a_job_of_a_version_that_was_turned_off_becomes_what_its_user_now_gets() -> None:
    present = Present(Decision("v2", "flag", 100.0, "r"), "v1", allowed=False, dial=0.0, newer=True)
    assert pipeline_now(job_with(JOB, pipeline="v3"), present, Policy("finish")) == ("v2", ROLLED_BACK)


def test_a_worker_that_has_not_heard_yet_of_a_raised_dial_runs_the_job_as_it_was_accepted() -> None:
    present = Present(Decision("v1", "flag", 0.0, "old"), "v1", allowed=False, dial=0.0, newer=False)
    assert pipeline_now(JOB, present, Policy("finish")) == ("v2", "flag")


def served(
    job: Job, chosen: tuple[str, str], base: str, now: str, takes: dict[str, tuple[Source, ...]]
) -> tuple[str, str]:
    registry = Registry(dict.fromkeys(takes, pipeline), {}, {name: Capabilities(takes[name]) for name in takes})
    present = Present(Decision(now, "flag", 100.0, "r"), base, allowed=False, dial=0.0)
    return served_now(job, chosen, present, registry.serving, lacking=registry.lacks(job.pipeline))


async def pipeline(request: ImportRequest, ports: Ports) -> Soulprint:
    """Any pipeline."""
    raise NotImplementedError


STORED: dict[str, tuple[Source, ...]] = {"v2": ("stored",), "v3": ("stored",)}
INLINE = job_with(JOB, storage_path=None, inline=True)


def test_a_job_of_a_version_that_was_deleted_below_the_base_becomes_what_its_user_would_get() -> None:
    old = job_with(JOB, pipeline="v1")
    assert served(old, ("v1", "flag"), "v2", "v2", STORED) == ("v2", RETIRED)
    assert served(old, ("v1", "flag"), "v2", "v3", STORED) == ("v3", RETIRED)
    begun = job_with(old, status="processing", worker="somebody who is dead")
    assert served(begun, ("v1", "flag"), "v2", "v2", STORED) == ("v2", RETIRED)


def test_a_job_that_no_version_takes_any_more_stays_as_it_is_and_ends_with_the_reason() -> None:
    old = job_with(INLINE, pipeline="v1")
    assert served(old, ("v1", "v1_only"), "v2", "v2", STORED) == ("v1", "v1_only")


def test_a_job_of_a_newer_version_that_is_not_here_is_left_to_those_that_have_it() -> None:
    assert served(job_with(JOB, pipeline="v9"), ("v9", "flag"), "v1", "v2", STORED) == ("v9", "flag")
    assert served(JOB, ("v2", "flag"), "v2", "v3", {"v3": ("stored",)}) == ("v2", "flag"), "the base is a fault of ours"


def test_a_rolled_back_inline_job_goes_to_an_older_version_that_takes_it() -> None:
    job = job_with(INLINE, pipeline="v3", reason="flag")
    takes: dict[str, tuple[Source, ...]] = {**STORED, "v1": ("stored", "inline"), "v3": ("stored", "inline")}
    assert served(job, ("v2", ROLLED_BACK), "v1", "v2", takes) == ("v1", ROLLED_BACK)
    assert served(job, ("v2", ROLLED_BACK), "v1", "v2", STORED) == ("v2", ROLLED_BACK), "it must not stay on v3"
