"""What a ramp holds against the candidate: its own failures, of distinct users, whom the split sent."""

import pytest

from tests.gateway.rollout.ramp.conftest import ANA, Slope


@pytest.mark.parametrize("cause", ["input", "operator", "dependency:storage", "dependency:provider"])
async def test_failures_of_others_are_no_evidence(slope: Slope, cause: str) -> None:
    await slope.start()
    await slope.look()
    await slope.add_jobs(40, failed=30, cause=cause)
    ramp = await slope.look()
    assert (ramp.state, await slope.dial()) == ("running", 1.0)
    assert message(ramp.verdict, "harm").startswith("0 of 10 users' jobs failed")


@pytest.mark.parametrize("cause", ["pipeline", None])  # None: a version that kept no cause closed it
async def test_its_own_failures_are(slope: Slope, cause: str | None) -> None:
    await slope.start()
    await slope.look()
    await slope.add_jobs(40, failed=30, cause=cause)
    assert (await slope.look()).state == "rolled_back"


async def test_one_users_hundred_failures_are_one_users(slope: Slope) -> None:
    await slope.start()
    await slope.look()
    await slope.add_jobs(40)
    await slope.add_jobs(100, failed=100, user="unlucky")
    ramp = await slope.look()
    assert (ramp.state, await slope.dial()) == ("running", 1.0)
    assert message(ramp.verdict, "harm").startswith("1 of 41 users' jobs failed")


async def test_a_users_first_job_that_says_something_decides(slope: Slope) -> None:
    await slope.start()
    await slope.look()
    await slope.add_jobs(3, failed=3, cause="input", user="ann")
    await slope.add_jobs(1, failed=1, user="ann")
    await slope.add_jobs(5, user="ann")
    await slope.add_jobs(2, user="ben")
    await slope.add_jobs(9, failed=9, user="ben")
    assert message((await slope.look()).verdict, "harm").startswith("1 of 2 users' jobs failed")


async def test_jobs_whose_caller_chose_the_pipeline_and_users_called_by_name_are_left_out(slope: Slope) -> None:
    await slope.changes.make(ANA, lambda control: control.force("tester", "v2"))
    await slope.start()
    await slope.look()
    await slope.add_jobs(30, failed=30, reason="forced")
    await slope.add_jobs(30, failed=30, user="tester")
    await slope.execute(
        "insert into processing_jobs (user_id, pipeline, reason, status, started_at) "
        "values ('tester', 'v2', 'flag', 'processing', now() - interval '3 hours')"
    )
    ramp = await slope.look()
    assert (ramp.state, await slope.dial()) == ("running", 1.0)
    assert message(ramp.verdict, "harm").startswith("0 of 0 users' jobs failed")
    assert message(ramp.verdict, "overdue") == "no job in processing for more than 2 h"


async def test_while_a_service_is_away_the_ramp_waits_and_says_for_what(slope: Slope) -> None:
    await slope.start()
    await slope.look()
    await slope.good_jobs()
    await slope.pass_time()
    await slope.execute("update processing_jobs set updated_at = updated_at - interval '16 minutes'")
    await slope.add_jobs(10, "v1", failed=10, cause="dependency:storage")
    ramp = await slope.look()
    assert (ramp.state, ramp.target) == ("running", 1.0)
    assert ramp.note.startswith("inconclusive: the guard: ")
    assert "it waits: the storage failed 10 of 10 users' jobs in the last 15 min" in ramp.note
    await slope.execute("update processing_jobs set updated_at = updated_at - interval '16 minutes'")
    assert (await slope.look()).target == 5.0


def message(verdict: list[dict[str, str]], check: str) -> str:
    return next(finding["message"] for finding in verdict if finding["check"] == check)
