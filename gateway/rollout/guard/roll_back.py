"""The guard's rollback: turns a version's flag off, or sets the override where the flags cannot be changed."""

import structlog

from flags.change.errors import ControlError
from flags.control import FlagControl
from flags.model import Pipeline, Rollout
from gateway.database.pool import Pool
from gateway.rollout.changes import RolloutChanges
from gateway.rollout.history import By
from gateway.rollout.override import throw_override
from gateway.rollout.rows import Json

log = structlog.get_logger(__name__)


class AlreadyOff(ControlError):
    """Nobody has the version any more: nothing is left to do, and nothing to write down."""


async def roll_back(
    pool: Pool, changes: RolloutChanges, why: str, pipeline: Pipeline, verdict: Json | None = None
) -> str:
    """Take a version away from everybody, or send all to the base where the flags cannot be changed; says what it did.

    The history's row keeps the `verdict` as it was.

    Raises psycopg.Error when the database is away.
    """
    by = By("guard", "guard", why)

    async def lower(control: FlagControl) -> Rollout:
        if (await control.read()).of(pipeline).dial == 0:
            raise AlreadyOff("it is off already")
        return await control.turn_off(pipeline)

    try:
        await changes.make(by, lower, verdict=verdict)
    except AlreadyOff:
        return "found the flag off"
    except ControlError as error:
        log.warning("guard_overrode_flags", error=str(error))
        await throw_override(pool, by, verdict=verdict)
        return f"overrode the flags, which could not be changed ({error})"
    log.warning("guard_rolled_back", why=why)
    return "turned the flag off"
