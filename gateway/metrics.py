"""The catalogue of metrics: every name, unit and label that the gateway exports, on a registry that is passed in."""

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram

HTTP_BUCKETS = (0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)
JOB_BUCKETS = (0.5, 1, 2.5, 5, 10, 30, 60, 120, 300, 600, 1200, 1800, 3600)
STEP_BUCKETS = (0.01, 0.05, 0.1, 0.5, 1, 5, 15, 60, 300, 900)


class Metrics:
    """All metrics of one process. Labels are bounded: route templates, pipelines, reasons; never a user or a path."""

    def __init__(self, registry: CollectorRegistry) -> None:
        self.registry = registry
        self.http_seconds = Histogram(
            "gateway_http_request_duration_seconds",
            "Time from a request's head to the last byte of its answer; its count is the number of requests.",
            ("method", "route", "status"),
            buckets=HTTP_BUCKETS,
            registry=registry,
        )
        self.http_in_flight = Gauge(
            "gateway_http_requests_in_flight", "Requests being answered right now.", registry=registry
        )
        self.decisions = Counter(
            "gateway_decisions", "Decisions which pipeline serves a request.", ("pipeline", "reason"), registry=registry
        )
        self.jobs_accepted = Counter(
            "gateway_jobs_accepted", "Jobs accepted: committed, then answered.", ("pipeline",), registry=registry
        )
        self.jobs_joined = Counter(
            "gateway_jobs_joined", "Requests answered with a job already under way.", ("pipeline",), registry=registry
        )
        self.accepts_refused = Counter(
            "gateway_accepts_refused", "Requests that were not accepted, by reason.", ("reason",), registry=registry
        )
        self.accept_batch_rows = Histogram(
            "gateway_accept_batch_rows",
            "Requests that shared one commit.",
            buckets=(1, 2, 4, 8, 16, 32, 64, 128, 256),
            registry=registry,
        )
        self.accept_commit_seconds = Histogram(
            "gateway_accept_commit_duration_seconds",
            "Time of one shared commit.",
            buckets=HTTP_BUCKETS,
            registry=registry,
        )
        self.jobs_started = Counter(
            "gateway_jobs_started", "Runs begun, reruns counted again.", ("pipeline", "mode"), registry=registry
        )
        self.jobs_finished = Counter(
            "gateway_jobs_finished",
            "Jobs ended, by outcome: complete, failed, cancelled.",
            ("pipeline", "mode", "outcome"),
            registry=registry,
        )
        self.job_seconds = Histogram(
            "gateway_job_duration_seconds",
            "Time of a run, from claim to end.",
            ("pipeline", "mode", "outcome"),
            buckets=JOB_BUCKETS,
            registry=registry,
        )
        self.step_seconds = Histogram(
            "gateway_step_duration_seconds",
            "Time of one step of a pipeline.",
            ("pipeline", "mode", "step"),
            buckets=STEP_BUCKETS,
            registry=registry,
        )
        self.jobs_in_flight = Gauge(
            "gateway_jobs_in_flight", "Jobs that this process is running.", ("pipeline", "mode"), registry=registry
        )
        self.language_calls = Counter(
            "gateway_language_calls",
            "Requests to a language provider, by outcome: call (answered), retry, failure.",
            ("outcome",),
            registry=registry,
        )
        self.language_tokens = Counter(
            "gateway_language_tokens", "Tokens sent to and got from a provider.", ("direction",), registry=registry
        )
        self.language_cost = Counter(
            "gateway_language_cost_usd",
            "US dollars that priced provider calls cost, also those of jobs that failed.",
            registry=registry,
        )
        self.language_dropped = Counter(
            "gateway_language_dropped",
            "Parts of provider answers that were not taken, by reason: unsupported_fact (its evidence is not in the "
            "user's words), unsupported_line, truncated; and unpriced calls, whose cost is not known.",
            ("reason",),
            registry=registry,
        )
        self.unexpected_errors = Counter(
            "gateway_unexpected_errors", "Errors that nobody expected, by place.", ("place",), registry=registry
        )
