"""The composition root: opens everything that a process of the gateway needs, and closes it in reverse order."""

from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Literal

import structlog
from prometheus_client import CollectorRegistry

from flags.last_known.snapshot import Traits
from flags.model import Versions, number_of
from flags.overridable import OverridableSource
from flags.source import FlagSource, open_source
from gateway.config.settings import Settings
from gateway.confinement.model import UNTRIED, Confinement
from gateway.database.drift import find_drift
from gateway.database.migrations import migrate
from gateway.database.pool import Database, Pool, open_database
from gateway.database.reads import Reads, open_reads
from gateway.database.shared_line.leaders import Leaders
from gateway.exports import ExportStore, open_exports
from gateway.jobs.accept.accepter import Accepter
from gateway.jobs.accept.decision import Imports
from gateway.jobs.accept.opening import build_accepter, open_teller
from gateway.jobs.queue.teller import Teller
from gateway.jobs.queue.version import check_engine
from gateway.jobs.run.process_pool import ProcessCompute
from gateway.language.batches import Batches
from gateway.language.choice import choose_language
from gateway.language.engines import Engines, open_language
from gateway.language.metrics import count_language
from gateway.language.rate_limit import PostgresRateLimit
from gateway.rollout.broken_candidate import WithoutCandidate
from gateway.rollout.flip_clock import FlipClock
from gateway.rollout.metrics import FlagCollector
from gateway.rollout.opening import Steering, open_steering
from gateway.rollout.processes.flag_lead import FlagLead
from gateway.rollout.processes.report import ProcessReport
from gateway.rollout.promotion import read_promoted
from gateway.shadow.attempt import ShadowContext
from gateway.shadow.batches.aside import Asides
from gateway.shadow.batches.payment import Payment
from gateway.shadow.batches.store import BatchStore
from gateway.shadow.budget import YieldingRateLimit
from gateway.shadow.run import Shadows
from gateway.shadow.sandbox.busy import Busy
from gateway.shadow.store import ShadowStore
from gateway.telemetry.metrics import Metrics
from gateway.telemetry.metrics.database_gauges import DatabaseReading
from gateway.telemetry.metrics.initial_series import begin_accepts
from gateway.telemetry.metrics.process import describe_process
from gateway.telemetry.tracing.marks import UNTRACED, Tracing
from gateway.telemetry.tracing.opening import open_tracing
from pipelines.contract import Compute, Language
from pipelines.registry import BrokenPipeline, Registry, find_pipelines

Role = Literal["api", "worker", "cli"]
log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Services:
    """What routes, workers and commands share. Everything in it is open for as long as `open_services` is."""

    settings: Settings
    database: Database
    flags: FlagSource
    registry: Registry
    accepter: Accepter
    imports: Imports
    metrics: Metrics
    exports: ExportStore
    engines: Engines
    compute: Compute
    steering: Steering
    reading: DatabaseReading
    reads: Reads  # what people look at
    teller: Teller  # tells workers of new entries
    tracing: Tracing = UNTRACED
    shadow_language: Language | None = None  # a provider's engine with counts and a pace of its own
    shadow_batches: Batches | None = None  # the same by batches, where LANGUAGE_BATCH is set
    confinement: Confinement = UNTRIED  # what this machine keeps the processes of runs and comparisons from

    @property
    def base(self) -> str:
        """The version that all users fall back to now."""
        return self.flags.versions.base


