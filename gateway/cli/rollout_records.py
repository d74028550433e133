"""What commands on the rollout do where there is a database: write the change down, read and set the override."""

from collections.abc import Sequence
from contextlib import AsyncExitStack, suppress
from dataclasses import dataclass
from typing import Any

import psycopg

from flags.change.preview import Preview
from flags.control import FlagControl
from flags.model import Override, Pipeline, Rollout, Versions
from gateway.cli.database import existing_database, with_database, with_reads
from gateway.cli.errors import MISSING, CommandError
from gateway.cli.output import warn
from gateway.config.moments import Span
from gateway.config.settings import Settings
from gateway.database.pool import Database
from gateway.jobs.load import Load, read_load
from gateway.rollout.changes import Made, Work, build_changes
from gateway.rollout.control import installed_versions
from gateway.rollout.explain import preview_users
from gateway.rollout.guard.describe import describe_guarded
from gateway.rollout.guard.looks import GuardLook, list_looks
from gateway.rollout.guard.price import StepPrice
from gateway.rollout.guard.pricing import price_steps
from gateway.rollout.guard.store import GuardedRollout, all_latest
from gateway.rollout.history import By, Entry, NoSuchEntry, add_note, history, read_known
from gateway.rollout.override import lift_override, read_override, throw_override
from gateway.rollout.processes.live import LiveProcess, list_processes, live_processes
from gateway.rollout.processes.reach import Reaches
from gateway.rollout.promotion import Promotion, PromotionRefused, check_promotion, demote, promote, read_promoted
from gateway.rollout.ramp.plan import Ramp
from gateway.rollout.ramp.store import latest
from gateway.rollout.rows import WantedEntries, rollout_of_known
from gateway.rollout.undo.act import Change, undo
from gateway.rollout.undo.plan import NotUndoable
from pipelines.registry import find_pipelines
from pipelines.versions import list_versions

NOT_WRITTEN = "the database does not answer: the change is made, and goes into the history when a process sees it"


async def change(
    settings: Settings, control: FlagControl, work: Work, by: By, *, about: Pipeline | None, reaches: Reaches
) -> tuple[Made, Override | None]:
    """Make a change and write it down, or make it all the same: the flags can be changed without a database."""
    async with AsyncExitStack() as stack:
        database = await enter_database(stack, settings)
        control.use_base(await promoted_in(database))
        made = await build_changes(settings, database, control).make(by, work, about=about, reaches=reaches)
        if not made.written:
            warn(NOT_WRITTEN)
        return made, await override_in(database)


async def preview_change(
    settings: Settings, before: Rollout, after: Rollout, pipeline: Pipeline | None
) -> tuple[Preview, StepPrice | None, Load | None, Override | None]:
    """Who of the users whom the database knows would move, the price of knowing, the load, the override in force."""
    async with AsyncExitStack() as stack:
        database = await enter_database(stack, settings)
        moves = await preview_users(database.pool if database else None, before, after, pipeline)
        if database is None:
            return moves, None, None, None
        (price,) = await price_steps(database.pool, moves.candidate, [after.of(moves.candidate).percent])
        load = await read_load(database.pool, moves.candidate, moves.share_after)
        return moves, price, load, await override_in(database)


async def preview_ramp(settings: Settings, pipeline: Pipeline, percents: Sequence[float]) -> list[StepPrice]:
    """The price of knowing at each step of a ramp."""
    async with existing_database(settings) as database:
        return await price_steps(database.pool, pipeline, percents)


def read_processes(settings: Settings) -> list[LiveProcess]:
    """The processes, also those that fell silent."""
    return with_reads(settings, list_processes)


def read_guard(settings: Settings) -> list[dict[str, Any]]:
    """What the guard found last of each version."""

    async def read(database: Database) -> list[dict[str, Any]]:
        async with database.pool.connection() as connection:
            return [describe_guarded(rollout) for rollout in await all_latest(connection)]

    return with_database(settings, read)


def read_looks(
    settings: Settings,
    span: Span,
    pipeline: Pipeline | None,
    before_id: int | None,
    limit: int,
) -> list[GuardLook]:
    """What the guard found in this time, look by look."""
    since, until = span
    return with_reads(
        settings, lambda reads: list_looks(reads, since, pipeline, until=until, before_id=before_id, limit=limit)
    )


@dataclass(frozen=True, slots=True)
class RowsNow:
    """What the database tells beside the flags; nothing where none answers."""

    override: Override | None
    promoted: Pipeline | None  # what was made the base
    processes: tuple[LiveProcess, ...]  # those that live
    ramp: Ramp | None  # the latest
    guarded: tuple[GuardedRollout, ...]  # what the guard found last of each version


async def rows_now(settings: Settings) -> RowsNow:
    """All that is shown beside the flags."""
    async with AsyncExitStack() as stack:
        database = await enter_database(stack, settings)
        ramp, guarded = await watched_in(database)
        return RowsNow(
            await override_in(database), await promoted_in(database), await processes_in(database), ramp, guarded
        )


