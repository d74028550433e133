"""Shadows in the metrics: how they end, what pairs show, and how like their fields are. Never in a primary's series."""

from collections.abc import Iterable

from gateway.shadow.compare.harm import harms_of
from gateway.shadow.compare.model import FieldVerdict
from gateway.shadow.model import Ending, Mode, Pair
from gateway.telemetry.metrics import Metrics

DOCUMENTS = ("facts", "soulprint_text", "memory_md", "memory_log")


def count_ending(metrics: Metrics, mode: Mode, ending: Ending) -> None:
    """One shadow that ended, whatever the way."""
    metrics.shadow_outcomes.labels(mode, ending.outcome).inc()
    if ending.seconds is not None and ending.pipeline is not None:
        outcome = "complete" if ending.outcome == "compared" else "failed"
        metrics.jobs_finished.labels(ending.pipeline, mode, outcome).inc()
        metrics.job_seconds.labels(ending.pipeline, mode, outcome).observe(ending.seconds)
    if ending.cpu_seconds is not None and ending.pipeline is not None:
        metrics.shadow_cpu_seconds.labels(mode, ending.pipeline).inc(ending.cpu_seconds)


def count_pair(metrics: Metrics, mode: Mode, pair: Pair) -> None:
    """One pair: its class, its harms, its score, and how like its parts are."""
    metrics.shadow_comparisons.labels(mode, pair.comparison.class_).inc()
    for harm in harms_of(pair.comparison.effects):
        metrics.shadow_harmed.labels(mode, harm).inc()
    metrics.shadow_similarity.labels(mode, "all").observe(pair.comparison.score)
    for part, shared in parts_of(pair.comparison.fields):
        metrics.shadow_similarity.labels(mode, part).observe(shared)


def parts_of(fields: Iterable[FieldVerdict]) -> list[tuple[str, float]]:
    """The mean share that both sides have in common, by section and document: few names, whatever the fields."""
    shares: dict[str, list[float]] = {}
    for field in fields:
        part = field.field.split(".")[1] if field.field.startswith("sections.") else field.field
        if field.weight > 0 and (part in DOCUMENTS or field.field.startswith("sections.")):
            shares.setdefault(part, []).append(field.overlap.shared)
    return [(part, sum(values) / len(values)) for part, values in sorted(shares.items())]
