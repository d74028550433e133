"""What this process knows of the flags, as metrics: read from the flag source at each scrape."""

from collections.abc import Iterator

from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, InfoMetricFamily, Metric
from prometheus_client.registry import Collector

from flags import FlagSource
from flags.model import FlagState


class FlagCollector(Collector):
    """Exports a source's state."""

    def __init__(self, source: FlagSource) -> None:
        self._source = source

    def collect(self) -> Iterator[Metric]:
        """The state now."""
        state = self._source.state()
        yield InfoMetricFamily("gateway_flags", "Where flags come from, and their revision.", _info(state))
        yield GaugeMetricFamily("gateway_flags_known", "1 once any flags were known.", value=state.known)
        yield GaugeMetricFamily("gateway_flags_healthy", "1 while the last refresh succeeded.", value=state.healthy)
        yield GaugeMetricFamily(
            "gateway_flags_age_seconds", "Time since the last successful refresh.", value=state.age_seconds
        )
        yield GaugeMetricFamily(
            "gateway_flags_dial_percent", "Share of users that v2 serves, in force here, 0 to 100.", value=state.dial
        )
        shadow = state.rollout.shadow_percent if state.rollout else 0.0
        yield GaugeMetricFamily("gateway_flags_shadow_percent", "Share of users compared, 0 to 100.", value=shadow)
        yield CounterMetricFamily("gateway_flags_refreshes", "Successful refreshes.", value=state.refreshes)
        yield CounterMetricFamily(
            "gateway_flags_refresh_failures", "Failed refreshes, broken saves of the file.", value=state.failures
        )


def _info(state: FlagState) -> dict[str, str]:
    return {"source": state.source, "revision": state.revision}
