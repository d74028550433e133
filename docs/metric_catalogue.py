"""Everything that a process can export, for documentation and for checks of dashboards and rules; opens nothing."""

from collections.abc import Iterator
from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any, cast

from prometheus_client import CollectorRegistry
from prometheus_client.registry import Collector

from flags.model import FlagState, Rollout, VersionRollout
from gateway.rollout.metrics import FlagCollector, RolloutCollector
from gateway.telemetry.metrics import database_gauges, process
from gateway.telemetry.metrics.catalogue import Metrics
from gateway.telemetry.metrics.declare import Entry

GROWS_NO_LABEL = frozenset({"le", "quantile"})


def all_entries() -> list[Entry]:
    """The whole catalogue, sorted by name: what is counted, and what is read at a scrape."""
    found = [*Metrics(CollectorRegistry()).entries, *database_gauges.ENTRIES, *process.ENTRIES]
    for collector in collectors():
        found += entries_of(collector)
    return sorted(found, key=lambda entry: entry.name)


def collectors() -> Iterator[Collector]:
    """The collectors that read something else's state, over states that have everything to tell."""
    rollout = Rollout((VersionRollout("v2", 0.0, enabled=False),), 0.0, "")
    state = FlagState("file", known=True, healthy=True, revision="", dial=0.0, age_seconds=0.0, rollout=rollout)
    source: Any = SimpleNamespace(state=lambda: state, override=None)
    yield FlagCollector(source)
    change = SimpleNamespace(id=1, what="rollout", via="cli", at=datetime(2024, 1, 1, tzinfo=UTC))
    watch: Any = SimpleNamespace(listening=True, last_change=change)
    yield RolloutCollector(source, watch, cast("Any", SimpleNamespace(seconds=0.0)))


def entries_of(collector: Collector) -> Iterator[Entry]:
    """What a collector yields, described by itself."""
    for family in collector.collect():
        labels = {label: None for sample in family.samples for label in sample.labels if label not in GROWS_NO_LABEL}
        yield Entry(family.name, family.type, family.documentation, tuple(labels))
