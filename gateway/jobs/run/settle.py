"""How a run ended, written down: complete, failed, cancelled, handed back, tried again, or put off for a service."""

import asyncio
import contextlib
from dataclasses import dataclass
from typing import Final

import psycopg
import structlog

from gateway.database.refusal import name_refusal
from gateway.database.retry import retry_while_away
from gateway.jobs.model import Claim, ClaimLost
from gateway.jobs.queue.job_queue import Redeliver
from gateway.jobs.run.attempt import UNTRIED_SECONDS, JobContext
from gateway.jobs.run.awaited import KNOWN, PASSING, awaited_by, passes
from gateway.jobs.run.cause import cause_of
from gateway.jobs.run.interrupt import Interrupt, Interrupted, Running
from gateway.jobs.run.isolated.errors import NoProcess, Unexpected
from gateway.jobs.run.metrics import count_outcome
from gateway.jobs.waiting import PROVIDER, Awaited
from pipelines.contract import Cause, PipelineError

CANCELLED: Final = "cancelled"
RETRY_SECONDS: Final = (2.0, 10.0, 30.0)  # before the second attempt, the third, and all later ones
AWAY_FOR: Final[tuple[Awaited, ...]] = ("storage", "provider")  # waited for for so long; an operator for ever
log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Settling:
    """Writes ends of runs, over what runs need."""

    context: JobContext

    async def settle(self, running: Running) -> str:
        """Write down how the attempt ended; returns the outcome. Raises `Redeliver` when it is to be run again."""
        claim, task = running.claim, running.task
        assert task is not None  # noqa: S101 - set before it is awaited
        error = Interrupted(running.interrupt) if task.cancelled() and running.interrupt else _error_of(task)
        match error:
            case None:
                return await self._complete(claim)
            case ClaimLost() | Interrupted(why=Interrupt.LOST):
                return "lost"
            case Interrupted(why=Interrupt.CANCEL):
                running.cause = "operator"
                await self.close(claim, CANCELLED)
                return CANCELLED
            case Interrupted():
                return await self._hand_back(claim)
            case _:
                return await self._fail(running, error)

    async def _complete(self, claim: Claim) -> str:
        if claim.job.waits:  # what it waited for is back: others need not wait to the end of their pauses
            await retry_while_away(lambda: self.context.waiting.wake(PROVIDER, untried_seconds=UNTRIED_SECONDS))
        return "complete"

    async def _fail(self, running: Running, error: BaseException) -> str:
        claim = running.claim
        reason, cause = self._describe(error, claim), cause_of(error, KNOWN)
        if (awaited := awaited_by(error)) is not None and self.context.patience.in_all > 0:
            return await self._put_off(running, awaited, reason, cause)
        if passes(error) and claim.attempt < self.context.settings.job_attempts:
            return await self._try_later(claim, reason, cause)
        running.cause = cause
        await self.close(claim, reason, cause)
        return "failed"

    async def _hand_back(self, claim: Claim) -> str:
        with contextlib.suppress(ClaimLost):
            await retry_while_away(lambda: self.context.store.hand_back(claim))
            self.context.metrics.jobs_handed_back.labels(claim.job.pipeline).inc()
        raise Redeliver

    async def _try_later(self, claim: Claim, reason: str, cause: Cause) -> str:
        with contextlib.suppress(ClaimLost):
            await retry_while_away(lambda: self.context.store.wait_for_retry(claim, reason, cause))
            self.context.metrics.jobs_retried.labels(claim.job.pipeline, claim.job.mode, cause).inc()
        raise Redeliver(RETRY_SECONDS[min(claim.attempt, len(RETRY_SECONDS)) - 1])

    async def _put_off(self, running: Running, awaited: Awaited, reason: str, cause: Cause) -> str:
        """Let it wait for the service, which costs no attempt; fail it when that was away for too long."""
        claim, patience = running.claim, self.context.patience
        try:
            waiting = await retry_while_away(lambda: self.context.waiting.put_off(claim, awaited, reason, cause))
        except ClaimLost:
            raise Redeliver from None
        self.context.metrics.jobs_retried.labels(claim.job.pipeline, claim.job.mode, cause).inc()
        if awaited in AWAY_FOR and waiting.seconds > patience.in_all:
            running.cause = cause
            await self.close(claim, f"{reason}; it was waited for for {waiting.seconds / 3600:.1f} hours", cause)
            return "failed"
        pause = patience.pause(waiting.waits)
        log.warning(
            "job_put_off", job_id=claim.job.id, awaited=awaited, waits=waiting.waits, pause_seconds=pause, reason=reason
        )
        raise Redeliver(pause)

    async def close(self, claim: Claim, reason: str, cause: Cause = "operator") -> None:
        store = self.context.store

        async def close() -> None:
            await (store.cancel(claim) if reason == CANCELLED else store.fail(claim, reason, cause))

        try:
            with contextlib.suppress(ClaimLost):
                await retry_while_away(close)
        except psycopg.Error as error:
            await self.park(claim.job.id, reason, error)

    async def park(self, job_id: str, reason: str, error: psycopg.Error) -> None:
        """The table of jobs refuses the job's next state: nobody takes it again before an operator has looked."""
        refusal = name_refusal(error)
        await retry_while_away(lambda: self.context.store.park(job_id, reason, refusal))
        self.context.metrics.jobs_parked.inc()
        log.error("job_parked", job_id=job_id, reason=reason, refused=refusal)

    async def give_up(self, claim: Claim) -> None:
        last, cause = await retry_while_away(lambda: self.context.store.last_error(claim.job.id))
        why = last or "the worker died each time"
        cause = cause or "pipeline"  # none: the last attempt ended with its worker
        await self.close(claim, f"gave up after {claim.attempt} attempts: {why}", cause)
        count_outcome(self.context.metrics, claim.job, "failed", cause)

    def _describe(self, error: BaseException, claim: Claim) -> str:
        """The reason in words for the user. What nobody expected is logged whole, and told by its name alone."""
        if isinstance(error, NoProcess):
            self.context.metrics.unexpected_errors.labels("process").inc()
            log.error("process_not_started", job_id=claim.job.id, pipeline=claim.job.pipeline, error=str(error))
        if isinstance(error, PipelineError):
            return str(error)
        if isinstance(error, psycopg.errors.QueryCanceled):
            return "the database ends statements that take this long (its statement_timeout)"
        if isinstance(error, PASSING):
            return f"a service could not be reached ({type(error).__name__})"
        self.context.metrics.unexpected_errors.labels("job").inc()
        if isinstance(error, psycopg.Error):
            refusal = name_refusal(error)
            self.context.metrics.writes_refused.labels("result").inc()
            log.error("result_refused", job_id=claim.job.id, pipeline=claim.job.pipeline, refused=refusal)
            return "the database did not take the result; the operators are told"
        if isinstance(error, Unexpected):
            log.error("job_broke", job_id=claim.job.id, pipeline=claim.job.pipeline, exception=error.trace)
            return f"internal error ({error.name})"
        log.error("job_broke", job_id=claim.job.id, pipeline=claim.job.pipeline, exc_info=error)
        return f"internal error ({type(error).__name__})"


def _error_of(task: "asyncio.Task[None]") -> BaseException | None:
    return asyncio.CancelledError() if task.cancelled() else task.exception()
