"""One attempt at a claimed job: what its pipeline is given, the run itself, and the finishing transaction."""

import asyncio
import contextlib
import shutil
import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from flags import FlagSource
from gateway.config.settings import Settings
from gateway.database.retry import patiently
from gateway.jobs.model import Claim
from gateway.jobs.run.interrupt import Running
from gateway.jobs.run.metrics import MODE, count_move, exemplar_of
from gateway.jobs.run.ports import FetchesExports, JobExport, JobProgress, StagingSink, StoredSteps, UserChunks
from gateway.jobs.store import JobStore
from gateway.rollout.flip_clock import FlipClock
from gateway.telemetry.metrics import Metrics
from gateway.telemetry.tracing.opening import UNTRACED, Tracing
from pipelines.contract import Compute, ImportRequest, Language, Pipeline, PipelineError, Ports, Soulprint


@dataclass(frozen=True, slots=True)
class Workshop:
    """What runs need, besides the job: the same for all runs of a worker."""

    store: JobStore
    settings: Settings
    pipelines: Mapping[str, Pipeline]
    exports: FetchesExports
    language: Language
    compute: Compute
    flags: FlagSource
    metrics: Metrics
    workdir: Path
    flips: FlipClock
    tracing: Tracing = UNTRACED
    embeds: bool = False  # an embedding provider follows: chunks are not complete when the job is


async def attempt(workshop: Workshop, running: Running) -> None:
    """The run itself, up to and including the finishing transaction."""
    claim = running.claim
    limit = workshop.settings.job_timeout_seconds
    try:
        async with asyncio.timeout(limit) as timeout:
            soulprint = await compute(workshop, running)
            await patiently(lambda: finish(workshop, claim, soulprint))
    except TimeoutError as error:
        if not timeout.expired():
            raise
        raise PipelineError(f"the job took longer than {limit:g} s") from error


async def finish(workshop: Workshop, claim: Claim, soulprint: Soulprint) -> None:
    callback = workshop.settings.vercel_api_url is not None
    previous = await workshop.store.finish(claim, soulprint, embedded=not workshop.embeds, callback=callback)
    count_move(workshop.metrics, previous, claim.job.pipeline)


async def compute(workshop: Workshop, running: Running) -> Soulprint:
    job = running.claim.job
    pipeline = workshop.pipelines.get(job.pipeline)
    if pipeline is None:
        raise PipelineError(f"there is no pipeline {job.pipeline} in this version", retryable=True)
    request = ImportRequest(
        job_id=job.id,
        user_id=job.user_id,
        storage_path=job.storage_path,
        inline=job.inline,
        conversation_count=job.conversation_count,
        message_count=job.message_count,
        accepted_at=job.created_at,
    )
    with private_folder(workshop.workdir, job.id) as workdir:
        return await pipeline(request, ports_of(workshop, running, workdir))


def ports_of(workshop: Workshop, running: Running, workdir: Path) -> Ports:
    claim = running.claim
    pool, settings = workshop.store.pool, workshop.settings
    seconds = workshop.metrics.step_seconds

    def observe(step: str, took: float) -> None:
        name = step.partition("/")[0]
        seconds.labels(claim.job.pipeline, MODE, name).observe(took, exemplar_of(claim.job))

    return Ports(
        exports=JobExport(pool, workshop.exports, claim, workdir),
        stored_chunks=UserChunks(pool, claim.job.user_id),
        language=workshop.language,
        sink=StagingSink(pool, claim),
        steps=StoredSteps(
            pool,
            claim,
            time_limit=settings.step_timeout_seconds,
            before=running.check,
            observe=observe,
            trace=workshop.tracing.step,
        ),
        progress=JobProgress(workshop.store, claim),
        compute=workshop.compute,
        workdir=workdir,
        fact_concurrency=settings.fact_extraction_concurrency,
    )


@contextlib.contextmanager
def private_folder(parent: Path, name: str) -> Iterator[Path]:
    """A folder of its own for one run, removed after it."""
    parent.mkdir(parents=True, exist_ok=True)
    folder = Path(tempfile.mkdtemp(prefix=f"{name}-", dir=parent))
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)
