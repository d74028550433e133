"""For the product team: how far v2 is rolled out, whether it does well, and what a change did."""

from grafana_foundation_sdk.models import dashboard as model

from grafana.dashboards.board import HERE, INSTANCE, RANGE, STEP, board, narrowed, or_zero
from grafana.dashboards.panels import GREEN, RED, YELLOW, AnyPanel, Query, Text, bars, lines, listing, number

DECIDED = f"gateway_decisions_total{{{INSTANCE}}}"
BY_V2 = narrowed(DECIDED, 'pipeline="v2"')
ENDED = f'gateway_jobs_finished_total{{{HERE}, mode="primary", outcome=~"complete|failed"}}'
COMPLETE = f'gateway_jobs_finished_total{{{HERE}, mode="primary", outcome="complete"}}'
FINISHED_SECONDS = f'{{{HERE}, mode="primary", outcome="complete"}}'
ROLL_BACK = "roll-back-now"


def rollout() -> model.Dashboard:
    """The dashboard."""
    return board(
        "rollout",
        "Gateway: rollout",
        "Which share of users v2 serves, how v2 does beside v1, and what every change of the dial did.",
        [
            ("Now", now()),
            ("Split", split()),
            ("v1 against v2", beside()),
            ("Ramp and guard", ramp()),
            ("Users and processes", users()),
        ],
    )


def now() -> list[AnyPanel]:
    share = f"sum(increase({BY_V2}{RANGE})) / sum(increase({DECIDED}{RANGE}))"
    return [
        number(
            Text("Dial", "Share of users that the flag sends to v2, in force now. 0 while an override is.", ROLL_BACK),
            Query("max(gateway_flags_dial_percent)"),
            unit="percent",
            below="text",
            limits={0.1: "orange"},
        ),
        number(
            Text(
                "Served by v2",
                "Share of accepted jobs in this time range that went to v2. Close to the dial, when many users send.",
                ROLL_BACK,
            ),
            Query(share),
            unit="percentunit",
            below="text",
            limits={0.001: "orange"},
        ),
        number(
            Text(
                "Override",
                "Whether `gateway rollout off --local` sends everybody to v1, whatever the flags say.",
                "GatewayOverrideActive",
            ),
            Query("max(gateway_rollout_override)"),
            unit="none",
            words={"0": ("none", GREEN), "1": ("all to v1", RED)},
        ),
        number(
            Text(
                "Flag revisions",
                "How many revisions of the flags processes decide by. More than one for longer than a few seconds: a "
                "change has not arrived everywhere.",
                "GatewayFlagsStale",
            ),
            Query("count(count by (revision) (gateway_flags_info))"),
            unit="none",
            limits={2: YELLOW},
        ),
        number(
            Text("Ramp", "The step that the ramp is at, and how many it has; 0 when there is none.", ROLL_BACK),
            Query("max(gateway_ramp_step)", "step"),
            Query("max(gateway_ramp_steps)", "of"),
            unit="none",
        ),
        number(
            Text(
                "Last v2 start",
                "From the commit of the rollback in force to the last job that v2 still began, anywhere; 0 if none.",
                ROLL_BACK,
            ),
            Query("max(gateway_rollback_last_start_seconds)"),
            unit="s",
            limits={2: YELLOW, 10: RED},
            absent="no rollback",
        ),
    ]


def split() -> list[AnyPanel]:
    return [
        lines(
            Text(
                "Dial and split",
                "What the dial says, and the share of accepted jobs that went to v2. They part when few users send.",
                ROLL_BACK,
            ),
            Query("max(gateway_flags_dial_percent) / 100", "dial"),
            Query("max(gateway_ramp_target_percent) / 100", "ramp's target"),
            Query(f"sum(rate({BY_V2}{STEP})) / sum(rate({DECIDED}{STEP}))", "served by v2"),
            unit="percentunit",
            most=1,
        ),
        lines(
            Text(
                "Decisions",
                "Accepted jobs a second by pipeline and reason. `flags_unavailable` and `override` mean that the flag "
                "did not decide.",
                "GatewayFlagsStale",
            ),
            Query(f"sum by (pipeline, reason) (rate({DECIDED}{STEP}))", "{{pipeline}} {{reason}}"),
            unit="reqps",
            stacked=True,
        ),
        lines(
            Text(
                "How fast a change arrives",
                "From the commit of a change to the moment when processes decide by it: half, and nearly all of them.",
                "GatewayFlagsStale",
            ),
            *(
                Query(
                    f"histogram_quantile({q}, sum by (le) (rate(gateway_flip_arrival_seconds_bucket{RANGE})))",
                    f"p{100 * q:g}",
                )
                for q in (0.5, 0.99)
            ),
            unit="s",
            limits={2: YELLOW},
        ),
    ]


def beside() -> list[AnyPanel]:
    return [
        lines(
            Text(
                "Jobs that complete",
                "Share of ended jobs that are complete, cancelled ones left out. v2 well below v1: roll back.",
                "GatewayV2Failing",
            ),
            Query(
                f"sum by (pipeline) (rate({COMPLETE}{STEP})) / sum by (pipeline) (rate({ENDED}{STEP}))", "{{pipeline}}"
            ),
            unit="percentunit",
            most=1,
        ),
        lines(
            Text(
                "Duration of a job",
                "From claim to end, of complete jobs: half of them, and nine in ten, take less.",
                "GatewayV2Slow",
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
                "From accept to the first claim, nine in ten. The same for both pipelines unless one holds workers up.",
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
                "Jobs that a rollback turned to v1: waiting ones, and running ones with IN_FLIGHT=restart.",
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
            stacked=True,
        ),
        lines(
            Text(
                "Guard",
                "The guard's answers a minute while a ramp is under way, by check. It rolls back by itself when one "
                "fails; inconclusive: too few jobs to say.",
                "GatewayV2Failing",
            ),
            Query(
                f"sum by (check, verdict) (rate(gateway_guard_verdicts_total{{{INSTANCE}}}{STEP})) * 60 "
                f"{or_zero('verdict')}",
                "{{check}} {{verdict}}",
            ),
            unit="none",
        ),
        bars(
            Text("Users put back", "Users whose data were ever put back to what this pipeline published.", ROLL_BACK),
            Query(f"max by (pipeline) (gateway_restored_users) {or_zero('pipeline')}", "{{pipeline}}"),
            unit="short",
            below="blue",
        ),
    ]


def users() -> list[AnyPanel]:
    joined = "* on (instance, job) group_left (source, revision) gateway_flags_info"

    def each(value: str) -> str:
        return f"max by (instance, source, revision) ({value}{{{INSTANCE}}} {joined})"

    return [
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
        ),
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
            width=16,
        ),
    ]
