"""Which pipeline a claimed job runs: the one it was accepted for, unless the flag was turned off since. Pure."""

from typing import Literal

from flags.model import Decision
from gateway.jobs.model import Job

ROLLED_BACK = "rolled_back"


def pipeline_now(job: Job, decision: Decision, *, in_flight: Literal["finish", "restart"]) -> tuple[str, str]:
    """The job's pipeline and reason as of now.

    Only a rollback changes a job: v2 becomes v1 when the flags, which must be known, say v1 for its user. A job that
    is pinned to v2 follows the switch alone (a dial that fell to 0 since, or the override), not the share: pinned at
    0 %, as a smoke test before the first step, it runs as v2. A job that has begun goes on as it is, unless
    `in_flight` says restart.
    """
    keeps = job.pipeline, job.reason
    if job.pipeline == "v1" or decision.pipeline != "v1" or decision.reason not in ("flag", "override"):
        return keeps
    smoke_test = job.pinned and (decision.dial > 0 or job.dial == 0)
    if smoke_test and decision.reason != "override":
        return keeps
    if job.status != "pending" and in_flight == "finish":
        return keeps
    return "v1", ROLLED_BACK
