"""For the product team: which version serves how many, whether a candidate does well, and what a change did."""

from grafana_foundation_sdk.models import dashboard as model

from grafana.dashboards.beside import beside, guard, processes, ramp, versions
from grafana.dashboards.board import INSTANCE, RANGE, STEP, board
from grafana.dashboards.panels import GREEN, RED, YELLOW, AnyPanel, Query, Text, lines, number

DECIDED = f"gateway_decisions_total{{{INSTANCE}}}"
SHARES = "max by (pipeline) (gateway_flags_share_percent)"
ROLL_BACK = "roll-back-now"


def rollout() -> model.Dashboard:
    """The dashboard."""
    return board(
        "rollout",
        "Gateway: rollout",
        "Which share of users each version serves, how a candidate does beside the version that it would replace, and "
        "what every change of the dial did.",
        [
            ("Now", now()),
            ("Split", split()),
            ("Versions", versions()),
            ("Side by side", beside()),
            ("Ramp, guard and users", [*ramp(), *guard()]),
            ("Processes", processes()),
        ],
    )


def now() -> list[AnyPanel]:
    by_version = f"sum by (pipeline) (increase({DECIDED}{RANGE}))"
    return [
        number(
            Text(
                "Shares by the flags",
                "Share of all users that each version serves, in force now. An override sends all to the base.",
                ROLL_BACK,
            ),
            Query(SHARES, "{{pipeline}}"),
            unit="percent",
            below="text",
            limits={0.1: "orange"},
        ),
        number(
            Text(
                "Served",
                "Share of accepted jobs in this time range by version. Close to the flags' shares when many send.",
                ROLL_BACK,
            ),
            Query(f"{by_version} / ignoring (pipeline) group_left () sum({by_version})", "{{pipeline}}"),
            unit="percentunit",
            below="text",
            limits={0.001: "orange"},
        ),
        number(
            Text(
                "Override",
                "Whether `gateway rollout off --local` sends everybody to the base, whatever the flags say.",
                "GatewayOverrideActive",
            ),
            Query("max(gateway_rollout_override)"),
            unit="none",
            words={"0": ("none", GREEN), "1": ("all to the base", RED)},
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
                "Last start after a rollback",
                "From the commit of the rollback in force to the last job that the version still began, anywhere; 0 if "
                "none.",
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
                "What the flags say, and the share of accepted jobs that went to each version. They part if few send.",
                ROLL_BACK,
            ),
            Query(f"{SHARES} / 100", "{{pipeline}} by the flags"),
            Query("max(gateway_ramp_target_percent) / 100", "ramp's target"),
            Query(
                f"sum by (pipeline) (rate({DECIDED}{STEP})) "
                f"/ ignoring (pipeline) group_left () sum(rate({DECIDED}{STEP}))",
                "{{pipeline}} served",
            ),
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
