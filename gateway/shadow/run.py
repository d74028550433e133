"""Running planned shadows: only while no job of a user waits, in a process that can write nothing, always accounted."""

import asyncio
import contextlib
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

import structlog

from flags.source import FlagSource
from gateway.config.settings import Settings
from gateway.database.retry import AWAY, retry_while_away
from gateway.jobs.queue.engine import Redeliver
from gateway.jobs.run.attempt import private_folder
from gateway.jobs.run.ports import FetchesExports
from gateway.language.remote import traits_of
from gateway.shadow.budget import Budget, PaidLanguage, no_engine
from gateway.shadow.compare.judge import judge
from gateway.shadow.metrics import count_ending, count_pair
from gateway.shadow.model import Claimed, Ending, Pair, Plan
from gateway.shadow.plan import left_out, other_pipeline, primary_is_one
from gateway.shadow.sandbox.child import EXPORT, PRIMARY_RUN
from gateway.shadow.sandbox.parent import Answer, Stopped, run_process
from gateway.shadow.sandbox.protocol import Done, Limits, OverBudget, Task
from gateway.shadow.store import ShadowStore
from gateway.telemetry.metrics import Metrics
from gateway.telemetry.metrics.run_labels import counted_as
from gateway.telemetry.tracing.marks import UNTRACED, TracedRun, Tracing
from pipelines.contract import Language, Pipeline, PipelineError, Usage

CALM_SECONDS = 1.0  # between two looks whether jobs of users wait
log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class ShadowContext:
    """What shadows need, besides their plans: the same for all of a worker."""

    store: ShadowStore
    settings: Settings
    pipelines: Mapping[str, Pipeline]
    exports: FetchesExports
    language: Language | None  # an engine to ask and to pay; None: the embedded rules, in the shadow itself
    flags: FlagSource
    metrics: Metrics
    workdir: Path
    tracing: Tracing = UNTRACED


