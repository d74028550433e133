"""One attempt at a planned shadow: its export fetched, its process run and watched, its texts judged."""

import asyncio
import contextlib
import inspect
from collections.abc import AsyncIterator, Coroutine, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any, Final, TypeVar

import msgspec
import structlog

from gateway.confinement.disk import remove
from gateway.database.retry import AWAY
from gateway.jobs.run.attempt import private_folder
from gateway.jobs.run.context import RunContext
from gateway.language.remote import RemoteEngine, traits_of
from gateway.shadow.batches.aside import Asides
from gateway.shadow.budget import PaidLanguage, no_engine
from gateway.shadow.compare.expected import Expected, expected_of
from gateway.shadow.compare.judge import judge
from gateway.shadow.model import Claimed, Ending, Pair
from gateway.shadow.sandbox.busy import Busy
from gateway.shadow.sandbox.child import EXPORT, PRIMARY_RUN
from gateway.shadow.sandbox.parent import Answer, run_process
from gateway.shadow.sandbox.protocol import Before, Done, Limits, OverBudget, Task
from gateway.shadow.sandbox.quiet import until_process_quiet, until_quiet
from gateway.shadow.sandbox.stopped import Stopped
from gateway.shadow.store import ShadowStore
from pipelines.contract import Language, PipelineError, Usage
from pipelines.language.waiting import Waiting

T = TypeVar("T")
BATCHED_AT_ONCE: Final = 256  # questions of one comparison that wait for one batch
log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class ShadowContext(RunContext):
    """What comparisons need besides their plans."""

    store: ShadowStore
    busy: Busy  # with jobs of users, this worker
    language: Language | None  # an engine to ask and to pay; None: the embedded rules, in the shadow itself
    asides: Asides | None = None  # asks that engine by batches


