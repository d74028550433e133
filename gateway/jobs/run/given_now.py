"""Which pipeline a job would run as, were it begun now, by the flags that a process knows."""

from dataclasses import dataclass
from typing import Literal

from flags.model import FlagState
from flags.source import FlagSource
from gateway.jobs.model import Job
from gateway.jobs.run.rollback_policy import Policy, Present, pipeline_now, served_now
from pipelines.registry import Registry

FLAGS_LAG_SECONDS = 3.0  # Unleash lists a change up to two seconds after it was made


@dataclass(frozen=True, slots=True)
class GivenNow:
    """Flags, pipelines, and what a rollback does to jobs that have begun."""

    flags: FlagSource
    registry: Registry
    in_flight: Literal["finish", "restart"]

    def of(self, job: Job, since_read: float = 0.0) -> tuple[str, str]:
        """Pipeline and reason. `since_read`: seconds since the job was read."""
        state = self.flags.state()
        present = Present(
            decision=self.flags.decide(job.user_id),
            base=state.versions.base,
            allowed=self.flags.allows(job.pipeline, job.user_id),
            dial=state.rollout.of(job.pipeline).dial if state.rollout else 0.0,
            candidate=state.versions.candidate,
            newer=self.flags.is_older(job.revision) or _were_read_after(state, job, since_read),
        )
        chosen = pipeline_now(job, present, Policy(self.in_flight))
        return served_now(job, chosen, present, self.registry.serving, lacking=self.registry.lacks(job.pipeline))


def _were_read_after(state: FlagState, job: Job, since_read: float) -> bool:
    """Did their home confirm these flags after the job was accepted, however long it keeps changes to itself?"""
    return state.read_seconds is not None and state.read_seconds + FLAGS_LAG_SECONDS < job.age_seconds + since_read
