"""Sampling stops by itself when harm is bounded: known to be at most what was asked for, and never without that."""

from dataclasses import dataclass
from datetime import datetime

import structlog

from flags.change.errors import ControlError
from gateway.database.pool import Pool
from gateway.rollout.changes import RolloutChanges
from gateway.rollout.history import By
from gateway.shadow.report.harms import until_bounded
from gateway.shadow.report.queries import SQL, read_goal, read_harm

BY = "shadow comparisons"
log = structlog.get_logger(__name__)


async def ask(pool: Pool, precision: float, since: datetime, by: str) -> None:
    """Sample until harm is known to be at most `precision` (0.02: two users of a hundred). Replaces what was asked."""
    async with pool.connection() as connection:
        await connection.execute(SQL["ask"], {"precision": precision, "since": since, "by": by})


@dataclass(frozen=True, slots=True)
class StopSampling:
    """Looks whether the goal is reached, and then turns sampling down. Any number of workers may look at once."""

    pool: Pool
    changes: RolloutChanges

    async def look(self) -> str | None:
        """What is to be said about the goal now; None when nothing is asked, or all has been said."""
        goal = await read_goal(self.pool)
        if goal is None or goal.reached_at is not None:
            return None
        found = until_bounded(await read_harm(self.pool, goal.since), goal.precision)
        message = await self._turn_down(found.message) if found.reached else found.message
        reached = found.reached and message is not None
        values = {"message": message or found.message, "reached": reached, "asked_at": goal.asked_at}
        async with self.pool.connection() as connection:
            noted = await (await connection.execute(SQL["note"], values)).fetchone()
        if noted is not None and reached:
            log.warning("shadow_sampling_stopped", message=message)
        return message or found.message

    async def _turn_down(self, why: str) -> str | None:
        """Set the shadow share to 0, which may be repeated; None when the flags cannot be changed now."""
        try:
            made = await self.changes.make(By(BY, "guard", why), lambda control: control.set_shadow(0))
        except ControlError as error:
            log.warning("shadow_sampling_not_stopped", error=str(error))
            return None
        return f"{why}; turned from {made.before.shadow_percent:g} % to 0 %"
