"""The process itself: its connections to the database, what runs, and what it takes of the machine."""

import platform
from collections.abc import Iterator
from importlib.metadata import version

from prometheus_client import CollectorRegistry, ProcessCollector
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from gateway.database.pool import Pool
from gateway.database.reads import Reads
from gateway.telemetry.metrics.catalogue import Metrics
from gateway.telemetry.metrics.declare import Entry

CONNECTIONS = Entry("gateway_db_pool_connections", "gauge", "Open connections of the pool: used, idle.", ("state",))
MOST = Entry("gateway_db_pool_max", "gauge", "Connections that the pool opens at most.")
WAITING = Entry("gateway_db_pool_waiting", "gauge", "Who waits for a free connection now.")
REQUESTS = Entry("gateway_db_pool_requests", "counter", "Connections asked for.")
WAITED = Entry("gateway_db_pool_wait_seconds", "counter", "Time waited for a free connection.")
ERRORS = Entry("gateway_db_pool_errors", "counter", "Connections asked for that were not to be had in time.")
READS = Entry(
    "gateway_operator_reads",
    "counter",
    "Reads of operators over their own connections, by outcome: answered, too_long (cut off), busy (no free "
    "connection in time), failed.",
    ("outcome",),
)
ENTRIES = (CONNECTIONS, MOST, WAITING, REQUESTS, WAITED, ERRORS, READS)


class PoolCollector(Collector):
    """Exports the pool's own statistics."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool

    def collect(self) -> Iterator[Metric]:
        """The state now."""
        found = self._pool.get_stats()
        size, idle = found.get("pool_size", 0), found.get("pool_available", 0)
        connections = GaugeMetricFamily(CONNECTIONS.name, CONNECTIONS.text, labels=CONNECTIONS.labels)
        connections.add_metric(("used",), max(size - idle, 0))
        connections.add_metric(("idle",), idle)
        yield connections
        yield GaugeMetricFamily(MOST.name, MOST.text, value=found.get("pool_max", 0))
        yield GaugeMetricFamily(WAITING.name, WAITING.text, value=found.get("requests_waiting", 0))
        yield CounterMetricFamily(REQUESTS.name, REQUESTS.text, value=found.get("requests_num", 0))
        yield CounterMetricFamily(WAITED.name, WAITED.text, value=found.get("requests_wait_ms", 0) / 1000)
        yield CounterMetricFamily(ERRORS.name, ERRORS.text, value=found.get("requests_errors", 0))


class ReadCollector(Collector):
    """Exports how operators' reads ended."""

    def __init__(self, reads: Reads) -> None:
        self._reads = reads

    def collect(self) -> Iterator[Metric]:
        """Since the start."""
        family = CounterMetricFamily(READS.name, READS.text, labels=READS.labels)
        for outcome, count in self._reads.counts.items():
            family.add_metric((outcome,), count)
        yield family


def describe_process(metrics: Metrics, pool: Pool, reads: Reads) -> None:
    """Register what a process says of itself."""
    registry: CollectorRegistry = metrics.registry
    metrics.build.labels(version("soulprint-gateway"), platform.python_version()).set(1)
    registry.register(PoolCollector(pool))
    registry.register(ReadCollector(reads))
    ProcessCollector(registry=registry)