@dataclass(frozen=True, slots=True)
class Attempt:
    """A shadow that was claimed. `paid` is the engine that it may ask, None for the embedded rules."""

    context: ShadowContext
    claimed: Claimed
    paid: PaidLanguage | None

    async def compare(self) -> tuple[Ending, Pair | None]:
        """How it ended, and the comparison if there is one. Raises `Stopped`, and `PutAside` if it asks by batches."""
        plan, pipeline, paid = self.claimed.plan, self.claimed.other.pipeline, self.paid
        async with self._folder() as folder:
            await self._fetch(folder / EXPORT)
            answer: Answer = no_engine if paid is None else paid.answer
            await self._leave_known(folder, answer)
            task = self._task(folder)
            done = await self._run(task, answer)
        for step, seconds in done.steps:
            self.context.metrics.step_seconds.labels(pipeline, plan.mode, step.partition("/")[0]).observe(seconds)
        if done.retryable:
            reason = done.failure.message if done.failure else None
            return Ending("failed", reason, pipeline, done.seconds, done.cpu_seconds, used_by(paid)), None
        judgement = await self._judge(done)
        if task.primary_is_one:
            pair = Pair(task.primary_pipeline, pipeline, "one", done.comparison, judgement)
        else:
            pair = Pair(pipeline, task.primary_pipeline, "other", done.comparison, judgement)
        return Ending("compared", None, pipeline, done.seconds, done.cpu_seconds, used_by(paid)), pair

    @contextlib.asynccontextmanager
    async def _folder(self) -> AsyncIterator[Path]:
        """Its own. Removed beside the loop, in which jobs of users may run by now: a huge export takes a while."""
        with private_folder(self.context.workdir.absolute(), f"shadow-{self.claimed.plan.job_id}") as folder:
            try:
                yield folder
            finally:
                await asyncio.to_thread(remove, folder)

    async def _run(self, task: Task, answer: Answer) -> Done:
        waiting = self._waiting
        watch = None if waiting is None else partial(until_process_quiet, waiting)
        return await run_process(task, answer, self._check, self.context.busy, watch)

    @property
    def _waiting(self) -> Waiting | None:
        return None if self.paid is None else self.paid.waiting

    async def _leave_known(self, folder: Path, answer: Answer) -> None:
        """Leave the known side in the folder: the primary's run, or a first run of the version that is to run twice, in
        a folder of its own. Raises `Stopped`."""
        plan, other = self.claimed.plan, self.claimed.other
        if not other.twice:
            await asyncio.to_thread((folder / PRIMARY_RUN).write_bytes, self.claimed.primary_run)
            return
        first = folder / "first"
        first.mkdir(mode=0o700)
        (first / EXPORT).hardlink_to(folder / EXPORT)
        with self._answers_of_its_own():
            done = await self._run(msgspec.structs.replace(self._task(first), keeps=True), answer)
        self.context.metrics.shadow_cpu_seconds.labels(plan.mode, other.pipeline).inc(done.cpu_seconds)
        if done.retryable:
            raise Stopped("failed", done.failure.message if done.failure else "a service was away")
        (first / PRIMARY_RUN).replace(folder / PRIMARY_RUN)
        await asyncio.to_thread(remove, first)

    @contextlib.contextmanager
    def _answers_of_its_own(self) -> Iterator[None]:
        """Two runs of one version ask the same; with the same answers they would not differ."""
        if self._waiting is None:
            yield
            return
        self._waiting.part = "first"
        try:
            yield
        finally:
            self._waiting.part = ""

    async def _fetch(self, path: Path) -> None:
        """The export, read-only. Raises `Stopped` when it cannot be had."""
        plan = self.claimed.plan
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

    def _task(self, folder: Path) -> Task:
        plan, settings = self.claimed.plan, self.context.settings
        pipeline, primary_is_one = self.claimed.other.pipeline, self.claimed.other.primary_is_one
        run = inspect.unwrap(self.context.registry.usable[pipeline])  # its process finds it by its name
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
            primary_pipeline=pipeline if self.claimed.other.twice else plan.primary_pipeline,
            primary_is_one=primary_is_one,
            keys_before=self.claimed.keys_before,
            limits=Limits(
                settings.shadow_memory_mb << 20, settings.shadow_timeout_seconds, settings.shadow_disk_mb << 20
            ),
            engine=self._engine(),
            fact_concurrency=settings.fact_extraction_concurrency if self._waiting is None else BATCHED_AT_ONCE,
            chunk_limit=settings.chunks_per_user,
            needs_confinement=settings.confinement == "required",
            expected=self._expected(),
            memory=msgspec.json.decode(self.claimed.primary_run, type=Before).known,
        )

    def _engine(self) -> RemoteEngine | None:
        """Of a batch nothing is kept that those who wait for a first answer could use, so all is asked at once."""
        language = self.context.language
        if language is None:
            return None
        traits = traits_of(language)
        return traits if self._waiting is None else msgspec.structs.replace(traits, kept_as="")

    def _expected(self) -> Expected:
        """What the newer of the two declares that it does otherwise; nothing when one version runs twice."""
        primary, other = self.claimed.plan.primary_pipeline, self.claimed.other
        if primary == other.pipeline or other.twice:
            return Expected()
        return expected_of(self.context.registry.capabilities(other.pipeline if other.primary_is_one else primary))

    async def _check(self) -> None:
        """Asked again and again while a shadow runs. Raises `Stopped` when a job of a user waits for its place."""
        with contextlib.suppress(*AWAY):
            if await self.context.store.primary_jobs_wait():
                raise Stopped("shed", "a job of a user waited while it ran")

    async def _judge(self, done: Done) -> str | None:
        """Whose text is better, if somebody is asked; a judge that fails costs nothing but its answer."""
        plan, paid = self.claimed.plan, self.paid
        if paid is None or plan.mode == "noise" or not self.context.settings.shadow_judge or not all(done.texts):
            return None
        try:
            judgement, _ = await self._or_aside(judge(paid.judge(), *done.texts, together=asyncio.gather))
        except (PipelineError, OverBudget) as error:
            log.warning("judge_failed", job_id=plan.job_id, error=str(error))
            return None
        return judgement

    async def _or_aside(self, work: Coroutine[Any, Any, T]) -> T:
        """What the work gives. Raises `PutAside` where it waits for a batch."""
        if self._waiting is None:
            return await work
        both = [asyncio.ensure_future(work), asyncio.ensure_future(until_quiet(self._waiting))]
        try:
            await asyncio.wait(both, return_when=asyncio.FIRST_COMPLETED)
            return next(one for one in both if one.done()).result()
        finally:
            for one in both:
                one.cancel()
            await asyncio.gather(*both, return_exceptions=True)


def used_by(paid: PaidLanguage | None) -> Usage:
    return Usage() if paid is None else paid.used
