"""One attempt at a claimed job: what its pipeline is given, the run itself, and the finishing transaction."""

import asyncio
import contextlib
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import msgspec

from flags.model import number_of
from gateway.confinement.disk import remove
from gateway.database.retry import retry_while_away
from gateway.jobs.memories.store import memory_of
from gateway.jobs.model import Claim, Job
from gateway.jobs.roles import is_candidate
from gateway.jobs.run.context import RunContext
from gateway.jobs.run.interrupt import Running
from gateway.jobs.run.isolated.host import Isolation, run_isolated
from gateway.jobs.run.metrics import count_move, exemplar_of
from gateway.jobs.run.ports import JobExport, JobProgress, StagingSink, StoredSteps, UserChunks, UserReadings
from gateway.jobs.store import JobStore
from gateway.jobs.waiting import STORAGE, Patience, WaitingJobs
from gateway.language.paid import paid_from
from gateway.language.prices import UNPRICED, Prices
from gateway.language.purse import Caps, Purse
from gateway.rollout.flip_clock import FlipClock
from pipelines.contract import Compute, ImportRequest, Language, PipelineError, Ports, Soulprint
from pipelines.language.embedded import EmbeddedLanguage

UNTRIED_SECONDS: Final = 5.0  # a job that was just tried again in vain is not woken by another's success


@dataclass(frozen=True, slots=True, kw_only=True)
class JobContext(RunContext):
    """What runs of jobs need besides."""

    store: JobStore
    language: Language
    compute: Compute
    flips: FlipClock
    prices: Prices = UNPRICED  # of what the language engine asks
    embeds: bool = False  # an embedding provider follows: chunks are not complete when the job is
    isolate: Callable[[str, str], Isolation | None] = lambda _pipeline, _base: None  # where a version's runs are forked
    waiting: WaitingJobs
    patience: Patience
    candidates: JobStore | None = None  # over connections that only runs of candidates use

    @property
    def base(self) -> str:
        """The version that all users fall back to now."""
        return self.flags.versions.base

    def store_of(self, pipeline: str) -> JobStore:
        """Where a run of this version reads and writes."""
        return self.candidates if self.candidates is not None and is_candidate(pipeline, self.base) else self.store


async def attempt(context: JobContext, running: Running) -> None:
    """The run itself, up to and including the finishing transaction."""
    limit = context.settings.job_timeout_seconds
    try:
        async with asyncio.timeout(limit) as timeout:
            soulprint = await compute(context, running)
            await retry_while_away(lambda: finish(context, running, soulprint))
    except TimeoutError as error:
        if not timeout.expired():
            raise
        raise PipelineError(f"the job took longer than {limit:g} s") from error


async def finish(context: JobContext, running: Running, soulprint: Soulprint) -> None:
    callback, claim = context.settings.vercel_api_url is not None, running.claim
    store = context.store_of(claim.job.pipeline)
    previous = await store.finish(claim, soulprint, running.known, embedded=not context.embeds, callback=callback)
    count_move(context.metrics, previous, claim.job.pipeline)


async def compute(context: JobContext, running: Running) -> Soulprint:
    job = running.claim.job
    pipeline = context.registry.usable.get(job.pipeline)
    if pipeline is None:
        raise why_missing(job, context.base)
    store = context.store_of(job.pipeline)
    running.known = await retry_while_away(lambda: memory_of(store.pool, job.user_id, job.pipeline))
    request = ImportRequest(
        job_id=job.id,
        user_id=job.user_id,
        storage_path=job.storage_path,
        inline=job.inline,
        conversation_count=job.conversation_count,
        message_count=job.message_count,
        accepted_at=job.created_at,
        memory=running.known,
    )
    with private_folder(context.workdir, job.id) as workdir:
        purse = purse_of(context, running.claim)
        ports = ports_of(context, running, workdir, purse)
        isolation = context.isolate(job.pipeline, context.base)
        if isolation is None:
            soulprint = await pipeline(request, ports)
        else:
            soulprint = await run_isolated(isolation, pipeline, request, ports, running.note_life)
        return msgspec.structs.replace(soulprint, warnings=(*soulprint.warnings, *purse.warnings))


def purse_of(context: JobContext, claim: Claim) -> Purse:
    settings = context.settings
    caps = Caps(settings.language_job_usd, settings.language_daily_usd)
    return Purse(context.store_of(claim.job.pipeline).pool, claim.job.id, context.prices, caps)


def why_missing(job: Job, base: str) -> PipelineError:
    """A newer version may be here with the next deploy; one older than the base was deleted, and nothing stands in."""
    if number_of(job.pipeline) >= number_of(base):
        return PipelineError(f"there is no pipeline {job.pipeline} in this version", retryable=True)
    given = "the conversations that came with the request" if job.inline else "a request without a stored export"
    if job.storage_path:
        given = "the export"
    return PipelineError(f"pipeline {job.pipeline} is no longer here, and no other takes {given}", cause="operator")


def ports_of(context: JobContext, running: Running, workdir: Path, purse: Purse) -> Ports:
    claim = running.claim
    store, settings = context.store_of(claim.job.pipeline), context.settings
    pool = store.pool
    seconds = context.metrics.step_seconds

    def observe(step: str, took: float) -> None:
        running.note_life()
        name = step.partition("/")[0]
        seconds.labels(claim.job.pipeline, claim.job.mode, name).observe(took, exemplar_of(claim.job))

    async def arrived() -> None:
        if claim.job.waits:  # the storage is back: others need not wait to the end of their pauses
            await retry_while_away(lambda: context.waiting.wake(STORAGE, untried_seconds=UNTRIED_SECONDS))

    return Ports(
        exports=JobExport(pool, context.exports, claim, workdir, arrived),
        stored_chunks=UserChunks(pool, claim.job.user_id),
        language=paid_from(purse, context.language, EmbeddedLanguage(context.compute)),
        sink=StagingSink(pool, claim),
        steps=StoredSteps(
            pool,
            claim,
            time_limit=settings.step_timeout_seconds,
            before=running.check,
            observe=observe,
            trace=context.tracing.step,
        ),
        progress=JobProgress(store, claim, running.note_life),
        compute=context.compute,
        workdir=workdir,
        fact_concurrency=settings.fact_extraction_concurrency,
        chunk_limit=settings.chunks_per_user,
        readings=UserReadings(pool, claim, purse.expect),
    )


@contextlib.contextmanager
def private_folder(parent: Path, name: str) -> Iterator[Path]:
    """A folder of its own for one run, removed after it."""
    parent.mkdir(parents=True, exist_ok=True)
    folder = Path(tempfile.mkdtemp(prefix=f"{name}-", dir=parent))
    try:
        yield folder
    finally:
        remove(folder)
