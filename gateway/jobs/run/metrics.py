"""What happens to primary jobs, counted. Exemplars name the job, where a scrape asks for OpenMetrics."""

from collections.abc import Collection, Iterable

from gateway.jobs.model import Claim, Job
from gateway.jobs.run.interrupt import Running
from gateway.jobs.run.rollback_policy import ROLLED_BACK
from gateway.telemetry.metrics import Metrics
from pipelines.contract import Cause

OUTCOMES = ("complete", "failed", "cancelled")


def count_claim(metrics: Metrics, before: Job, claim: Claim) -> None:
    """A job was taken: how long it waited, and whether a rollback turned it to another pipeline."""
    job = claim.job
    if job.reason == ROLLED_BACK and job.pipeline != before.pipeline:
        metrics.jobs_rescued.labels(before.pipeline, "waiting" if before.started_at is None else "running").inc()
    if before.started_at is None and job.started_at is not None and not before.waits:
        waited = (job.started_at - job.created_at).total_seconds()
        metrics.job_wait_seconds.labels(job.pipeline).observe(max(waited, 0.0), exemplar_of(job))


def count_begin(metrics: Metrics, job: Job) -> None:
    """A run begins."""
    metrics.jobs_started.labels(job.pipeline, job.mode).inc(1, exemplar_of(job))
    metrics.last_start.labels(job.pipeline, job.mode).set_to_current_time()


def show_running(metrics: Metrics, pipelines: Iterable[str], runs: Collection[Running], now: float) -> None:
    """How old the oldest runs are, and how long the most silent ones have been silent. `now` is monotonic."""
    for pipeline in pipelines:
        own = [run for run in runs if run.claim.job.pipeline == pipeline]
        metrics.job_oldest.labels(pipeline).set(max((now - run.began for run in own), default=0.0))
        metrics.job_silence.labels(pipeline).set(max((now - run.beat for run in own), default=0.0))


def count_end(metrics: Metrics, job: Job, outcome: str, seconds: float, cause: Cause | None) -> None:
    """A run ended. One that was lost or handed back ends nothing."""
    if outcome not in OUTCOMES:
        return
    metrics.job_seconds.labels(job.pipeline, job.mode, outcome).observe(seconds, exemplar_of(job))
    count_outcome(metrics, job, outcome, cause)


def count_outcome(metrics: Metrics, job: Job, outcome: str, cause: Cause | None) -> None:
    """A job is over; `cause` where it is not complete."""
    metrics.jobs_finished.labels(job.pipeline, job.mode, outcome).inc(1, exemplar_of(job))
    if cause is not None:
        metrics.jobs_failed.labels(job.pipeline, job.mode, cause).inc(1, exemplar_of(job))


def count_move(metrics: Metrics, previous: str | None, pipeline: str) -> None:
    """A result was published; `previous` made the user's result before."""
    if previous != pipeline:
        metrics.users_moved.labels(previous or "none", pipeline).inc()


def exemplar_of(job: Job) -> dict[str, str]:
    """What an exemplar says."""
    return {"job_id": job.id}
