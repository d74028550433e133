"""For site reliability engineers: is it up, is it fast, does it fail, how full is it, what is left of the budget."""

from grafana_foundation_sdk.models import dashboard as model

from grafana.dashboards.board import INSTANCE, RANGE, STEP, board, or_zero
from grafana.dashboards.panels import GREEN, RED, YELLOW, AnyPanel, Query, Text, lines, number
from grafana.dashboards.saturation import database, flags, processes

REQUESTS = "gateway_http_request_duration_seconds_count"
ACCEPT = f'{INSTANCE}, method="POST", route=~"/process-full(-v2)?"'
ERRORS = f'{REQUESTS}{{{INSTANCE}, status=~"[45].."}}'
ACCEPT_BUDGET, JOB_BUDGET = 0.001, 0.01  # shares that may fail


def service() -> model.Dashboard:
    """The dashboard."""
    return board(
        "service",
        "Gateway: service",
        "Requests, jobs, queues, saturation and the error budgets of the gateway's processes.",
        [
            ("Objectives", objectives()),
            ("Requests", requests()),
            ("Jobs and queues", queues()),
            ("Database", database()),
            ("Processes", processes()),
            ("Flags", flags()),
        ],
    )


def objectives() -> list[AnyPanel]:
    failed = f'(sum(increase({REQUESTS}{{{ACCEPT}, status=~"5.."}}{RANGE})) or vector(0))'
    asked = f"sum(increase({REQUESTS}{{{ACCEPT}}}{RANGE}))"
    broken = f'sum(increase(gateway_jobs_failed_total{{{INSTANCE}, mode="primary", cause="pipeline"}}{RANGE}))'
    complete = f'sum(increase(gateway_jobs_finished_total{{{INSTANCE}, mode="primary", outcome="complete"}}{RANGE}))'
    ended = f"({complete} + {broken})"
    return [
        number(
            Text(
                "Accepts answered", "Share of accepts without a server error. Objective: 99.9 %.", "GatewayAcceptErrors"
            ),
            Query(f"1 - {failed} / {asked}"),
            unit="percentunit",
            below=RED,
            limits={0.999: GREEN},
        ),
        number(
            Text(
                "Accept budget left",
                "Of the 0.1 % of accepts that may fail in this time range, the share that has not. Below 0: overdrawn.",
                "GatewayAcceptErrors",
            ),
            Query(f"1 - {failed} / {asked} / {ACCEPT_BUDGET}"),
            unit="percentunit",
            below=RED,
            limits={0: YELLOW, 0.5: GREEN},
        ),
        number(
            Text(
                "Jobs complete",
                "Share of jobs that are complete, of those that are or failed by a pipeline's fault. Objective: 99 %.",
                "GatewayJobFailures",
            ),
            Query(f"1 - {broken} / {ended}"),
            unit="percentunit",
            below=RED,
            limits={0.99: GREEN},
        ),
        number(
            Text(
                "Job budget left",
                "Of the 1 % of jobs that pipelines may fail in this time range, what is left. Below 0: overdrawn.",
                "GatewayJobFailures",
            ),
            Query(f"1 - {broken} / {ended} / {JOB_BUDGET}"),
            unit="percentunit",
            below=RED,
            limits={0: YELLOW, 0.5: GREEN},
        ),
        number(
            Text("Workers", "Workers with a fresh heartbeat.", "GatewayNoWorker"),
            Query("max(gateway_worker_registrations)"),
            unit="none",
            below=RED,
            limits={1: GREEN},
        ),
        number(
            Text("Alerts firing", "Alerts of the gateway that fire now, in this Prometheus.", "index"),
            Query('count(ALERTS{alertname=~"Gateway.*", alertstate="firing"}) or vector(0)'),
            unit="none",
            limits={1: RED},
        ),
        lines(
            Text(
                "Burn of the accept budget",
                "How many times faster than allowed accepts fail. A page at 14.4 over an hour, or 6 over six.",
                "GatewayAcceptErrors",
            ),
            Query(f"gateway:accept_errors:ratio_rate1h / {ACCEPT_BUDGET}", "1 h"),
            Query(f"gateway:accept_errors:ratio_rate6h / {ACCEPT_BUDGET}", "6 h"),
            Query(f"gateway:accept_errors:ratio_rate3d / {ACCEPT_BUDGET}", "3 d"),
            unit="none",
            width=12,
            limits={1: YELLOW, 14.4: RED},
        ),
        lines(
            Text(
                "Burn of the job budget",
                "How many times faster than allowed jobs fail, by pipeline. A page at 14.4 over 1 h, or 6 over 6 h.",
                "GatewayJobFailures",
            ),
            Query(f"gateway:job_failures:ratio_rate1h / {JOB_BUDGET}", "{{pipeline}} 1 h"),
            Query(f"gateway:job_failures:ratio_rate6h / {JOB_BUDGET}", "{{pipeline}} 6 h"),
            unit="none",
            width=12,
            limits={1: YELLOW, 14.4: RED},
        ),
    ]