@dataclass(slots=True)
class Shadows:
    """Runs shadows as their queue entries come."""

    context: ShadowContext
    running: set["asyncio.Task[None]"] = field(default_factory=set)
    stopping: bool = False

    def stop(self) -> None:
        """End all shadows now; they are delivered again elsewhere."""
        self.stopping = True
        for task in self.running:
            task.cancel()

    async def run(self, job_id: str) -> None:
        """Run the shadow of a job unless it is over. Raises `Redeliver` when it was stopped with its worker."""
        if self.stopping:
            raise Redeliver
        task = asyncio.create_task(self._run(job_id), name=f"shadow {job_id}")
        self.running.add(task)
        try:
            await asyncio.wait({task})
        finally:
            if not task.done():  # whoever ran this was cancelled
                task.cancel()
                await asyncio.wait({task})
            self.running.discard(task)
        if task.cancelled():
            raise Redeliver
        task.result()

    async def _run(self, job_id: str) -> None:
        plan = await retry_while_away(lambda: self.context.store.load(job_id))
        if plan is None or plan.status == "done":
            return
        pipeline = other_pipeline(plan, self.context.settings.candidate_pipeline)
        ending = self._left_out(plan, pipeline) or await self._wait_for_calm()
        if ending is not None:
            await self._close(plan, ending)
            return
        claimed = await retry_while_away(lambda: self.context.store.claim(plan, pipeline))
        if claimed is not None:
            await self._run_claimed(claimed, pipeline)

    def _left_out(self, plan: Plan, pipeline: str) -> Ending | None:
        rollout = self.context.flags.state().rollout
        percent = None if rollout is None else rollout.shadow_percent
        return left_out(plan, pipeline, self.context.pipelines, percent)

    async def _wait_for_calm(self) -> Ending | None:
        """Wait until no job of a user waits; how it ends if that takes too long."""
        give_up_at = time.monotonic() + self.context.settings.shadow_wait_seconds
        while await retry_while_away(self.context.store.primary_jobs_wait):
            if time.monotonic() >= give_up_at:
                return Ending("shed", "jobs of users waited")
            await asyncio.sleep(CALM_SECONDS)
        return None

    async def _run_claimed(self, claimed: Claimed, pipeline: str) -> None:
        plan, context = claimed.plan, self.context
        budget = Budget(context.store, context.settings)
        paid = None if context.language is None else PaidLanguage(context.language, budget)
        context.metrics.jobs_started.labels(pipeline, plan.mode).inc()
        began = time.monotonic()
        pair = None
        try:
            in_flight = context.metrics.jobs_in_flight.labels(pipeline, plan.mode)
            traced = context.tracing.run(TracedRun(plan.job_id, pipeline, plan.mode))
            with in_flight.track_inprogress(), counted_as(pipeline, plan.mode), traced as end:
                ending, pair = await self._compare(claimed, pipeline, paid)
                end(ending.outcome)
        except asyncio.CancelledError:
            with contextlib.suppress(*AWAY):
                await asyncio.shield(context.store.hand_back(plan))
            raise
        except Stopped as stopped:
            ending = Ending(stopped.outcome, stopped.reason, pipeline, time.monotonic() - began, None, used_by(paid))
        except Exception as error:
            context.metrics.unexpected_errors.labels("shadow").inc()
            log.exception("shadow_broke", job_id=plan.job_id)
            ending = Ending("failed", f"internal error ({type(error).__name__})", pipeline, usage=used_by(paid))
        await self._close(plan, ending, pair)

    async def _compare(self, claimed: Claimed, pipeline: str, paid: PaidLanguage | None) -> tuple[Ending, Pair | None]:
        plan = claimed.plan
        with private_folder(self.context.workdir.absolute(), f"shadow-{plan.job_id}") as folder:
            await self._fetch(plan, folder / EXPORT)
            await asyncio.to_thread((folder / PRIMARY_RUN).write_bytes, claimed.primary_run)
            task = self._task(claimed, pipeline, folder)
            answer: Answer = no_engine if paid is None else paid.answer
            done = await run_process(task, answer, self._check)
        for step, seconds in done.steps:
            self.context.metrics.step_seconds.labels(pipeline, plan.mode, step.partition("/")[0]).observe(seconds)
        if done.retryable:
            reason = done.failure.message if done.failure else None
            return Ending("failed", reason, pipeline, done.seconds, done.cpu_seconds, used_by(paid)), None
        judgement = await self._judge(plan, done, paid)
        primary_side, other_side = plan.primary_pipeline, pipeline
        one, other = (primary_side, other_side) if task.primary_is_one else (other_side, primary_side)
        pair = Pair(one, other, "one" if task.primary_is_one else "other", done.comparison, judgement)
        return Ending("compared", None, pipeline, done.seconds, done.cpu_seconds, used_by(paid)), pair

    async def _fetch(self, plan: Plan, path: Path) -> None:
        """The export, read-only. Raises `Stopped` when it cannot be had."""
        try:
            if plan.inline:
                body = await self.context.store.read_input(plan.job_id)
                if body is None:
                    raise Stopped("skipped", "the export is gone")
                await asyncio.to_thread(path.write_bytes, body)
            else:
                await self.context.exports.fetch(plan.storage_path or "", path)
        except PipelineError as error:
            raise Stopped("failed" if error.retryable else "skipped", f"no export: {error}") from error
        await asyncio.to_thread(path.chmod, 0o400)

    def _task(self, claimed: Claimed, pipeline: str, folder: Path) -> Task:
        plan, settings, language = claimed.plan, self.context.settings, self.context.language
        run = self.context.pipelines[pipeline]
        return Task(
            pipeline=pipeline,
            function=f"{getattr(run, '__module__', '')}:{getattr(run, '__qualname__', '')}",
            job_id=plan.job_id,
            user_id=plan.user_id,
            storage_path=plan.storage_path,
            inline=plan.inline,
            conversation_count=plan.conversation_count,
            message_count=plan.message_count,
            accepted_at=plan.accepted_at,
            folder=str(folder),
            primary_pipeline=plan.primary_pipeline,
            primary_is_one=primary_is_one(plan, pipeline),
            keys_before=claimed.keys_before,
            limits=Limits(settings.shadow_memory_mb << 20, settings.shadow_timeout_seconds),
            engine=None if language is None else traits_of(language),
            fact_concurrency=settings.fact_extraction_concurrency,
        )

    async def _check(self) -> None:
        """Asked again and again while a shadow runs. Raises `Stopped` when a job of a user waits for its place."""
        with contextlib.suppress(*AWAY):
            if await self.context.store.primary_jobs_wait():
                raise Stopped("shed", "a job of a user waited while it ran")

    async def _judge(self, plan: Plan, done: Done, paid: PaidLanguage | None) -> str | None:
        """Whose text is better, if somebody is asked; a judge that fails costs nothing but its answer."""
        if paid is None or plan.mode == "noise" or not self.context.settings.shadow_judge or not all(done.texts):
            return None
        try:
            judgement, _ = await judge(paid.judge(), *done.texts)
        except (PipelineError, OverBudget) as error:
            log.warning("judge_failed", job_id=plan.job_id, error=str(error))
            return None
        return judgement

    async def _close(self, plan: Plan, ending: Ending, pair: Pair | None = None) -> None:
        if not await retry_while_away(lambda: self.context.store.close(plan, ending, pair)):
            return
        count_ending(self.context.metrics, plan.mode, ending)
        if pair is not None:
            count_pair(self.context.metrics, plan.mode, pair)
        log.info(
            "shadow_ended", job_id=plan.job_id, mode=plan.mode, pipeline=ending.pipeline, outcome=ending.outcome,
            reason=ending.reason, seconds=ending.seconds,
        )  # fmt: skip


def used_by(paid: PaidLanguage | None) -> Usage:
    return Usage() if paid is None else paid.used
