"""What a process has of the rollout besides the flags: the way to change it, the watch over it, the flip clock."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

from flags.model import Versions
from flags.overridable import OverridableSource
from gateway.config.settings import Settings
from gateway.database.pool import Database
from gateway.database.shared_line.leaders import Leaders
from gateway.database.shared_line.line import Line
from gateway.rollout.all_off.switch import OffSwitch
from gateway.rollout.changes import RolloutChanges, build_changes
from gateway.rollout.control import build_control
from gateway.rollout.flip_clock import FlipClock
from gateway.rollout.follower import Follower
from gateway.rollout.metrics import RolloutCollector
from gateway.rollout.processes.report import ProcessReport
from gateway.telemetry.metrics import Metrics


@dataclass(frozen=True, slots=True)
class Steering:
    """Shared by routes, workers and ramps."""

    changes: RolloutChanges
    flips: FlipClock
    watch: Follower
    report: ProcessReport
    off: OffSwitch
    line: Line
    leaders: Leaders


@asynccontextmanager
async def open_steering(  # noqa: PLR0913, PLR0917 (one parameter a part)
    settings: Settings,
    database: Database,
    flags: OverridableSource,
    metrics: Metrics,
    versions: Versions,
    report: ProcessReport | None = None,
    leaders: Leaders | None = None,
) -> AsyncIterator[Steering]:
    """Follow the rollout for as long as this is open. The flags must have been started. Raises psycopg.Error.

    `leaders`: hears who leads; without it, one of its own does.
    """
    control = build_control(settings, versions)
    report = report or ProcessReport(flags, FlipClock())
    flips = report.flips
    line, leaders = Line(database.url, listens=not settings.database_transaction_pooler), leaders or Leaders()
    line.join(leaders)
    watch = Follower(database, flags, control, flips=flips, arrival=metrics.flip_arrival, line=line, report=report)
    metrics.registry.register(RolloutCollector(flags, watch, flips))
    changes = build_changes(settings, database, control)
    off = OffSwitch(database.pool, changes, {"flags": flags.refresh, "override": watch.look})
    try:
        await watch.start()
        line.start()
        yield Steering(changes, flips, watch, report, off, line, leaders)
    finally:
        await off.close()
        await line.stop()
        await watch.stop()
        if control is not None:
            await control.close()