@asynccontextmanager
async def open_services(
    settings: Settings, role: Role = "api", *, registry: Registry | None = None, tracing: Tracing | None = None
) -> AsyncIterator[Services]:
    """Open the services of one process. `tracing` stands in for what the settings ask for.

    Raises `BrokenPipeline` and `TracingConfigError` before anything else is touched, then what database and migrations
    raise, and `BrokenPipeline` for a base that was promoted, or that is not there.
    """
    found = registry or find_pipelines()
    if role != "cli":
        check_pipelines(found, settings)
    metrics = begin_metrics(role, found)
    async with AsyncExitStack() as stack:
        if tracing is None:
            tracing = await stack.enter_async_context(open_tracing(settings))
        versions = known_versions(settings, found)
        database = await stack.enter_async_context(open_migrated(settings))
        if role != "cli":
            await check_base(found, settings, versions, database)
        reads, reading = await stack.enter_async_context(open_reading(settings, database, metrics, found))
        leaders = Leaders()
        lead = None if role == "cli" or settings.unleash_url is None else FlagLead(database.pool, leaders)
        flags = await stack.enter_async_context(open_flags(settings, found, versions, metrics, lead))
        report = ProcessReport(flags, FlipClock(), role, tuple(found.usable), tuple(found.broken))
        opening = open_steering(settings, database, flags, metrics, versions, report, leaders)
        steering = await stack.enter_async_context(opening)
        teller = await stack.enter_async_context(open_teller(database))
        accepter = await stack.enter_async_context(build_accepter(settings, database, metrics, tracing, teller))
        compute = ProcessCompute()
        asking = open_engines(settings, database, compute, metrics, tracing)
        engines, shadow_language, shadow_batches = await stack.enter_async_context(asking)
        yield Services(
            settings=settings,
            database=database,
            flags=flags,
            registry=found,
            accepter=accepter,
            imports=Imports(flags, found, accepter, metrics),
            metrics=metrics,
            exports=await stack.enter_async_context(open_exports(settings)),
            engines=engines,
            compute=compute,
            steering=steering,
            reading=reading,
            reads=reads,
            teller=teller,
            tracing=tracing,
            shadow_language=shadow_language,
            shadow_batches=shadow_batches,
        )


@asynccontextmanager
async def open_reading(
    settings: Settings, database: Database, metrics: Metrics, registry: Registry
) -> AsyncIterator[tuple[Reads, DatabaseReading]]:
    """What people look at, and what each scrape reads."""
    async with open_reads(settings, database) as reads:
        describe_process(metrics, database.pool, reads)
        reading = DatabaseReading(metrics, database.pool, settings, registry.usable)
        metrics.registry.register(reading)
        try:
            yield reads, reading
        finally:
            await reading.close()


@asynccontextmanager
async def open_flags(
    settings: Settings,
    registry: Registry,
    versions: Versions,
    metrics: Metrics,
    lead: FlagLead | None = None,
) -> AsyncIterator[OverridableSource]:
    """The flags, watched and counted until the block ends. `lead`: one of several processes that ask Unleash."""
    led_elsewhere = (lambda: False) if lead is None else lead.led_elsewhere
    flags = OverridableSource(build_flags(settings, registry, versions, led_elsewhere))
    metrics.registry.register(FlagCollector(flags))
    await flags.start()
    if lead is not None:
        lead.start(flags)
    try:
        yield flags
    finally:
        if lead is not None:
            await lead.stop()
        await flags.stop()


@asynccontextmanager
async def open_migrated(settings: Settings) -> AsyncIterator[Database]:
    """The database with this version's schema. Raises what it or the migrations raise."""
    database = await open_database(settings)
    try:
        await migrate(database)
        async with database.pool.connection() as connection:
            for drift in await find_drift(connection):
                log.warning("app_table_drifted", what=drift.what, mend=drift.statement)
        yield database
    finally:
        await database.close()


@asynccontextmanager
async def open_engines(
    settings: Settings, database: Database, compute: Compute, metrics: Metrics, tracing: Tracing
) -> AsyncIterator[tuple[Engines, Language | None, Batches | None]]:
    """The engines, and where a provider is asked a second one for shadows: no call of theirs is in a user's way."""
    notify = tracing.hear(count_language(metrics))
    open_one = partial(open_language, settings, compute, notify=notify, watch=tracing.call)
    pool, limit = database.pool, settings.language_calls_per_minute
    async with open_one(pace=None if limit is None else PostgresRateLimit(pool, limit)) as engines:
        if choose_language(settings) is None or not settings.shadow_concurrency:
            yield engines, None, None
            return
        yielding = None if limit is None else YieldingRateLimit(pool, limit)
        async with open_one(pace=yielding, batches=True) as others:
            yield engines, others.language, others.batches


