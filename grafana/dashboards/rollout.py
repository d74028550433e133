"""For the product team: how far v2 is rolled out, whether it does well, and what a change did."""

from grafana_foundation_sdk.models import dashboard as model

from grafana.dashboards.beside import beside, processes, ramp
from grafana.dashboards.board import INSTANCE, RANGE, STEP, board, narrowed
from grafana.dashboards.panels import GREEN, RED, YELLOW, AnyPanel, Query, Text, lines, number

DECIDED = f"gateway_decisions_total{{{INSTANCE}}}"
BY_V2 = narrowed(DECIDED, 'pipeline="v2"')
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
            ("Ramp, guard and users", ramp()),
            ("Processes", processes()),
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
            Query(
                f"sum by (pipeline, reason) (rate({DECIDED}{STEP})) "
                f"and sum by (pipeline, reason) (increase({DECIDED}{RANGE})) > 0",
                "{{pipeline}} {{reason}}",
            ),
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
