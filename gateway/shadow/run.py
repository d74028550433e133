"""Running planned shadows: only while no job of a user waits, in a process that can write nothing, always accounted."""

import asyncio
import contextlib
import time
from dataclasses import dataclass, field, replace

import structlog

from gateway.database.retry import AWAY, retry_while_away
from gateway.jobs.queue.job_queue import Redeliver
from gateway.shadow.attempt import Attempt, ShadowContext, used_by
from gateway.shadow.budget import Budget, PaidLanguage
from gateway.shadow.metrics import count_ending, count_pair
from gateway.shadow.model import Claimed, Ending, OtherRun, Pair, Plan
from gateway.shadow.plan import Offers, choose
from gateway.shadow.sandbox.quiet import PutAside
from gateway.shadow.sandbox.stopped import Stopped
from gateway.shadow.unanswered import pair_without_answer
from gateway.telemetry.metrics.run_labels import counted_as
from gateway.telemetry.tracing.marks import TracedRun
from pipelines.contract import Usage

CALM_SECONDS = 1.0  # between two looks whether jobs of users wait
BEGIN_SECONDS = 2.0  # so long it waits at most until none runs here: where one always does, it begins beside them
log = structlog.get_logger(__name__)


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
        plan = await self.context.store.load(job_id)
        if plan is None or plan.status in {"aside", "done"}:
            return
        other = self._choose(plan)
        if isinstance(other, Ending):
            await self._close(plan, other)
        elif (ending := await self._wait_for_calm()) is not None:
            await self._close(plan, ending)
        elif (claimed := await self.context.store.claim(plan, other)) is not None:
            ended = await self._run_claimed(claimed)
            if ended is not None:
                await self._close(claimed.plan, *ended)

    async def leave_out(self, job_id: str, ending: Ending) -> None:
        """Close one that is aside."""
        plan = await self.context.store.load(job_id)
        if plan is not None and plan.status == "aside":
            await self._close(plan, ending)

    def _choose(self, plan: Plan) -> OtherRun | Ending:
        context, rollout = self.context, self.context.flags.state().rollout
        percent = None if rollout is None else rollout.shadow_percent
        return choose(plan, self._offers(plan.user_id), context.registry.refusal, percent)

    def _offers(self, user_id: str) -> Offers:
        """What this user could get now, by the flags: an override says where users are, not what replaces what."""
        flags, against = self.context.flags, self.context.settings.shadow_against
        versions = flags.versions
        on = tuple(version for version in versions.all if flags.allows(version, user_id))
        rollout = flags.state().rollout
        served = 0.0 if rollout is None else rollout.of(versions.candidate).dial / 100
        return Offers(versions.candidate, on, against, served)

    async def _wait_for_calm(self) -> Ending | None:
        """Wait until no job of a user runs here, if that comes soon, and none waits; how it ends if that takes too
        long."""
        await self.context.busy.calm(BEGIN_SECONDS)
        give_up_at = time.monotonic() + self.context.settings.shadow_wait_seconds
        while await retry_while_away(self.context.store.primary_jobs_wait):
            if time.monotonic() >= give_up_at:
                return Ending("shed", "jobs of users waited")
            await asyncio.sleep(CALM_SECONDS)
        return None

    async def _open_engine(self, plan: Plan) -> PaidLanguage | None:
        """What it may ask."""
        context = self.context
        budget = Budget(context.store, context.settings)
        if context.asides is not None:
            return await context.asides.open(plan, budget)
        return None if context.language is None else PaidLanguage(context.language, budget)

    async def _run_claimed(self, claimed: Claimed) -> tuple[Ending, Pair | None] | None:
        """How it ended; None when it is aside."""
        plan, pipeline, context = claimed.plan, claimed.other.pipeline, self.context
        context.metrics.jobs_started.labels(pipeline, plan.mode).inc()
        began, paid = time.monotonic(), None
        try:
            paid = await self._open_engine(plan)
            in_flight = context.metrics.jobs_in_flight.labels(pipeline, plan.mode)
            traced = context.tracing.run(TracedRun(plan.job_id, pipeline, plan.mode))
            with in_flight.track_inprogress(), counted_as(pipeline, plan.mode), traced as end:
                compared = await self._compare(claimed, paid)
                end("aside" if compared is None else compared[0].outcome)
                return compared
        except asyncio.CancelledError:
            with contextlib.suppress(*AWAY):
                await asyncio.shield(context.store.hand_back(plan))
            raise
        except Stopped as stopped:
            seconds = time.monotonic() - began
            why = stopped.outcome, stopped.reason
            pair = await asyncio.to_thread(pair_without_answer, claimed, *why, seconds)
            return Ending(*why, pipeline, seconds, None, used_by(paid)), pair
        except Exception as error:
            context.metrics.unexpected_errors.labels("shadow").inc()
            log.exception("shadow_broke", job_id=plan.job_id)
            return Ending("failed", f"internal error ({type(error).__name__})", pipeline, usage=used_by(paid)), None

    async def _compare(self, claimed: Claimed, paid: PaidLanguage | None) -> tuple[Ending, Pair | None] | None:
        """Raises `Stopped`."""
        try:
            return await Attempt(self.context, claimed, paid).compare()
        except PutAside as put:
            return await self._put_aside(claimed, put, used_by(paid))

    async def _put_aside(self, claimed: Claimed, put: PutAside, used: Usage) -> tuple[Ending, None] | None:
        asides, mode = self.context.asides, claimed.plan.mode
        assert asides is not None  # noqa: S101 - nothing else waits for a batch
        self.context.metrics.shadow_cpu_seconds.labels(mode, claimed.other.pipeline).inc(put.cpu_seconds)
        ending = await asides.put(claimed, put.asked, used)
        return None if ending is None else (replace(ending, pipeline=claimed.other.pipeline), None)

    async def _close(self, plan: Plan, ending: Ending, pair: Pair | None = None) -> None:
        if not await self.context.store.close(plan, ending, pair):
            return
        count_ending(self.context.metrics, plan.mode, ending)
        if pair is not None:
            count_pair(self.context.metrics, plan.mode, pair)
        log.info(
            "shadow_ended", job_id=plan.job_id, mode=plan.mode, pipeline=ending.pipeline, outcome=ending.outcome,
            reason=ending.reason, seconds=ending.seconds,
        )  # fmt: skip
