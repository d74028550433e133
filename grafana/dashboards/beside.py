"""Rows of the rollout dashboard that set versions side by side: their jobs, the ramp, the guard, users, processes."""

import math

from gateway.rollout.guard.judge import SPLIT, level
from grafana.dashboards.board import HERE, INSTANCE, RANGE, STEP, or_zero
from grafana.dashboards.panels import RED, YELLOW, AnyPanel, Query, Text, bars, lines, listing

ENDED = f'gateway_jobs_finished_total{{{HERE}, mode="primary", outcome=~"complete|failed"}}'
OWN_FAULT = f'gateway_jobs_failed_total{{{HERE}, mode="primary", cause="pipeline"}}'
COMPLETE = f'gateway_jobs_finished_total{{{HERE}, mode="primary", outcome="complete"}}'
FINISHED_SECONDS = f'{{{HERE}, mode="primary", outcome="complete"}}'
ROLL_BACK = "roll-back-now"
LIMIT = {question: f"{math.log(level(question)):.2f}" for question in SPLIT}  # of the evidence's logarithm


def beside() -> list[AnyPanel]:
    """How jobs of each version end, how long they take, and what they cost."""
    return [*how_jobs_go(), *what_jobs_amount_to()]


def how_jobs_go() -> list[AnyPanel]:
    return [
        lines(
            Text(
                "Jobs that complete",
                "Share of jobs that are complete, of those that are or failed by their own fault. A candidate well "
                "below the version that it would replace: roll back.",
                "GatewayCandidateFailing",
            ),
            Query(
                f"sum by (pipeline) (rate({COMPLETE}{STEP})) / (sum by (pipeline) (rate({COMPLETE}{STEP})) "
                f"+ sum by (pipeline) (rate({OWN_FAULT}{STEP})))",
                "{{pipeline}}",
            ),
            unit="percentunit",
            most=1,
        ),
        lines(
            Text(
                "Duration of a job",
                "From claim to end, of complete jobs: half of them, and nine in ten, take less.",
                "GatewayCandidateSlow",
            ),
            *(
                Query(
                    f"histogram_quantile({q}, sum by (pipeline, le) "
                    f"(rate(gateway_job_duration_seconds_bucket{FINISHED_SECONDS}{STEP})))",
                    f"{{{{pipeline}}}} p{100 * q:g}",
                )
                for q in (0.5, 0.9)
            ),
            unit="s",
        ),
        lines(
            Text(
                "Wait before a job begins",
                "From accept to the first claim, nine in ten. The same for all pipelines unless one holds workers up.",
                "GatewayQueueOld",
            ),
            Query(
                "histogram_quantile(0.9, sum by (pipeline, le) "
                f"(rate(gateway_job_wait_seconds_bucket{{{HERE}}}{STEP})))",
                "{{pipeline}}",
            ),
            unit="s",
            limits={60: YELLOW},
        ),
    ]


def what_jobs_amount_to() -> list[AnyPanel]:
    return [
        bars(
            Text("Jobs in this time range", "Primary jobs that ended, by pipeline and outcome.", "GatewayJobFailures"),
            Query(
                f'sum by (pipeline, outcome) (increase(gateway_jobs_finished_total{{{HERE}, mode="primary"}}{RANGE}))',
                "{{pipeline}} {{outcome}}",
            ),
            unit="short",
            below="blue",
        ),
        bars(
            Text(
                "Cost of a job",
                "US dollars at the model provider per ended primary job, 0 with the embedded engine.",
                "GatewayShadowBudgetSpent",
            ),
            Query(
                f'sum by (pipeline) (increase(gateway_language_cost_usd_total{{{HERE}, mode="primary"}}{RANGE})) '
                f"/ sum by (pipeline) (increase({ENDED}{RANGE})) or 0 * sum by (pipeline) (increase({ENDED}{RANGE}))",
                "{{pipeline}}",
            ),
            unit="currencyUSD",
            below="blue",
        ),
        bars(
            Text(
                "Rescued by rollback",
                "Jobs that a rollback turned to an older version: waiting ones, and by IN_FLIGHT=restart running ones.",
                ROLL_BACK,
            ),
            Query(f"sum by (state) (increase(gateway_jobs_rescued_total{{{INSTANCE}}}{RANGE}))", "{{state}}"),
            unit="short",
            below="blue",
        ),
    ]


