"""Which pipeline a claimed job runs: the one it was accepted for, unless it was rolled back since."""

from dataclasses import dataclass
from typing import Literal

from flags.model import BASELINE, Decision, Pipeline
from gateway.jobs.model import Job

ROLLED_BACK = "rolled_back"


@dataclass(frozen=True, slots=True)
class Policy:
    """What a rollback is of, and what it does to jobs that have begun."""

    candidate: Pipeline
    in_flight: Literal["finish", "restart"]


def pipeline_now(job: Job, decision: Decision, policy: Policy) -> tuple[str, str]:
    """The job's pipeline and reason as of now.

    Only a rollback changes a job: it becomes v1 when the flags, which must be known, or the override say v1 for its
    user. The flags speak of the candidate alone: a job of an earlier candidate follows the override only. A job that is
    pinned follows the switch (a dial that fell to 0 since, or the override), not the share: pinned at 0 %, as a smoke
    test before the first step, it runs. A job that has begun goes on as it is, unless the policy is to restart it.
    A candidate that cannot be imported runs nothing.
    """
    keeps = job.pipeline, job.reason
    if decision.reason == "candidate_broken" and job.pipeline == policy.candidate:
        return BASELINE, ROLLED_BACK
    if job.pipeline == BASELINE or decision.pipeline != BASELINE:
        return keeps
    if job.status != "pending" and policy.in_flight == "finish":
        return keeps
    match decision.reason:
        case "override":
            return BASELINE, ROLLED_BACK
        case "flag" if job.pipeline == policy.candidate and not _is_smoke_test(job, decision):
            return BASELINE, ROLLED_BACK
        case _:
            return keeps


def _is_smoke_test(job: Job, decision: Decision) -> bool:
    return job.pinned and (decision.dial > 0 or job.dial == 0)