def requests() -> list[AnyPanel]:
    return [
        lines(
            Text("Requests", "Requests a second by route; paths that no route has are one: unknown.", "GatewayDown"),
            Query(f"sum by (route) (rate({REQUESTS}{{{INSTANCE}}}{STEP}))", "{{route}}"),
            unit="reqps",
            stacked=True,
        ),
        lines(
            Text("Errors", "Answers of 4xx (the caller's doing) and 5xx (ours) a second.", "GatewayAcceptErrors"),
            Query(
                f"sum by (route, status) (rate({ERRORS}{STEP})) "
                f"and sum by (route, status) (increase({ERRORS}{RANGE})) > 0 {or_zero('status')}",
                "{{status}} {{route}}",
            ),
            unit="reqps",
        ),
        lines(
            Text(
                "Duration of an accept",
                "Until the answer's last byte, of accepts that were accepted.",
                "GatewayAcceptSlow",
            ),
            *(
                Query(
                    f"histogram_quantile({q}, sum by (le) "
                    f'(rate(gateway_http_request_duration_seconds_bucket{{{ACCEPT}, status="200"}}{STEP})))',
                    f"p{100 * q:g}",
                )
                for q in (0.5, 0.95, 0.99)
            ),
            unit="s",
            limits={1: YELLOW},
        ),
        lines(
            Text("Requests in flight", "Being answered at this moment, by process.", "GatewayAcceptSlow"),
            Query(f"sum by (instance) (gateway_http_requests_in_flight{{{INSTANCE}}})", "{{instance}}"),
            unit="none",
        ),
        lines(
            Text(
                "Accepts refused",
                "Requests that got 503 or 400 from the accept itself, a second, by reason.",
                "GatewayAcceptErrors",
            ),
            Query(
                f"sum by (reason) (rate(gateway_accepts_refused_total{{{INSTANCE}}}{STEP})) {or_zero('reason')}",
                "{{reason}}",
            ),
            unit="reqps",
        ),
        lines(
            Text("Joined", "Requests answered with a job already under way, a second.", "GatewayQueueOld"),
            Query(
                f"sum by (pipeline) (rate(gateway_jobs_joined_total{{{INSTANCE}}}{STEP})) {or_zero('pipeline')}",
                "{{pipeline}}",
            ),
            unit="reqps",
        ),
        lines(
            Text(
                "Passed on",
                "Requests for the old service a second, by outcome; 0 when nothing is passed on.",
                "GatewayAcceptErrors",
            ),
            Query(
                f"sum by (outcome) (rate(gateway_forwarded_requests_total{{{INSTANCE}}}{STEP})) {or_zero('outcome')}",
                "{{outcome}}",
            ),
            unit="reqps",
        ),
        lines(
            Text(
                "Answers from memory",
                "Questions answered from a user's memories a second, and parts made without their provider.",
                "GatewayUnexpectedErrors",
            ),
            Query(
                f"sum by (route) (rate(gateway_memory_answers_total{{{INSTANCE}}}{STEP})) {or_zero('route')}",
                "{{route}}",
            ),
            Query(
                f"sum by (part) (rate(gateway_memory_fallbacks_total{{{INSTANCE}}}{STEP})) {or_zero('part')}",
                "without {{part}}",
            ),
            unit="reqps",
        ),
        lines(
            Text("Chunks embedded", "Chunks that got their vector, a second.", "GatewayQueueOld"),
            Query(f"sum(rate(gateway_chunks_embedded_total{{{INSTANCE}}}{STEP})) or vector(0)", "chunks"),
            unit="ops",
        ),
    ]


def queues() -> list[AnyPanel]:
    return [
        lines(
            Text("Waiting", "Jobs, comparisons and messages that wait to be begun.", "GatewayQueueOld"),
            Query("max by (queue) (gateway_queue_depth)", "{{queue}}"),
            unit="none",
        ),
        lines(
            Text("Oldest waiting", "How long the oldest of them waits, by queue.", "GatewayQueueOld"),
            Query("max by (queue) (gateway_queue_oldest_age_seconds)", "{{queue}}"),
            unit="s",
            limits={600: RED},
        ),
        lines(
            Text("Open jobs", "Accepted and not over, in the whole database.", "GatewayQueueOld"),
            Query("max by (pipeline, status) (gateway_jobs_open)", "{{pipeline}} {{status}}"),
            unit="none",
            stacked=True,
        ),
        lines(
            Text("Accepted and ended", "Jobs a second: a lasting gap is a queue that grows.", "GatewayQueueOld"),
            Query(f"sum(rate(gateway_jobs_accepted_total{{{INSTANCE}}}{STEP}))", "accepted"),
            Query(f'sum(rate(gateway_jobs_finished_total{{{INSTANCE}, mode="primary"}}{STEP}))', "ended"),
            unit="reqps",
        ),
        lines(
            Text("Running", "Jobs that workers run now, by mode.", "GatewayNoWorker"),
            Query(f"sum by (mode) (gateway_jobs_in_flight{{{INSTANCE}}})", "{{mode}}"),
            unit="none",
            stacked=True,
        ),
        lines(
            Text(
                "Put back",
                "Queue entries that dead workers held, or that were lost, in ten minutes. More than ten is a page.",
                "GatewayRecoveryStorm",
            ),
            Query(f"sum by (how) (increase(gateway_jobs_recovered_total{{{INSTANCE}}}[10m]))", "{{how}}"),
            unit="none",
            limits={10: RED},
        ),
    ]
