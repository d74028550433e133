"""Is a version right: how often shadows differ, beside how often two equal runs do, where, at what cost, how many."""

from grafana_foundation_sdk.models import dashboard as model

from grafana.dashboards.board import INSTANCE, RANGE, STEP, board, narrowed, or_zero
from grafana.dashboards.panels import RED, YELLOW, AnyPanel, Query, Text, bars, lines, listing, number

PAIRS = f"gateway_shadow_comparisons_total{{{INSTANCE}}}"
OTHERS = f'gateway_shadow_comparisons_total{{{INSTANCE}, mode="shadow"}}'
ALL_HARMED = f"gateway_shadow_harmed_total{{{INSTANCE}}}"
HARMED = f'gateway_shadow_harmed_total{{{INSTANCE}, mode="shadow"}}'
OUTCOMES = f"gateway_shadow_outcomes_total{{{INSTANCE}}}"
CONTRADICTING = narrowed(OTHERS, 'class="contradicts"')
COMPARED, NOT_COMPARED = (narrowed(OUTCOMES, f'outcome{sign}"compared"') for sign in ("=", "!="))
RATE = "gateway:shadow_mismatches:ratio_rate6h"
READ = "shadow-differs"


def shadow() -> model.Dashboard:
    """The dashboard."""
    return board(
        "shadow",
        "Gateway: shadow",
        "Comparisons of a version with the one that it would replace, on the same exports, beside comparisons of a "
        "pipeline with itself: the noise.",
        [("Verdict", [*headline(), *verdict()]), ("Where they differ", fields()), ("Coverage and cost", coverage())],
    )


def headline() -> list[AnyPanel]:
    """Numbers, beside their noise and the budget."""
    return [
        number(
            Text("Versions differ", "Share of pairs, in six hours, that are neither the same nor equivalent.", READ),
            Query(f'{RATE}{{mode="shadow"}}'),
            unit="percentunit",
            below="text",
        ),
        number(
            Text("Two equal runs differ", "The same share where a pipeline was compared with itself: the noise.", READ),
            Query(f'{RATE}{{mode="noise"}}'),
            unit="percentunit",
            below="text",
        ),
        number(
            Text(
                "Contradicting pairs", "Share of pairs in this time range in which the two versions contradict.", READ
            ),
            Query(f"(sum(increase({CONTRADICTING}{RANGE})) or vector(0)) / sum(increase({OTHERS}{RANGE}))"),
            unit="percentunit",
            limits={0.02: YELLOW, 0.05: RED},
        ),
        number(
            Text("Pairs", "Compared in this time range: with the other pipeline, and with the same one.", READ),
            Query(f"sum by (mode) (increase({PAIRS}{RANGE}))", "{{mode}}"),
            unit="short",
            below="text",
            width=6,
        ),
        number(
            Text(
                "Budget used",
                "Of today's shadow budget. At 100 % comparisons that need a provider are left out until midnight UTC.",
                "GatewayShadowBudgetSpent",
            ),
            Query("max by (unit) (gateway_shadow_budget_used_ratio)", "{{unit}}"),
            unit="percentunit",
            limits={0.8: YELLOW, 1: RED},
            width=6,
        ),
    ]


def verdict() -> list[AnyPanel]:
    """Harms, and what differs, over time."""
    return [
        bars(
            Text(
                "Harms",
                "Pairs of two versions in this time range that harm their user, by harm. A pair can have several.",
                READ,
            ),
            Query(f"sum by (harm) (increase({HARMED}{RANGE})) {or_zero('harm')}", "{{harm}}"),
            unit="short",
            limits={1: RED},
        ),
        lines(
            Text(
                "Share of pairs that harm",
                "By harm, over time; noise: where a version was compared with itself. The report counts users instead.",
                READ,
            ),
            *(
                Query(
                    f"sum by (harm) (rate({narrowed(ALL_HARMED, chosen)}{STEP})) "
                    f"/ ignoring (harm) group_left () sum(rate({narrowed(PAIRS, chosen)}{STEP}))",
                    f"{mode} {{{{harm}}}}",
                )
                for mode, chosen in (("shadow", 'mode="shadow"'), ("noise", 'mode="noise"'))
            ),
            unit="percentunit",
            width=16,
        ),
        lines(
            Text(
                "Mismatch and noise",
                "Share of pairs that differ, over six hours, with 95 % Wilson intervals. They differ beyond noise when "
                "the shadow band lies above the noise band. While you watch for the first time that they part, trust "
                "`gateway shadow report`: its intervals hold at every look.",
                READ,
            ),
            *(
                Query(f'gateway:shadow_mismatches:{part}_6h{{mode="{mode}"}}', f"{mode} {part}")
                for mode in ("shadow", "noise")
                for part in ("low", "high")
            ),
            Query(RATE, "{{mode}}"),
            unit="percentunit",
            most=1,
            width=16,
        ),
        bars(
            Text("Classes", "Pairs of two versions in this time range, by what they showed.", READ),
            Query(f"sum by (class) (increase({OTHERS}{RANGE}))", "{{class}}"),
            unit="short",
            below="blue",
        ),
    ]


