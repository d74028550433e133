"""Rows of the service dashboard that say how full things are: the database, the processes, the flags' way here."""

from grafana.dashboards.board import INSTANCE, STEP, or_zero
from grafana.dashboards.panels import RED, YELLOW, AnyPanel, Query, Text, lines


def database() -> list[AnyPanel]:
    return [
        lines(
            Text("Commit of an accept", "Time of one shared commit.", "GatewayAcceptSlow"),
            *(
                Query(
                    f"histogram_quantile({q}, sum by (le) "
                    f"(rate(gateway_accept_commit_duration_seconds_bucket{{{INSTANCE}}}{STEP})))",
                    f"p{100 * q:g}",
                )
                for q in (0.5, 0.99)
            ),
            unit="s",
        ),
        lines(
            Text("Accepts in one commit", "How many requests share a commit, on average.", "GatewayAcceptSlow"),
            Query(
                f"sum(rate(gateway_accept_batch_rows_sum{{{INSTANCE}}}{STEP})) "
                f"/ sum(rate(gateway_accept_batch_rows_count{{{INSTANCE}}}{STEP}))",
                "requests",
            ),
            unit="none",
        ),
        lines(
            Text("Connections", "Of each process's pool: in use, and the most it may open.", "GatewayDatabasePoolFull"),
            Query(f'sum by (instance) (gateway_db_pool_connections{{{INSTANCE}, state="used"}})', "{{instance}} used"),
            Query(f"sum by (instance) (gateway_db_pool_max{{{INSTANCE}}})", "{{instance}} most"),
            unit="none",
        ),
        lines(
            Text(
                "Waiting for a connection",
                "Who waits for a free one now, and who gave up waiting.",
                "GatewayDatabasePoolFull",
            ),
            Query(f"sum by (instance) (gateway_db_pool_waiting{{{INSTANCE}}})", "{{instance}}"),
            Query(
                f"sum by (instance) (increase(gateway_db_pool_errors_total{{{INSTANCE}}}{STEP}))",
                "{{instance}} in vain",
            ),
            unit="none",
            limits={1: YELLOW},
        ),
        lines(
            Text(
                "Time to get a connection",
                "Waited for a free connection, for each one that was asked for.",
                "GatewayDatabasePoolFull",
            ),
            Query(
                f"sum(rate(gateway_db_pool_wait_seconds_total{{{INSTANCE}}}{STEP})) "
                f"/ sum(rate(gateway_db_pool_requests_total{{{INSTANCE}}}{STEP}))",
                "mean",
            ),
            unit="s",
        ),
        lines(
            Text(
                "Reading of the queues",
                "How long a scrape's own read takes, and reads that gave nothing, in five minutes.",
                "GatewayReadingFails",
            ),
            Query(f"max(gateway_reading_duration_seconds{{{INSTANCE}}})", "seconds"),
            Query(f"sum(increase(gateway_reading_failures_total{{{INSTANCE}}}[5m])) or vector(0)", "failed reads"),
            unit="none",
        ),
    ]


def processes() -> list[AnyPanel]:
    return [
        lines(
            Text("Processor", "What each process uses: 100 % is one core.", "GatewayAcceptSlow"),
            Query(f'rate(process_cpu_seconds_total{{{INSTANCE}, job=~"gateway.*"}}{STEP})', "{{instance}}"),
            unit="percentunit",
        ),
        lines(
            Text("Memory", "Resident memory of each process, without the child processes that compute.", "GatewayDown"),
            Query(f'process_resident_memory_bytes{{{INSTANCE}, job=~"gateway.*"}}', "{{instance}}"),
            unit="bytes",
        ),
        lines(
            Text("Open files", "File descriptors in use, as a share of the most that are allowed.", "GatewayDown"),
            Query(
                f'process_open_fds{{{INSTANCE}, job=~"gateway.*"}} / process_max_fds{{{INSTANCE}, job=~"gateway.*"}}',
                "{{instance}}",
            ),
            unit="percentunit",
            limits={0.8: YELLOW},
        ),
    ]


def flags() -> list[AnyPanel]:
    return [
        lines(
            Text("Age of the flags", "Since each process last read them with success.", "GatewayFlagsStale"),
            Query(f"gateway_flags_age_seconds{{{INSTANCE}}}", "{{instance}}"),
            unit="s",
            limits={60: RED},
        ),
        lines(
            Text("Refreshes", "Reads of the flags a second, and those that failed.", "GatewayFlagsStale"),
            Query(f"sum(rate(gateway_flags_refreshes_total{{{INSTANCE}}}{STEP}))", "good"),
            Query(f"sum(rate(gateway_flags_refresh_failures_total{{{INSTANCE}}}{STEP}))", "failed"),
            unit="reqps",
        ),
        lines(
            Text(
                "Unexpected errors",
                "Faults of the program, in a quarter of an hour, by place. Each has a traceback in the log.",
                "GatewayUnexpectedErrors",
            ),
            Query(
                f"sum by (place) (increase(gateway_unexpected_errors_total{{{INSTANCE}}}[15m])) {or_zero('place')}",
                "{{place}}",
            ),
            unit="none",
            limits={1: RED},
        ),
    ]
