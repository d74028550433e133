"""What a process has of the rollout besides the flags: the way to change it, the watch over it, the flip clock."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

from flags import FlagControl, open_control
from flags.overridable import OverridableSource
from gateway.config.settings import Settings
from gateway.database.pool import Database
from gateway.rollout.changes import RolloutChanges
from gateway.rollout.flip_clock import FlipClock
from gateway.rollout.follower import Follower, Pulse
from gateway.rollout.metrics import RolloutCollector
from gateway.telemetry.metrics import Metrics


@dataclass(frozen=True, slots=True)
class Steering:
    """Shared by routes, workers and ramps."""

    changes: RolloutChanges
    flips: FlipClock
    watch: Follower


@asynccontextmanager
async def open_steering(
    settings: Settings, database: Database, flags: OverridableSource, metrics: Metrics
) -> AsyncIterator[Steering]:
    """Follower the rollout for as long as this is open. The flags must have been started. Raises psycopg.Error."""
    control = build_control(settings)
    flips = FlipClock()
    pulse = Pulse(listens=not settings.database_transaction_pooler)
    watch = Follower(database, flags, control, flips=flips, arrival=metrics.flip_arrival, pulse=pulse)
    metrics.registry.register(RolloutCollector(flags, watch, flips))
    try:
        await watch.start()
        yield Steering(build_changes(settings, database, control), flips, watch)
    finally:
        await watch.stop()
        if control is not None:
            await control.close()


def build_control(settings: Settings) -> FlagControl | None:
    """The control beside the flag source that the settings name; None without the token that it needs."""
    token = settings.unleash_admin_token
    if settings.unleash_url is not None and token is None:
        return None
    return open_control(
        data_dir=settings.data_dir,
        unleash_url=settings.unleash_url,
        admin_token=None if token is None else token.get_secret_value(),
        project=settings.unleash_project,
        environment=settings.unleash_environment,
        candidate=settings.candidate_pipeline,
    )


def build_changes(settings: Settings, database: Database | None, control: FlagControl | None) -> RolloutChanges:
    """Changes to what the settings name; without a database, they are not written down."""
    pool = None if database is None else database.pool
    return RolloutChanges(pool, control, kept_in="file" if settings.unleash_url is None else "unleash")
