"""Which pipeline a claimed job runs: the one it was accepted for, unless that was rolled back or deleted since."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from flags.model import Decision, Pipeline, number_of
from gateway.jobs.model import Job
from pipelines.capabilities import Source, source_of

ROLLED_BACK = "rolled_back"
RETIRED = "retired"

Serving = Callable[[Source, Pipeline], Pipeline | None]  # `Registry.serving`


@dataclass(frozen=True, slots=True)
class Policy:
    """What a rollback does to jobs that have begun."""

    in_flight: Literal["finish", "restart"]


@dataclass(frozen=True, slots=True)
class Present:
    """What the flags that this worker knows say of a job's user."""

    decision: Decision  # what the user would get
    base: Pipeline
    allowed: bool  # the flag of the job's version, whatever the others say, is on for the user
    dial: float  # of that flag, in force
    candidate: Pipeline = ""  # the version that commands address
    newer: bool = True  # these flags are known to be newer than those that the job was accepted by


def pipeline_now(job: Job, present: Present, policy: Policy) -> tuple[str, str]:
    """The job's pipeline and reason as of now.

    Only a rollback changes a job: when the flag of its version is off for its user, in flags that are known to be newer
    than the accept, it becomes what the user would get now; by the override, the base. A worker that has not heard yet
    of a dial that was raised runs the job as it was accepted. A job that is pinned follows the switch (a dial that fell
    to 0 since, or the override), not the share: pinned at 0 %, as a smoke test before the first step, it runs. A job
    that has begun goes on as it is, unless the policy is to restart it.
    A candidate that cannot be imported runs nothing.
    """
    keeps = job.pipeline, job.reason
    if present.decision.reason == "candidate_broken" and job.pipeline == present.candidate:
        return present.decision.pipeline, ROLLED_BACK
    if number_of(job.pipeline) <= number_of(present.base) or present.decision.pipeline == job.pipeline:
        return keeps
    if job.begun and policy.in_flight == "finish":
        return keeps
    match present.decision.reason:
        case "override":
            return present.base, ROLLED_BACK
        case "flag" if present.newer and not present.allowed and not _is_smoke_test(job, present):
            return present.decision.pipeline, ROLLED_BACK
        case _:
            return keeps


def _is_smoke_test(job: Job, present: Present) -> bool:
    return job.pinned and (present.dial > 0 or job.dial == 0)


def served_now(
    job: Job, chosen: tuple[str, str], present: Present, serving: Serving, *, lacking: bool
) -> tuple[str, str]:
    """The chosen pipeline and reason, or what stands in for it. `lacking`: there is no folder of the job's version.

    Where the job moves to another version, that one has to take what the job brings: an older one stands in for one
    that does not. A job of a version that is older than the base and was deleted becomes what its user would get now.
    Where none takes it, the job ends with the reason that the chosen one gives.
    """
    version, reason = chosen
    if version == job.pipeline:
        if not lacking or number_of(version) >= number_of(present.base):
            return chosen
        version, reason = present.decision.pipeline, RETIRED
    found = serving(source_of(job.storage_path, inline=job.inline), version)
    return chosen if found is None else (found, reason)
