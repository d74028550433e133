"""What a process knows of the flags and of their changes, as metrics: read at each scrape."""

from collections.abc import Iterator

from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, InfoMetricFamily, Metric
from prometheus_client.registry import Collector

from flags.model import FlagState
from flags.overridable import OverridableSource
from flags.roles import roles_of
from flags.source import FlagSource
from gateway.rollout.flip_clock import FlipClock
from gateway.rollout.follower import Follower


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
            "gateway_flags_dial_percent",
            "Share of users for whom the flag of the version that commands address is on, in force here, 0 to 100.",
            value=state.dial,
        )
        shadow = state.rollout.shadow_percent if state.rollout else 0.0
        yield GaugeMetricFamily("gateway_flags_shadow_percent", "Share of users compared, 0 to 100.", value=shadow)
        yield from _of_versions(state)
        yield from _roles(state)
        yield CounterMetricFamily("gateway_flags_refreshes", "Successful refreshes.", value=state.refreshes)
        yield CounterMetricFamily(
            "gateway_flags_refresh_failures", "Failed refreshes, broken saves of the file.", value=state.failures
        )


def _of_versions(state: FlagState) -> Iterator[Metric]:
    asked = GaugeMetricFamily(
        "gateway_flags_set_percent", "Each version's flag as it was set, kept while it is off.", labels=("pipeline",)
    )
    measured = GaugeMetricFamily(
        "gateway_flags_measured_percent", "For which share of a fixed sample it is on.", labels=("pipeline",)
    )
    for version in state.rollout.ladder if state.rollout else ():
        asked.add_metric((version.pipeline,), version.percent)
        measured.add_metric((version.pipeline,), version.measured or 0.0)
    yield asked
    yield measured
    yield GaugeMetricFamily(
        "gateway_flags_missing",
        "Flags that were known, also to processes before this one, and do not exist any more.",
        value=len(state.missing),
    )
    yield GaugeMetricFamily(
        "gateway_flags_warnings",
        "Flags that cannot be read, or hold what the gateway never writes; /ready names them.",
        value=len(state.warnings),
    )


def _roles(state: FlagState) -> Iterator[Metric]:
    """What each version is, whatever its name: rules and dashboards ask for roles."""
    roles = GaugeMetricFamily(
        "gateway_pipeline_role",
        "1; what a version is by the flags: base, or candidate (its flag is asked), against the version that most of "
        "its users would have if that flag were off.",
        labels=("pipeline", "role", "against"),
    )
    shares = GaugeMetricFamily(
        "gateway_flags_share_percent",
        "Share of all users that each version serves by the flags in force, users called by name not counted.",
        labels=("pipeline",),
    )
    for role in roles_of(state):
        roles.add_metric((role.pipeline, role.role, role.against), 1)
        shares.add_metric((role.pipeline,), role.share)
    yield roles
    yield shares


def _info(state: FlagState) -> dict[str, str]:
    return {"source": state.source, "revision": state.revision}


class RolloutCollector(Collector):
    """Exports the watch and the flip clock. The history is one for all processes: never sum it over them."""

    def __init__(self, flags: OverridableSource, watch: Follower, flips: FlipClock) -> None:
        self._flags = flags
        self._watch = watch
        self._flips = flips

    def collect(self) -> Iterator[Metric]:
        """The state now."""
        thrown = self._flags.override is not None
        yield GaugeMetricFamily(
            "gateway_rollout_override", "1 while a local override sends all to the base.", value=thrown
        )
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