def build_shadows(services: Services, pool: Pool, workdir: Path, busy: Busy) -> Shadows:
    """What runs shadows, over a pool and a folder of the worker. They make way while it is `busy` with jobs."""
    settings, batches = services.settings, services.shadow_batches
    asides = None
    if batches is not None:
        payment = Payment(batches.prices, settings.shadow_daily_tokens, settings.shadow_daily_usd)
        asides = Asides(BatchStore(pool), batches.desk, payment, services.metrics)
    return Shadows(
        ShadowContext(
            store=ShadowStore(pool),
            settings=settings,
            registry=services.registry,
            exports=services.exports,
            language=services.shadow_language,
            asides=asides,
            flags=services.flags,
            metrics=services.metrics,
            workdir=workdir,
            tracing=services.tracing,
            busy=busy,
        )
    )


def begin_metrics(role: Role, registry: Registry) -> Metrics:
    """The process's metrics. They and the log tell which pipelines can be used, and of those that cannot, why."""
    metrics = Metrics(CollectorRegistry())
    if role != "worker":
        begin_accepts(metrics, registry.usable)
    for name in registry.usable:
        metrics.pipeline_usable.labels(name).set(1)
    for name, why in registry.broken.items():
        metrics.pipeline_usable.labels(name).set(0)
        log.error("pipeline_broken", pipeline=name, error=why)
    return metrics


def check_pipelines(found: Registry, settings: Settings) -> None:
    """A candidate that is named has to be there, and something that could be the base. Raises BrokenPipeline."""
    found.check_known(*filter(None, [settings.candidate_pipeline]))
    if not any(number_of(name) >= number_of(settings.base_pipeline) for name in found.usable):
        found.check(settings.base_pipeline)


async def check_base(found: Registry, settings: Settings, versions: Versions, database: Database) -> None:
    """The job engine is one that is known, and the base usable: promoted, or set. Raises what is wrong with either."""
    async with database.pool.connection() as connection:
        await check_engine(connection)
        promoted = await read_promoted(connection)
    if found.lacks(settings.base_pipeline) and (promoted is None or found.lacks(promoted)):
        raise BrokenPipeline(
            f"there is no pipeline {settings.base_pipeline}, which is the base: found {', '.join(found.usable)}. "
            "Before its folder is deleted, `gateway rollout promote` makes another the base, or BASE_PIPELINE names one"
        )
    found.check(versions.promoted_to(promoted).base)


def known_versions(settings: Settings, registry: Registry) -> Versions:
    """The ladder of the pipelines that are there; nobody gets one that cannot be imported."""
    known = Versions.known([*registry.usable, *registry.broken], settings.base_pipeline, settings.candidate_pipeline)
    return replace(known, broken=tuple(registry.broken))


def build_flags(
    settings: Settings, registry: Registry, versions: Versions, led_elsewhere: Callable[[], bool] = lambda: False
) -> FlagSource:
    """The flag source that the settings name, not started; without its candidate where that cannot be imported."""
    token = settings.unleash_api_token
    source = open_source(
        data_dir=settings.data_dir,
        unleash_url=settings.unleash_url,
        unleash_token=None if token is None else token.get_secret_value(),
        poll_seconds=settings.unleash_poll_seconds,
        timeout_seconds=settings.unleash_timeout_seconds,
        traits=Traits(
            environment=settings.unleash_environment,
            same_share=settings.shadow_same_percent,
            versions=versions,
        ),
        led_elsewhere=led_elsewhere,
    )
    return WithoutCandidate(source) if versions.candidate in registry.broken else source
