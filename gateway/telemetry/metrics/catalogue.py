"""The catalogue of metrics: every name, unit and label that a process counts, on a registry that is passed in.

Labels are bounded: route templates, pipelines, modes, outcomes, reasons; never a user, a job or a path. `mode` is
`primary` (what users wait for), `pinned` (its caller chose the pipeline, as a smoke test does), `shadow` (the other
pipeline, to compare) or `noise` (the same pipeline again).
"""

from prometheus_client import CollectorRegistry

from gateway.telemetry.metrics.declare import Declarations

HTTP_BUCKETS = (0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)
JOB_BUCKETS = (0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120, 300, 600, 1200, 1800, 3600)
STEP_BUCKETS = (0.01, 0.05, 0.1, 0.5, 1, 5, 15, 60, 300, 900)
WAIT_BUCKETS = (0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 15, 60, 300, 900, 3600)
ROW_BUCKETS = (1, 2, 4, 8, 16, 32, 64, 128, 256)
FLIP_BUCKETS = (0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2, 5, 10, 30)
SHARE_BUCKETS = (0.0, 0.25, 0.5, 0.75, 0.9, 0.95, 0.99, 1.0)


class Metrics:
    """All metrics of one process."""

    def __init__(self, registry: CollectorRegistry) -> None:
        self.registry = registry
        declare = Declarations(registry)
        self.entries = declare.entries
        self._declare_requests(declare)
        self._declare_accepts(declare)
        self._declare_jobs(declare)
        self._declare_rescues(declare)
        self._declare_rollout(declare)
        self._declare_reading(declare)
        self._declare_language(declare)
        self._declare_shadow(declare)
        self._declare_memory(declare)
        self._declare_process(declare)

    def _declare_requests(self, declare: Declarations) -> None:
        self.http_seconds = declare.histogram(
            "http_request_duration_seconds",
            "Time from a request's head to the last byte of its answer; its count is the number of requests.",
            "method",
            "route",
            "status",
            buckets=HTTP_BUCKETS,
        )
        self.http_in_flight = declare.gauge("http_requests_in_flight", "Requests being answered right now.")
        self.forwarded = declare.counter(
            "forwarded_requests",
            "Requests for the old service, by outcome: answered, refused (not passed on: unclear, or a loop), "
            "unreachable, slow, cut_off (it broke off within its answer), client_gone.",
            "route",
            "outcome",
        )

    def _declare_accepts(self, declare: Declarations) -> None:
        self.decisions = declare.counter(
            "decisions", "Decisions which pipeline serves an accepted job.", "pipeline", "reason"
        )
        self.jobs_accepted = declare.counter(
            "jobs_accepted", "Jobs accepted: committed, then answered. Exemplars name the job.", "pipeline"
        )
        self.jobs_joined = declare.counter("jobs_joined", "Requests answered with a job already under way.", "pipeline")
        self.accepts_refused = declare.counter(
            "accepts_refused", "Requests that were not accepted, by reason.", "reason"
        )
        self.foreign_paths = declare.counter(
            "foreign_paths",
            "Requests let through although their storage_path names another user than user_id; see ENFORCE_OWNERSHIP.",
        )
        self.accept_batch_rows = declare.histogram(
            "accept_batch_rows", "Requests that shared one commit.", buckets=ROW_BUCKETS
        )
        self.accept_commit_seconds = declare.histogram(
            "accept_commit_duration_seconds", "Time of one shared commit.", buckets=HTTP_BUCKETS
        )

    def _declare_jobs(self, declare: Declarations) -> None:
        self.jobs_started = declare.counter("jobs_started", "Runs begun, reruns counted again.", "pipeline", "mode")
        self.jobs_finished = declare.counter(
            "jobs_finished", "Jobs ended, by outcome: complete, failed, cancelled.", "pipeline", "mode", "outcome"
        )
        self.jobs_failed = declare.counter(
            "jobs_failed",
            "Jobs that ended without a result, by whose fault it is: input (the user's file or request), pipeline (its "
            "code, time, memory), operator (cancelled), dependency:database, dependency:storage, dependency:provider.",
            "pipeline",
            "mode",
            "cause",
        )
        self.job_seconds = declare.histogram(
            "job_duration_seconds",
            "Time of a run, from claim to end. Exemplars name the job.",
            "pipeline",
            "mode",
            "outcome",
            buckets=JOB_BUCKETS,
        )
        self.job_wait_seconds = declare.histogram(
            "job_wait_seconds", "Time from a job's accept to its first claim.", "pipeline", buckets=WAIT_BUCKETS
        )
        self.step_seconds = declare.histogram(
            "step_duration_seconds",
            "Time of one step of a pipeline; a step that is loaded instead of run is not in it.",
            "pipeline",
            "mode",
            "step",
            buckets=STEP_BUCKETS,
        )
        self.jobs_in_flight = declare.gauge("jobs_in_flight", "Jobs that this process is running.", "pipeline", "mode")
        self.job_oldest = declare.gauge(
            "job_oldest_running_seconds",
            "How long the oldest job that this process runs has been running; 0 when none runs.",
            "pipeline",
        )
        self.job_silence = declare.gauge(
            "job_longest_silence_seconds",
            "How long ago the most silent of the jobs that this process runs last did something: reported progress, "
            "ended a step, used a port; 0 when none runs.",
            "pipeline",
        )
        self.last_start = declare.gauge(
            "job_last_start_timestamp_seconds", "When this process last began a run, Unix time.", "pipeline", "mode"
        )

    def _declare_rescues(self, declare: Declarations) -> None:
        self.jobs_retried = declare.counter(
            "jobs_retried",
            "Runs put off for another attempt, after a failure that may pass; cause as in gateway_jobs_failed_total.",
            "pipeline",
            "mode",
            "cause",
        )
        self.jobs_handed_back = declare.counter(
            "jobs_handed_back", "Runs handed back by a worker that stops, or to run as another pipeline.", "pipeline"
        )
        self.jobs_recovered = declare.counter(
            "jobs_recovered",
            "Queue entries put back: stalled (their worker died) or lost (an open job without a live entry).",
            "how",
        )
        self.jobs_rescued = declare.counter(
            "jobs_rescued",
            "Jobs that a rollback turned to another pipeline, by the pipeline they left; state is waiting (never "
            "begun) or running (stopped at a step).",
            "pipeline",
            "state",
        )
        self.jobs_parked = declare.counter(
            "jobs_parked", "Jobs whose end their table refused, for an operator to look at."
        )
        self.storage_up = declare.gauge("storage_up", "1 if the storage answered this worker's last look, else 0.")
        self.storage_denied = declare.gauge("storage_denied", "1 if it then refused the key, or showed it no bucket.")
        self.writes_refused = declare.counter(
            "writes_refused",
            "Writes of a job's beginning or end that a table of the app's refused, and that were gone on without, by "
            "what: profile, begin_profile, progress, ...",
            "what",
        )
        self.deliveries = declare.counter(
            "outbox_deliveries",
            "Tries to tell the web back end that a job is over: delivered, put_off, given_up.",
            "outcome",
        )
        self.periodic_success = declare.gauge(
            "periodic_last_success_timestamp_seconds",
            "When a periodic task last succeeded in this process, or was set up; Unix time.",
            "task",
        )
        self.periodic_interval = declare.gauge("periodic_interval_seconds", "How often a periodic task is due.", "task")
        self.periodic_failures = declare.counter("periodic_failures", "Failed turns of a periodic task.", "task")

    def _declare_rollout(self, declare: Declarations) -> None:
        self.users_moved = declare.counter(
            "users_moved",
            "Users whose live result came to be made by another pipeline; previous is none for a first result.",
            "previous",
            "pipeline",
        )
        self.flip_arrival = declare.histogram(
            "flip_arrival_seconds",
            "From the commit of a change of the rollout to the moment this process decides by it.",
            buckets=FLIP_BUCKETS,
        )
        self.flag_webhooks = declare.counter("flag_webhooks", "Calls of Unleash's webhook that were heeded.")
        self.ramp_step = declare.gauge("ramp_step", "The step of the ramp under way, from 1; 0 when there is none.")
        self.ramp_steps = declare.gauge("ramp_steps", "How many steps that ramp has.")
        self.ramp_target = declare.gauge("ramp_target_percent", "The dial of that step; 0 when there is none.")
        self.ramp_state = declare.gauge("ramp_state", "1 for the state that the latest ramp is in.", "state")
        self._declare_guard(declare)
        self.restored_users = declare.gauge(
            "restored_users", "Users whose data were ever put back to what this pipeline published.", "pipeline"
        )

    def _declare_guard(self, declare: Declarations) -> None:
        self.guard_verdicts = declare.counter(
            "guard_verdicts",
            "Answers of the guard (sample, failures, time, dependencies) and of the ramp's own gates (guard, harm, "
            "overdue, duration, dependencies), by check and verdict (ok, breach, inconclusive, error).",
            "check",
            "verdict",
        )
        self.guard_evidence = declare.gauge(
            "guard_evidence_log",
            "What speaks against it, as logarithm: off at 4.96 (failures), 6.5 (time); told at 7.6 (dependencies).",
            "pipeline",
            "question",
        )
        self.guard_errors = declare.counter("guard_errors", "Looks that failed by its own fault.", "place")
        self.guard_mode = declare.gauge("guard_mode", "1 for what GUARD says in this worker: on, dry-run, off.", "mode")

    def _declare_reading(self, declare: Declarations) -> None:
        self.reading_failures = declare.counter(
            "reading_failures",
            "Scrapes without values from the database, by reason: timeout, busy (the last read still hangs), error.",
            "reason",
        )
        self.reading_seconds = declare.gauge("reading_duration_seconds", "How long the last read of them took.")

    def _declare_language(self, declare: Declarations) -> None:
        self.language_calls = declare.counter(
            "language_calls",
            "Requests to a provider, by outcome: call (answered), retry, failure. Pipeline none: outside of jobs.",
            "pipeline",
            "mode",
            "outcome",
        )
        self.language_tokens = declare.counter(
            "language_tokens",
            "Tokens sent to (input) and got from (output) a provider.",
            "pipeline",
            "mode",
            "direction",
        )
        self.language_cost = declare.counter(
            "language_cost_usd",
            "US dollars that priced provider calls cost, also those of jobs that failed.",
            "pipeline",
            "mode",
        )
        self.language_dropped = declare.counter(
            "language_dropped",
            "What did not get in, by reason: unsupported_fact (the user's own words do not say it), unsupported_line "
            "(nor facts), truncated, skipped (passages refused); and unpriced calls, whose cost is not known.",
            "pipeline",
            "mode",
            "reason",
        )

    def _declare_shadow(self, declare: Declarations) -> None:
        self.shadow_outcomes = declare.counter(
            "shadow_outcomes",
            "How planned comparisons ended: compared, or why not (shed, timed_out, over_budget, ...).",
            "mode", "outcome",
        )  # fmt: skip
        self.shadow_comparisons = declare.counter(
            "shadow_comparisons",
            "Pairs compared, by class: same, equivalent, better_covered, worse_covered, contradicts, failed.",
            "mode", "class",
        )  # fmt: skip
        self.shadow_harmed = declare.counter(
            "shadow_harmed",
            "Pairs in which the version in question harms the user, once under each harm: wrong_person, failed, lost, "
            "garbled, slower.",
            "mode", "harm",
        )  # fmt: skip
        self.shadow_batches = declare.counter(
            "shadow_batches", "Batches that comparisons ask by: sent, not_sent, unsure, found, ended, cancelled, lost.",
            "mode", "event",
        )  # fmt: skip
        self.shadow_cpu_seconds = declare.counter(
            "shadow_cpu_seconds", "Processor time that comparisons took.", "mode", "pipeline"
        )
        self.shadow_similarity = declare.histogram(
            "shadow_similarity",
            "How much of a field both runs share, 0 to 1; field all is the pair's score.",
            "mode", "field",
            buckets=SHARE_BUCKETS,
        )  # fmt: skip

    def _declare_memory(self, declare: Declarations) -> None:
        self.memory_answers = declare.counter(
            "memory_answers", "Questions answered from a user's memories, by how those were found.", "route", "method"
        )
        self.memory_fallbacks = declare.counter(
            "memory_fallbacks",
            "Parts of such an answer whose provider failed: language (memories are quoted), embeddings (words are).",
            "part",
        )
        self.chunks_embedded = declare.counter("chunks_embedded", "Chunks that got their vector.")

    def _declare_process(self, declare: Declarations) -> None:
        self.build = declare.gauge("build_info", "1; the labels say what runs.", "version", "python")
        self.pipeline_usable = declare.gauge(
            "pipeline_usable", "1 for a pipeline that this process could import, 0 for one that is broken.", "pipeline"
        )
        self.confinement = declare.gauge("confinement", "1 where a restriction on runs stands, else 0.", "restriction")
        self.console_logins = declare.counter("console_logins", "Log-ins to the console, by outcome.", "outcome")
        self.unexpected_errors = declare.counter("unexpected_errors", "Errors that nobody expected, by place.", "place")
