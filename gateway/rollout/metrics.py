"""What a process knows of the rollout's changes, as metrics: read at each scrape."""

from collections.abc import Iterator

from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from flags.override import OverridableSource
from gateway.rollout.flips import FlipClock
from gateway.rollout.watch import Watch


class RolloutCollector(Collector):
    """Exports the watch and the flip clock. The history is one for all processes: never sum it over them."""

    def __init__(self, flags: OverridableSource, watch: Watch, flips: FlipClock) -> None:
        self._flags = flags
        self._watch = watch
        self._flips = flips

    def collect(self) -> Iterator[Metric]:
        """The state now."""
        thrown = self._flags.override is not None
        yield GaugeMetricFamily("gateway_rollout_override", "1 while a local override sends all to v1.", value=thrown)
        yield GaugeMetricFamily(
            "gateway_rollout_listening", "1 while changes are heard of at once.", value=self._watch.listening
        )
        yield from self._history()
        if (seconds := self._flips.seconds) is not None:
            yield GaugeMetricFamily(
                "gateway_rollback_last_start_seconds",
                "After a rollback: from its commit to the last start here of a job that it keeps away, 0 if none.",
                value=seconds,
            )

    def _history(self) -> Iterator[Metric]:
        last = self._watch.last_change
        yield CounterMetricFamily(
            "gateway_rollout_changes", "Rows of the rollout's history, as known here.", value=last.id if last else 0
        )
        if last is not None:
            at = GaugeMetricFamily(
                "gateway_rollout_last_change_timestamp_seconds",
                "When the newest change was written down, by what changed and through what.",
                labels=("what", "via"),
            )
            at.add_metric((last.what, last.via), last.at.timestamp())
            yield at
