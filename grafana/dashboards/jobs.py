"""What jobs do: their steps, the slow ones, attempts, recoveries, and what model providers answered."""

from grafana_foundation_sdk.models import dashboard as model

from grafana.dashboards.board import HERE, INSTANCE, RANGE, STEP, board, or_zero
from grafana.dashboards.panels import YELLOW, AnyPanel, Query, Text, bars, lines, listing

PRIMARY = f'{HERE}, mode="primary"'


def jobs() -> model.Dashboard:
    """The dashboard."""
    return board(
        "jobs",
        "Gateway: jobs",
        "The steps of jobs and how long they take, what was tried again, recovered and rescued, and provider calls.",
        [
            ("Jobs", ended()),
            ("Failures, by whose fault", failures()),
            ("Steps", steps()),
            ("Second tries", second_tries()),
            ("Model providers", providers()),
        ],
    )


def ended() -> list[AnyPanel]:
    return [
        lines(
            Text("Ended", "Primary jobs a second, by pipeline and outcome.", "GatewayJobFailures"),
            Query(
                f"sum by (pipeline, outcome) (rate(gateway_jobs_finished_total{{{PRIMARY}}}{STEP}))",
                "{{pipeline}} {{outcome}}",
            ),
            unit="ops",
            stacked=True,
        ),
        lines(
            Text("Duration", "From claim to end, of complete jobs.", "GatewayCandidateSlow"),
            *(
                Query(
                    f"histogram_quantile({q}, sum by (pipeline, le) "
                    f'(rate(gateway_job_duration_seconds_bucket{{{PRIMARY}, outcome="complete"}}{STEP})))',
                    f"{{{{pipeline}}}} p{100 * q:g}",
                )
                for q in (0.5, 0.9, 0.99)
            ),
            unit="s",
        ),
        lines(
            Text(
                "Silence of running jobs",
                "How long the most silent running job has done nothing, and the age of the oldest one, by pipeline.",
                "GatewayJobsHang",
            ),
            Query(f"max by (pipeline) (gateway_job_longest_silence_seconds{{{HERE}}})", "{{pipeline}} silent"),
            Query(f"max by (pipeline) (gateway_job_oldest_running_seconds{{{HERE}}})", "{{pipeline}} oldest"),
            unit="s",
            by_word=False,
        ),
        lines(
            Text("Running", "Jobs that workers run now.", "GatewayNoWorker"),
            Query(f"sum by (pipeline, mode) (gateway_jobs_in_flight{{{HERE}}})", "{{pipeline}} {{mode}}"),
            unit="none",
            stacked=True,
            by_word=False,
        ),
    ]


def failures() -> list[AnyPanel]:
    return [
        lines(
            Text(
                "Failed, by whose fault",
                "Jobs a second without a result: input is the user's file or request, pipeline its code, time or "
                "memory, operator a cancellation, dependency: a service that was away.",
                "GatewayJobFailures",
            ),
            Query(
                f"sum by (pipeline, cause) (rate(gateway_jobs_failed_total{{{PRIMARY}}}{STEP}))",
                "{{pipeline}} {{cause}}",
            ),
            unit="ops",
            stacked=True,
            by_word=False,
        ),
        lines(
            Text(
                "Users with a failed job",
                "Users of the last day, by whose fault: a hundred failures of one user are one.",
                "GatewayJobFailures",
            ),
            Query(f"max by (pipeline, cause) (gateway_failed_users{{{HERE}}}) > 0", "{{pipeline}} {{cause}}"),
            unit="none",
            by_word=False,
        ),
        lines(
            Text(
                "Services that fail jobs",
                "Runs that a service failed, or had put off for another attempt, in fifteen minutes.",
                "GatewayDependencyFailing",
            ),
            *(
                Query(
                    f'sum by (cause) (increase(gateway_jobs_{what}_total{{{PRIMARY}, cause=~"dependency:.+"}}[15m]))',
                    f"{{{{cause}}}} {words}",
                )
                for what, words in (("failed", "failed"), ("retried", "put off"))
            ),
            unit="none",
            by_word=False,
            limits={5: YELLOW},
        ),
    ]