async def watched_in(database: Database | None) -> tuple[Ramp | None, tuple[GuardedRollout, ...]]:
    """The latest ramp, and what the guard found; nothing also when no database tells."""
    if database is None:
        return None, ()
    try:
        async with database.pool.connection() as connection:
            guarded = tuple(await all_latest(connection))
        return await latest(database.pool), guarded
    except psycopg.Error:
        return None, ()


async def last_written_down(settings: Settings, versions: Versions) -> Rollout | None:
    """What the history knew last of the flags; None without a database that answers, or if it knows nothing yet."""
    async with AsyncExitStack() as stack:
        database = await enter_database(stack, settings)
        return None if database is None else await last_known(database, versions)


async def last_known(database: Database, versions: Versions) -> Rollout | None:
    """What the history knew last of the flags; None also when the database does not answer."""
    try:
        async with database.pool.connection() as connection:
            known = await read_known(connection)
    except psycopg.Error:
        return None
    return None if known is None or known.rollout is None else rollout_of_known(known.rollout, versions)


async def promote_version(
    settings: Settings, control: FlagControl, version: Pipeline, by: By, *, only_say: bool
) -> tuple[Promotion, bool]:
    """Check that nobody would move, and make it the base; whether that was done."""
    async with existing_database(settings) as database:
        control.use_base(await promoted_in(database))
        ramp = await latest(database.pool)
        try:
            promotion = check_promotion(
                version, await control.read(), await override_in(database), ramp, find_pipelines().usable
            )
            return promotion, not only_say and await promote(database.pool, promotion, by)
        except PromotionRefused as error:
            raise CommandError(str(error)) from None


def demote_version(settings: Settings, actor: str, why: str) -> Pipeline | None:
    """Go back to the base that is set; what was the base. Raises CommandError if that one is not there any more."""
    by = By(actor, "cli", why)
    try:
        return with_database(settings, lambda found: demote(found.pool, by, settings.base_pipeline, list_versions()))
    except PromotionRefused as error:
        raise CommandError(str(error)) from None


def switch_override(settings: Settings, actor: str, why: str, *, on: bool) -> Override | None:
    """Throw the override, or lift it; what is in force afterwards."""

    async def work(database: Database) -> Override | None:
        await (throw_override if on else lift_override)(database.pool, By(actor, "cli", why))
        async with database.pool.connection() as connection:
            return await read_override(connection)

    return with_database(settings, work)


def read_history(
    settings: Settings, wanted: WantedEntries, limit: int, before_id: int | None
) -> tuple[list[Entry], Override | None]:
    """The latest changes, newest first, and the override in force."""

    async def read(database: Database) -> tuple[list[Entry], Override | None]:
        entries = await history(database.pool, wanted, limit=limit, before_id=before_id)
        return entries, await override_in(database)

    return with_database(settings, read)


def note_reason(settings: Settings, about: int, actor: str, why: str) -> Entry:
    """Say why a change was made, later. Raises CommandError where there is no such row."""
    try:
        return with_database(settings, lambda found: add_note(found.pool, about, By(actor, "cli", why)))
    except NoSuchEntry as error:
        raise CommandError(str(error), MISSING) from None


async def undo_row(
    settings: Settings, control: FlagControl, row: int, by: By, *, expect: str | None, anyway: bool
) -> Change:
    """Undo one change of the history. Raises CommandError where that cannot be."""
    async with existing_database(settings) as database:
        control.use_base(await promoted_in(database))
        changes = build_changes(settings, database, control)
        try:
            return await undo(database.pool, changes, row, by, expected=expect, anyway=anyway)
        except NoSuchEntry as error:
            raise CommandError(str(error), MISSING) from None
        except NotUndoable as error:
            raise CommandError(f"change {row} cannot be undone: {error}") from None


async def enter_database(stack: AsyncExitStack, settings: Settings) -> Database | None:
    """The database for as long as the stack is open; None when it does not answer."""
    with suppress(CommandError):
        return await stack.enter_async_context(existing_database(settings))
    return None


async def base_in(settings: Settings, database: Database | None) -> Pipeline:
    """The version that all users fall back to now: what was promoted, or what is set."""
    return installed_versions(settings).promoted_to(await promoted_in(database)).base


async def promoted_in(database: Database | None) -> Pipeline | None:
    """What was made the base; None also when no database tells."""
    if database is None:
        return None
    try:
        async with database.pool.connection() as connection:
            return await read_promoted(connection)
    except psycopg.Error:
        return None


async def processes_in(database: Database | None) -> tuple[LiveProcess, ...]:
    """The processes that live; none also when no database tells."""
    if database is None:
        return ()
    try:
        async with database.pool.connection() as connection:
            return tuple(await live_processes(connection))
    except psycopg.Error:
        return ()


async def override_in(database: Database | None) -> Override | None:
    """The override in force; None also when no database tells."""
    if database is None:
        return None
    try:
        async with database.pool.connection() as connection:
            return await read_override(connection)
    except psycopg.Error:
        return None
