"""The guard's rollback: turns the flag off, or sets the override where the flags cannot be changed."""

import structlog

from flags.change.errors import ControlError
from gateway.database.pool import Pool
from gateway.rollout.changes import RolloutChanges
from gateway.rollout.history import By
from gateway.rollout.override import throw_override

log = structlog.get_logger(__name__)


async def roll_back(pool: Pool, changes: RolloutChanges, why: str, pipeline: str | None = None) -> str:
    """Take a version away from everybody, or send all to the base where the flags cannot be changed; says what it did.

    Raises psycopg.Error when the database is away.
    """
    by = By("guard", "guard", why)
    try:
        await changes.make(by, lambda control: control.turn_off(pipeline))
    except ControlError as error:
        log.warning("guard_overrode_flags", error=str(error))
        await throw_override(pool, by)
        return f"overrode the flags, which could not be changed ({error})"
    log.warning("guard_rolled_back", why=why)
    return "turned the flag off"
