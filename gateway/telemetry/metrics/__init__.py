"""What the gateway measures: one catalogue of names, units and labels, and the parts that read values at a scrape."""

from gateway.telemetry.metrics.catalogue import Metrics

__all__ = ["Metrics"]
