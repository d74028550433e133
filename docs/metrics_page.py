"""Writes docs/reference/metrics.md from the catalogue of metrics."""

from docs.metric_catalogue import all_entries
from gateway.telemetry.metrics.declare import Entry

INTRODUCTION = """# Metrics

Each process serves its own at `/metrics`: the API on `PORT`, a worker of its own on `METRICS_PORT`. OpenMetrics, with
exemplars that name the job, is served when a scrape asks for it. Besides these there are the process's own
`process_*` metrics: processor time, memory, open files, start time.

Names and labels are a promise: dashboards and alerts are checked against this list. Labels are bounded; no metric has
a user, a job or a path in a label. `mode` is `primary` (what users wait for), `shadow` (the other pipeline, to compare)
or `noise` (the same pipeline again, to measure how far two equal runs differ).

Values read from the database (`gateway_queue_*`, `gateway_jobs_open`, `gateway_worker_registrations`) are the same in
every process: take `max`, never `sum`. They are read at each scrape for at most a second, and absent when the database
does not answer in that time; `gateway_reading_failures_total` counts that.

There is [one process a container](../decisions/one-process-per-container.md), so there is no multiprocess mode.
"""


def metrics_page(note: str) -> str:
    """The page."""
    rows = [f"| `{name_of(entry)}` | {entry.kind} | {labels_of(entry)} | {entry.text} |" for entry in all_entries()]
    buckets = [
        f"| `{entry.name}` | {', '.join(f'{bound:g}' for bound in entry.buckets)} |"
        for entry in all_entries()
        if entry.buckets
    ]
    return (
        f"{note}{INTRODUCTION}\n| metric | type | labels | meaning |\n|---|---|---|---|\n"
        + "\n".join(rows)
        + "\n\nUpper bounds of the histograms' buckets, in the unit of the name:\n\n| histogram | bounds |\n|---|---|\n"
        + "\n".join(buckets)
        + "\n"
    )


def name_of(entry: Entry) -> str:
    """As queries spell it; of a histogram, what its `_bucket`, `_sum` and `_count` begin with."""
    return entry.name if entry.kind == "histogram" else entry.series[0]


def labels_of(entry: Entry) -> str:
    """Its labels."""
    return ", ".join(f"`{label}`" for label in entry.labels) or "-"