def ramp() -> list[AnyPanel]:
    return [
        lines(
            Text(
                "State of the ramp", "1 for the state that the latest ramp is in; all 0 when there was none.", ROLL_BACK
            ),
            Query("max by (state) (gateway_ramp_state)", "{{state}}"),
            unit="none",
            width=6,
            stacked=True,
        ),
        lines(
            Text(
                "Guard",
                "Answers a minute of the guard and the ramp, by check. A breach of failures or time turns the "
                "version off; inconclusive: too little is known to say.",
                "GatewayCandidateFailing",
            ),
            Query(
                f"sum by (check, verdict) (rate(gateway_guard_verdicts_total{{{INSTANCE}}}{STEP})) * 60 "
                f"{or_zero('verdict')}",
                "{{check}} {{verdict}}",
            ),
            unit="none",
            width=6,
        ),
        bars(
            Text("Users put back", "Users whose data were ever put back to what this pipeline published.", ROLL_BACK),
            Query(f"max by (pipeline) (gateway_restored_users) {or_zero('pipeline')}", "{{pipeline}}"),
            unit="short",
            below="blue",
            width=6,
        ),
        bars(
            Text(
                "Users moved",
                "Users whose live result came to be made by another pipeline in this time range; none: first result.",
                ROLL_BACK,
            ),
            Query(
                f"sum by (previous, pipeline) (increase(gateway_users_moved_total{{{INSTANCE}}}{RANGE}))",
                "{{previous}} to {{pipeline}}",
            ),
            unit="short",
            below="blue",
            width=6,
        ),
    ]


def guard() -> list[AnyPanel]:
    """What it did, and on what evidence."""
    return [
        lines(
            Text(
                "State of the guard",
                "1 for what the guard did since a version's dial last rose from 0. It acts once, then watches anew.",
                "GatewayGuardActed",
            ),
            Query("max by (pipeline, state) (gateway_guard_state) == 1", "{{pipeline}} {{state}}"),
            unit="none",
            width=12,
        ),
        lines(
            Text(
                "Evidence against a version",
                f"Natural logarithm, by question. Off at {LIMIT['failures']} for failures and at {LIMIT['time']} for "
                f"time; at {LIMIT['dependencies']} for dependencies somebody is told.",
                "GatewayGuardActed",
            ),
            Query(
                f"max by (pipeline, question) (gateway_guard_evidence_log{{{INSTANCE}}})", "{{pipeline}} {{question}}"
            ),
            unit="none",
            limits={float(LIMIT["failures"]): RED},
            width=12,
        ),
    ]


def versions() -> list[AnyPanel]:
    return [
        listing(
            Text(
                "Versions and their roles",
                "Each version that users can get: the base, or a candidate beside the version that most of its users "
                "would have without it. Share: of all users, by the flags. Measured: of a fixed sample of ids.",
                ROLL_BACK,
            ),
            {
                "Share": (_with_role("gateway_flags_share_percent"), "percent"),
                "Flag set to": (_with_role("gateway_flags_set_percent"), "percent"),
                "Measured": (_with_role("gateway_flags_measured_percent"), "percent"),
            },
            labels={"pipeline": "Version", "role": "Role", "against": "Against"},
            width=12,
        ),
        lines(
            Text(
                "Failures above the other's",
                "By how much more often a candidate's jobs fail by its own fault than those of the version that it "
                "would replace. The alert's limits: 10 % over five minutes, 5 % over half an hour.",
                "GatewayCandidateFailing",
            ),
            *(
                Query(
                    f"gateway:candidate_failures:excess_{span} >= 0",
                    f"{{{{pipeline}}}} against {{{{against}}}}, {span}",
                )
                for span in ("5m", "30m")
            ),
            unit="percentunit",
            by_word=False,
            width=12,
        ),
    ]


def _with_role(value: str) -> str:
    role = f"gateway_pipeline_role{{{INSTANCE}}}"
    return f"max by (pipeline, role, against) ({role} * on (instance, job, pipeline) group_left () {value})"


def processes() -> list[AnyPanel]:
    joined = "* on (instance, job) group_left (source, revision) gateway_flags_info"

    def each(value: str) -> str:
        return f"max by (instance, source, revision) ({value}{{{INSTANCE}}} {joined})"

    return [
        listing(
            Text(
                "What each process decides by",
                "One row a process. Ages above a minute, or health 0: that process no longer hears of changes.",
                "GatewayFlagsStale",
            ),
            {
                "Dial": (each("gateway_flags_dial_percent"), "percent"),
                "Age": (each("gateway_flags_age_seconds"), "s"),
                "Healthy": (each("gateway_flags_healthy"), "none"),
                "Hears of changes": (each("gateway_rollout_listening"), "none"),
            },
            labels={"instance": "Process", "source": "Flags from", "revision": "Revision"},
        ),
    ]
