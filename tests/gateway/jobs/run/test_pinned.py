"""Jobs pinned to v2 by `/process-full-v2`: the dial does not move them, turning the flag off does."""

from datetime import UTC, datetime

import pytest

from flags.model import Decision, Reason
from gateway.jobs.model import Job
from gateway.jobs.run.rollback_policy import ROLLED_BACK, Policy, Present, pipeline_now

POLICY = Policy("finish")


def given_v1(reason: Reason, dial: float) -> Present:
    return Present(Decision("v1", reason, dial, "r"), "v1", allowed=False, dial=dial, newer=True)


def pinned_at(dial: float) -> Job:
    return Job(
        id="1",
        user_id="ann",
        status="pending",
        pipeline="v2",
        reason="forced",
        pinned=True,
        storage_path="user-imports/ann/raw-1.json",
        inline=False,
        conversation_count=None,
        message_count=None,
        created_at=datetime(2026, 1, 1, tzinfo=UTC),
        attempts=0,
        fence=0,
        worker=None,
        shadow=None,
        started_at=None,
        cancel_requested=False,
        dial=dial,
    )


@pytest.mark.parametrize(("accepted_at", "now"), [(0.0, 0.0), (0.0, 10.0), (25.0, 10.0)])
def test_a_pinned_job_runs_as_v2_whatever_the_share(accepted_at: float, now: float) -> None:
    assert pipeline_now(pinned_at(accepted_at), given_v1("flag", now), POLICY) == ("v2", "forced")


@pytest.mark.parametrize("accepted_at", [0.0, 25.0])
def test_a_pinned_job_follows_the_override(accepted_at: float) -> None:
    assert pipeline_now(pinned_at(accepted_at), given_v1("override", 0.0), POLICY) == ("v1", ROLLED_BACK)


def test_a_pinned_job_follows_a_rollback() -> None:
    assert pipeline_now(pinned_at(25.0), given_v1("flag", 0.0), POLICY) == ("v1", ROLLED_BACK)
