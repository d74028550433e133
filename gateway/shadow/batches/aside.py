"""Puts a comparison aside: what it waits for goes out as one batch, and nothing of it is held until that has ended."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final
from uuid import UUID, uuid4

import structlog

from gateway.shadow.batches.payment import Payment
from gateway.shadow.batches.store import FIRST_LOOK_SECONDS, LONGEST_LOOK_SECONDS, BatchStore
from gateway.shadow.budget import Budget, PaidLanguage
from gateway.shadow.model import Claimed, Ending, Plan
from gateway.telemetry.metrics import Metrics
from pipelines.contract import PipelineError, Usage
from pipelines.language.waiting import Answer, Asked, NotSent, Waiting

if TYPE_CHECKING:
    from pipelines.language.provider.batches.desk import BatchDesk

MOST_BATCHES: Final = 12  # of one comparison; then it asks in the usual way
log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Asides:
    """Sends batches of comparisons to one model."""

    store: BatchStore
    desk: "BatchDesk"
    payment: Payment
    metrics: Metrics

    async def open(self, plan: Plan, budget: Budget) -> PaidLanguage:
        """The engine that a comparison asks, with what was answered until now."""

        async def keep(key: str, answer: Answer) -> None:
            await self.store.keep(plan, key, answer)

        known = await self.store.answers(plan)
        waiting = Waiting(known, budget.pay, keep, live=plan.batches >= MOST_BATCHES)
        return PaidLanguage(self.desk.engine(waiting), budget, waiting)

    async def put(self, claimed: Claimed, asked: Sequence[Asked], used: Usage) -> Ending | None:
        """How it ended all the same; None: it is aside, or not ours any more."""
        number, plan = uuid4(), claimed.plan
        taken = await self.store.begin(claimed, number, self.desk.fitting(asked), self.payment, used)
        if taken is None:
            return None
        if not taken:
            return Ending("over_budget", f"today's budget does not hold one of {len(asked)} questions in a batch")
        try:
            handle = await self.desk.send(number, taken)
        except PipelineError as error:
            return await self._not_sent(number, plan, error)
        await self.store.sent(number, handle)
        self.metrics.shadow_batches.labels(plan.mode, "sent").inc()
        log.info("shadow_put_aside", job_id=plan.job_id, batch=number.hex, questions=len(taken), asked=len(asked))
        return None

    async def _not_sent(self, number: UUID, plan: Plan, error: PipelineError) -> Ending | None:
        sure = isinstance(error, NotSent)
        again = LONGEST_LOOK_SECONDS if sure else FIRST_LOOK_SECONDS
        await self.store.not_sent(number, again if error.retryable else 0.0, sure=sure)
        self.metrics.shadow_batches.labels(plan.mode, "not_sent" if sure else "unsure").inc()
        log.warning("shadow_batch_not_sent", job_id=plan.job_id, batch=number.hex, error=str(error), sure=sure)
        return Ending("failed", str(error)) if sure and not error.retryable else None
