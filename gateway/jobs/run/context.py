"""What every run of a pipeline needs, whether it is a job or a comparison: the same for all of a worker."""

from dataclasses import dataclass
from pathlib import Path

from flags.source import FlagSource
from gateway.config.settings import Settings
from gateway.jobs.run.ports import FetchesExports
from gateway.telemetry.metrics import Metrics
from gateway.telemetry.tracing.marks import UNTRACED, Tracing
from pipelines.registry import Registry


@dataclass(frozen=True, slots=True, kw_only=True)
class RunContext:
    """The part that jobs and comparisons share."""

    settings: Settings
    registry: Registry
    exports: FetchesExports
    flags: FlagSource
    metrics: Metrics
    workdir: Path
    tracing: Tracing = UNTRACED