def steps() -> list[AnyPanel]:
    seconds, count = (f"gateway_step_duration_seconds_{part}{{{HERE}}}" for part in ("sum", "count"))
    by = "sum by (pipeline, mode, step)"
    return [
        lines(
            Text(
                "Time in steps",
                "Where workers spend their time, by pipeline and step: 100 % is one job's worth.",
                "GatewayCandidateSlow",
            ),
            Query(
                f"sum by (pipeline, step) (rate(gateway_step_duration_seconds_sum{{{PRIMARY}}}{STEP}))",
                "{{pipeline}} {{step}}",
            ),
            unit="percentunit",
            stacked=True,
            by_word=False,
            width=12,
        ),
        lines(
            Text("Steps, nine in ten", "Nine runs in ten of a step take less than this.", "GatewayCandidateSlow"),
            Query(
                "histogram_quantile(0.9, sum by (pipeline, step, le) "
                f"(rate(gateway_step_duration_seconds_bucket{{{PRIMARY}}}{STEP})))",
                "{{pipeline}} {{step}}",
            ),
            unit="s",
            by_word=False,
            width=12,
        ),
        listing(
            Text(
                "Slow steps",
                "The ten slowest of this time range, by mean. A step that is loaded instead of run again is not in it.",
                "GatewayCandidateSlow",
            ),
            {
                "Mean": (f"topk(10, {by} (increase({seconds}{RANGE})) / {by} (increase({count}{RANGE})))", "s"),
            },
            labels={"pipeline": "Pipeline", "mode": "Mode", "step": "Step"},
            height=12,
        ),
    ]


def second_tries() -> list[AnyPanel]:
    return [
        lines(
            Text(
                "Tried again",
                "Runs put off after a failure that may pass, and handed back by workers that stop, in ten minutes.",
                "GatewayJobFailures",
            ),
            Query(
                f"sum by (pipeline) (increase(gateway_jobs_retried_total{{{HERE}}}[10m])) {or_zero('pipeline')}",
                "{{pipeline}} put off",
            ),
            Query(
                f"sum by (pipeline) (increase(gateway_jobs_handed_back_total{{{HERE}}}[10m])) {or_zero('pipeline')}",
                "{{pipeline}} handed back",
            ),
            unit="none",
        ),
        lines(
            Text("Recovered", "Put back after a worker died, or found lost, in ten minutes.", "GatewayRecoveryStorm"),
            Query(f"sum by (how) (increase(gateway_jobs_recovered_total{{{INSTANCE}}}[10m]))", "{{how}}"),
            unit="none",
            limits={10: YELLOW},
        ),
        lines(
            Text("Messages", "Tries to tell the web back end that a job is over, a second.", "GatewayOutboxOld"),
            Query(f"sum by (outcome) (rate(gateway_outbox_deliveries_total{{{INSTANCE}}}{STEP}))", "{{outcome}}"),
            unit="ops",
        ),
        listing(
            Text(
                "Periodic tasks",
                "Time since each task last succeeded, beside how often it is due, and its failures in this time range.",
                "GatewayPeriodicDead",
            ),
            {
                "Last success": (
                    f"time() - max by (instance, task) (gateway_periodic_last_success_timestamp_seconds{{{INSTANCE}}})",
                    "s",
                ),
                "Due every": (f"max by (instance, task) (gateway_periodic_interval_seconds{{{INSTANCE}}})", "s"),
                "Failures": (
                    f"sum by (instance, task) (increase(gateway_periodic_failures_total{{{INSTANCE}}}{RANGE}))",
                    "none",
                ),
            },
            labels={"instance": "Process", "task": "Task"},
            height=10,
        ),
    ]


def providers() -> list[AnyPanel]:
    return [
        lines(
            Text(
                "Calls",
                "Requests to the model provider a second: answered, tried again, failed for good.",
                "GatewayJobFailures",
            ),
            Query(
                f"sum by (mode, outcome) (rate(gateway_language_calls_total{{{HERE}}}{STEP})) {or_zero('outcome')}",
                "{{mode}} {{outcome}}",
            ),
            unit="reqps",
            width=6,
        ),
        lines(
            Text("Tokens", "Tokens a second, by pipeline and direction.", "GatewayShadowBudgetSpent"),
            Query(
                f"sum by (pipeline, direction) (rate(gateway_language_tokens_total{{{HERE}}}{STEP})) "
                f"{or_zero('direction')}",
                "{{pipeline}} {{direction}}",
            ),
            unit="ops",
            width=6,
        ),
        bars(
            Text("Cost", "US dollars in this time range, by pipeline and mode.", "GatewayShadowBudgetSpent"),
            Query(
                f"sum by (pipeline, mode) (increase(gateway_language_cost_usd_total{{{HERE}}}{RANGE})) "
                f"{or_zero('mode')}",
                "{{pipeline}} {{mode}}",
            ),
            unit="currencyUSD",
            below="blue",
            width=6,
        ),
        bars(
            Text(
                "Not taken", "Parts of answers that were dropped, in this time range, by reason.", "GatewayJobFailures"
            ),
            Query(
                f"sum by (reason) (increase(gateway_language_dropped_total{{{HERE}}}{RANGE})) {or_zero('reason')}",
                "{{reason}}",
            ),
            unit="short",
            below="blue",
            width=6,
        ),
    ]
