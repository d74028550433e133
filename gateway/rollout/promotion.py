"""Making a version the base: a row in Postgres that every process follows, so it outlives restarts and settings."""

from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from flags.model import Override, Pipeline, Rollout, flag_of, number_of
from gateway.database.pool import Connection, Pool, load_sql
from gateway.rollout.history import By, append_entry
from gateway.rollout.processes.live import lacking
from gateway.rollout.ramp.plan import Ramp

SQL = load_sql(Path(__file__).with_name("promotion.sql"))


class PromotionRefused(Exception):
    """Users would move, it is not known that none would, or a version is not there; the message says why."""


@dataclass(frozen=True, slots=True)
class Promotion:
    """What is to become the base, after what was found."""

    version: Pipeline
    before: Pipeline

    @property
    def lines(self) -> list[str]:
        """What it does, for people."""
        return [
            f"{self.version} becomes the base instead of {self.before}: everybody gets it for whom no newer flag is on",
            f"nobody moves: {flag_of(self.version)} is on for everybody, and is not asked any more",
            "`gateway rollout demote` undoes it",
        ]


def check_promotion(
    version: Pipeline, rollout: Rollout, override: Override | None, ramp: Ramp | None, usable: Collection[Pipeline]
) -> Promotion:
    """Raises PromotionRefused unless it is sure that nobody would move. `usable`: what can be imported here."""
    flag = rollout.of(version)
    unread = dict(rollout.broken)
    reasons = (
        (number_of(version) <= number_of(rollout.base), f"{rollout.base} is the base already"),
        (flag not in rollout.ladder, f"there is no version {version} with a flag here"),
        (version not in usable, "it cannot be imported here"),
        (override is not None, "an override is in force: nobody has it now; `gateway rollout on --local` lifts it"),
        (flag_of(version) in unread, f"its flag cannot be read: {unread.get(flag_of(version), '')}"),
        (bool(flag.foreign), f"its flag holds {', '.join(flag.foreign)}: who has it cannot be told from the flag"),
        (not flag.enabled, "its flag is off"),
        (flag.percent < 100, f"its flag is at {flag.percent:g} %, so users would move: it has to be at 100 %"),
        (bool(flag.forced_out), f"users are named out of it and would move: {', '.join(flag.forced_out)}"),
        (ramp is not None and ramp.active and ramp.plan.pipeline == version, "a ramp of it is active: end it first"),
    )
    for refused, why in reasons:
        if refused:
            raise PromotionRefused(f"{version} cannot be promoted: {why}")
    return Promotion(version, rollout.base)


async def promote(pool: Pool, promotion: Promotion, by: By) -> bool:
    """Make it the base; whether that is new. Every process is told when it commits.

    Raises PromotionRefused while a live process cannot run it.
    """
    async with pool.connection() as connection, connection.transaction():
        if found := await lacking(connection, promotion.version):
            names = ", ".join(one.name for one in found)
            raise PromotionRefused(f"{promotion.version} cannot be promoted: live processes cannot run it: {names}")
        if await _one(connection, "promote", base=promotion.version, actor=by.actor, why=by.why) is None:
            return False
        before, after = {"base": promotion.before}, {"base": promotion.version}
        await append_entry(connection, by, what="base", before=before, after=after)
        return True


async def demote(pool: Pool, by: By, set_base: Pipeline, usable: Collection[Pipeline]) -> Pipeline | None:
    """Go back to the base that the settings name; what was the base, None if nothing was promoted.

    Raises PromotionRefused, and changes nothing, if that base is not among those that are `usable` here.
    """
    async with pool.connection() as connection, connection.transaction():
        row = await _one(connection, "demote")
        if row is None:
            return None
        if set_base not in usable:
            raise PromotionRefused(
                f"{row[0]} stays the base: {set_base}, which was the base before and which BASE_PIPELINE names, is not "
                f"there any more. Put pipelines/{set_base} back first"
            )
        await append_entry(connection, by, what="base", before={"base": row[0]}, after={"base": set_base})
        return str(row[0])


async def read_promoted(connection: Connection) -> Pipeline | None:
    """The version that was made the base."""
    row = await _one(connection, "look")
    return None if row is None else str(row[0])


async def _one(connection: Connection, statement: str, **values: Any) -> tuple[Any, ...] | None:
    return await (await connection.execute(SQL[statement], values)).fetchone()