def fields() -> list[AnyPanel]:
    def mean(mode: str) -> str:
        chosen = f'{{{INSTANCE}, mode="{mode}"}}'
        return (
            f"sum by (field) (increase(gateway_shadow_similarity_sum{chosen}{RANGE})) "
            f"/ sum by (field) (increase(gateway_shadow_similarity_count{chosen}{RANGE}))"
        )

    return [
        listing(
            Text("Similarity by field", "How much both sides share, 0 to 1, beside what two equal runs share.", READ),
            {"two versions": (mean("shadow"), "percentunit"), "same pipeline": (mean("noise"), "percentunit")},
            labels={"field": "Field"},
            width=12,
            height=14,
        ),
        lines(
            Text("Similarity over time", "Mean over pairs of two versions; all is the score of the whole pair.", READ),
            Query(
                f'sum by (field) (rate(gateway_shadow_similarity_sum{{{INSTANCE}, mode="shadow"}}{STEP})) '
                f'/ sum by (field) (rate(gateway_shadow_similarity_count{{{INSTANCE}, mode="shadow"}}{STEP}))',
                "{{field}}",
            ),
            unit="percentunit",
            most=1,
            width=12,
            height=14,
        ),
    ]


def coverage() -> list[AnyPanel]:
    complete = f'{{{INSTANCE}, outcome="complete"}}'
    return [
        lines(
            Text("Outcomes", "How planned comparisons ended: compared, or why not.", "GatewayShadowBudgetSpent"),
            Query(f"sum by (outcome) (rate({OUTCOMES}{STEP}))", "{{outcome}}"),
            unit="ops",
            stacked=True,
        ),
        bars(
            Text(
                "Not compared",
                "Planned comparisons of this time range that were not made, by reason. Many shed: workers are full.",
                "GatewayShadowBudgetSpent",
            ),
            Query(f"sum by (outcome) (increase({NOT_COMPARED}{RANGE})) {or_zero('outcome')}", "{{outcome}}"),
            unit="short",
            below="blue",
        ),
        lines(
            Text("Share of jobs compared", "Of ended primary jobs; beside what the shadow flag asks for.", READ),
            Query(
                f"sum(rate({COMPARED}{STEP})) "
                f'/ sum(rate(gateway_jobs_finished_total{{{INSTANCE}, mode="primary", outcome="complete"}}{STEP}))',
                "compared",
            ),
            Query("max(gateway_flags_shadow_percent) / 100", "asked for"),
            unit="percentunit",
            most=1,
        ),
        lines(
            Text("Duration", "Mean run of a pipeline, for users and in shadow.", "GatewayCandidateSlow"),
            Query(
                f"sum by (pipeline, mode) (rate(gateway_job_duration_seconds_sum{complete}{STEP})) "
                f"/ sum by (pipeline, mode) (rate(gateway_job_duration_seconds_count{complete}{STEP}))",
                "{{pipeline}} {{mode}}",
            ),
            unit="s",
        ),
        lines(
            Text("Processor time", "What comparisons use: 100 % is one core.", "GatewayShadowBudgetSpent"),
            Query(
                f"sum by (mode) (rate(gateway_shadow_cpu_seconds_total{{{INSTANCE}}}{STEP})) {or_zero('mode')}",
                "{{mode}}",
            ),
            unit="percentunit",
        ),
        bars(
            Text("Cost", "US dollars in this time range at the model provider, by mode.", "GatewayShadowBudgetSpent"),
            Query(
                f"sum by (mode) (increase(gateway_language_cost_usd_total{{{INSTANCE}}}{RANGE})) {or_zero('mode')}",
                "{{mode}}",
            ),
            unit="currencyUSD",
            below="blue",
        ),
    ]
