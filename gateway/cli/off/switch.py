"""`gateway rollout off` where there is a database: by the flags, and by the override where those do not answer."""

import asyncio
import sys
from contextlib import AsyncExitStack, redirect_stdout

from flags.control import FlagControl
from flags.model import Override, Pipeline
from gateway.cli.errors import UNREACHABLE, CommandError
from gateway.cli.output import warn
from gateway.cli.rollout_client import UNCHANGED, Seen
from gateway.cli.rollout_records import NOT_WRITTEN, enter_database, last_known, override_in, promoted_in
from gateway.config.settings import Settings
from gateway.database.pool import Database
from gateway.rollout.all_off.flags_off import FlagsOff
from gateway.rollout.all_off.switch import FLAG_SECONDS, AllOff, NotOff, OffSwitch
from gateway.rollout.changes import RolloutChanges, build_changes
from gateway.rollout.control import installed_versions
from gateway.rollout.history import By

UNREAD = "the flags have not answered, and say what they said"


async def turn_off(
    settings: Settings, control: FlagControl | None, by: By, version: Pipeline | None
) -> tuple[Seen | None, Override | None]:
    """Turn a version off, or without one all above the base: the rollout afterwards, None if nobody knows it; and what
    overrides it.

    Raises CommandError and ControlError where nothing was changed.
    """
    async with AsyncExitStack() as stack:
        database = await open_in_time(stack, settings)
        if control is not None:
            control.use_base(await promoted_in(database))
        changes = build_changes(settings, database, control)
        if database is None:
            return await flags_alone(changes, by, version), None
        switch = OffSwitch(database.pool, changes, {})
        stack.push_async_callback(switch.close)
        off = await by_any_way(switch, by, version)
        override = await override_in(database)
        return await seen_after(settings, database, off, override), override


async def open_in_time(stack: AsyncExitStack, settings: Settings) -> Database | None:
    """The database; None where it does not answer, or hangs: the flags wait no longer for it than it would for them.

    One of this machine's own may have to be started first.
    """
    opening = asyncio.create_task(enter_database(stack, settings))
    await asyncio.wait({opening}, timeout=None if settings.database_url is None else FLAG_SECONDS)
    if opening.done():
        return opening.result()
    opening.cancel()
    return None


async def flags_alone(changes: RolloutChanges, by: By, version: Pipeline | None) -> Seen:
    """Without a database."""
    made = await changes.make(by, FlagsOff(version), about=version)
    warn(NOT_WRITTEN)
    return Seen(made.after, None, before=made.before)


async def by_any_way(switch: OffSwitch, by: By, version: Pipeline | None) -> AllOff:
    """Raises CommandError if none has landed."""
    try:
        with redirect_stdout(sys.stderr):  # where the log goes: what is printed may be read by a program
            off = await switch.turn_off(by, version)
    except NotOff as error:
        raise CommandError(f"{UNCHANGED}: {error}", UNREACHABLE) from None
    if not off.written:
        warn(NOT_WRITTEN)
    return off


async def seen_after(settings: Settings, database: Database, off: AllOff, override: Override | None) -> Seen | None:
    """What there is now; what the database knew last, where the flags did not answer; None if it knows nothing."""
    if off.after is not None:
        return Seen(off.after, override, before=off.before)
    known = await last_known(database, installed_versions(settings))
    return None if known is None else Seen(known, override, unread=UNREAD)
