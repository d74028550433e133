"""Series that exist before anything happened: rates see the first event, dashboards show a zero instead of a gap."""

from collections.abc import Iterable
from itertools import product
from typing import get_args

from flags.model import Reason
from gateway.telemetry.metrics.catalogue import Metrics
from pipelines.contract import Cause

ACCEPTS = ("/process-full", "/process-full-v2")
STATUSES = ("200", "400", "422", "500", "503")
REFUSALS = ("database", "pipeline", "queue_full", "refused", "stopping", "unexpected")
OUTCOMES = ("complete", "failed", "cancelled")
WRITES = ("begin_profile", "progress", "profile", "close", "result")  # of a job, that a table of the app's may refuse


def begin_accepts(metrics: Metrics, pipelines: Iterable[str]) -> None:
    """What an API process counts."""
    names = tuple(pipelines)
    for route, status in product(ACCEPTS, STATUSES):
        metrics.http_seconds.labels("POST", route, status)
    for pipeline, reason in product(names, get_args(Reason)):
        metrics.decisions.labels(pipeline, reason)
    for pipeline in names:
        metrics.jobs_accepted.labels(pipeline)
        metrics.jobs_joined.labels(pipeline)
    for reason in REFUSALS:
        metrics.accepts_refused.labels(reason)


def begin_jobs(metrics: Metrics, pipelines: Iterable[str]) -> None:
    """What a worker counts."""
    for what in WRITES:
        metrics.writes_refused.labels(what)
    names = tuple(pipelines)
    for pipeline in names:
        metrics.jobs_started.labels(pipeline, "primary")
        metrics.jobs_in_flight.labels(pipeline, "primary")
        metrics.jobs_handed_back.labels(pipeline)
        metrics.job_oldest.labels(pipeline)
        metrics.job_silence.labels(pipeline)
        metrics.job_wait_seconds.labels(pipeline)
        for outcome in OUTCOMES:
            metrics.jobs_finished.labels(pipeline, "primary", outcome)
        for cause in get_args(Cause):
            metrics.jobs_failed.labels(pipeline, "primary", cause)
            metrics.jobs_retried.labels(pipeline, "primary", cause)
        for state in ("waiting", "running"):
            metrics.jobs_rescued.labels(pipeline, state)
    for previous, pipeline in product(("none", *names), names):
        if previous != pipeline:
            metrics.users_moved.labels(previous, pipeline)
    begin_rescues(metrics)


def begin_rescues(metrics: Metrics) -> None:
    """What a worker counts without the label `pipeline`."""
    for how in ("stalled", "lost"):
        metrics.jobs_recovered.labels(how)
    for outcome in ("delivered", "put_off", "given_up"):
        metrics.deliveries.labels(outcome)
    for mode, outcome in product(("shadow", "noise"), ("compared", "over_budget")):
        metrics.shadow_outcomes.labels(mode, outcome)
    for mode, harm in product(("shadow", "noise"), ("wrong_person", "failed", "lost", "garbled", "slower")):
        metrics.shadow_harmed.labels(mode, harm)
