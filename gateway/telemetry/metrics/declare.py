"""Declares metrics on a registry, and keeps what was declared: documentation, dashboards and rules are held to it."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram

PREFIX = "gateway_"


@dataclass(frozen=True, slots=True)
class Entry:
    """One metric family. `name` is without the suffixes that its samples get (`_total`, `_bucket`, ...)."""

    name: str
    kind: str  # counter, gauge, histogram, info
    text: str
    labels: tuple[str, ...] = ()
    buckets: tuple[float, ...] = ()

    @property
    def series(self) -> tuple[str, ...]:
        """The names that its samples have, as queries spell them."""
        match self.kind:
            case "counter":
                return (f"{self.name}_total",)
            case "info":
                return (f"{self.name}_info",)
            case "histogram":
                return tuple(f"{self.name}_{part}" for part in ("bucket", "sum", "count"))
        return (self.name,)


@dataclass(slots=True)
class Declarations:
    """Makes instruments on `registry`. Names are given without the prefix, counters without `_total`."""

    registry: CollectorRegistry
    entries: list[Entry] = field(default_factory=list)

    def counter(self, name: str, text: str, *labels: str) -> Counter:
        """What only grows."""
        entry = self._note(name, "counter", text, labels)
        return Counter(entry.name, text, labels, registry=self.registry)

    def gauge(self, name: str, text: str, *labels: str) -> Gauge:
        """What goes up and down."""
        entry = self._note(name, "gauge", text, labels)
        return Gauge(entry.name, text, labels, registry=self.registry)

    def histogram(self, name: str, text: str, *labels: str, buckets: Sequence[float]) -> Histogram:
        """How values are spread; `buckets` are upper bounds, in the unit of the name."""
        entry = self._note(name, "histogram", text, labels, tuple(buckets))
        return Histogram(entry.name, text, labels, buckets=buckets, registry=self.registry)

    def _note(self, name: str, kind: str, text: str, labels: Sequence[str], buckets: tuple[float, ...] = ()) -> Entry:
        entry = Entry(f"{PREFIX}{name}", kind, text, tuple(labels), buckets)
        self.entries.append(entry)
        return entry
