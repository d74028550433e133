"""How commands change the rollout: through the one way there is, with whatever of flag server and database answers."""

import asyncio
import getpass
import socket
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from dataclasses import dataclass
from typing import TypeVar

import psycopg

from flags.change.errors import Conflict, ControlError, ControlUnavailable, InvalidChange
from flags.change.preview import Preview
from flags.control import FlagControl
from flags.model import Override, Rollout
from gateway.cli.database import START_HERE, existing_database, with_database
from gateway.cli.errors import FAILED, MISSING, UNREACHABLE, USAGE, CommandError
from gateway.cli.output import warn
from gateway.config.settings import Settings
from gateway.database.pool import Database
from gateway.rollout.changes import Work
from gateway.rollout.explain import preview_users
from gateway.rollout.history import By
from gateway.rollout.opening import build_changes, build_control
from gateway.rollout.override import lift_override, read_override, throw_override

T = TypeVar("T")

HINT = "; `gateway rollout off --local` rolls back without the flag server"
NOT_WRITTEN = "the database does not answer: the change is made, and goes into the history when a process sees it"


@dataclass(frozen=True, slots=True)
class Seen:
    """The rollout, and what overrides it."""

    rollout: Rollout
    override: Override | None


def change(work: Work, why: str, *, hint: bool = False) -> Seen:
    """Make a change; its failures become one line, with `hint` about how to roll back anyway."""
    settings = Settings()

    async def run() -> Seen:
        async with open_operator_control(settings) as (control, database):
            made = await build_changes(settings, database, control).make(By(current_actor(), "cli", why), work)
            if not made.written and has_database(settings):
                warn(NOT_WRITTEN)
            return Seen(made.after, await override_in(database))

    return report_failures(run, hint=hint)


def read_rollout() -> Seen:
    """The rollout, from where it is kept."""
    settings = Settings()

    async def run() -> Seen:
        async with open_operator_control(settings) as (control, database):
            return Seen(await control.read(), await override_in(database))

    return report_failures(run)


def ask_control(work: Callable[[FlagControl], Awaitable[T]], *, must_exist: bool = True) -> T:
    """Run `work` on the control that the settings name, for what changes no rollout."""
    settings = Settings()

    async def run() -> T:
        control = open_control(settings, must_exist=must_exist)
        try:
            return await work(control)
        finally:
            await control.close()

    return report_failures(run)


def preview_change(after: Callable[[Rollout], Rollout]) -> Preview:
    """Who of the known users would move."""
    settings = Settings()

    async def run() -> Preview:
        async with open_operator_control(settings) as (control, database):
            before = await control.read()
            return await preview_users(database.pool if database else None, before, after(before))

    return report_failures(run)


def switch_locally(why: str, *, on: bool) -> Override | None:
    """Throw the override, or lift it; what is in force afterwards."""

    async def work(database: Database) -> Override | None:
        await (throw_override if on else lift_override)(database.pool, By(current_actor(), "cli", why))
        async with database.pool.connection() as connection:
            return await read_override(connection)

    return with_database(Settings(), work)


async def override_in(database: Database | None) -> Override | None:
    """The override in force; None also when no database tells."""
    if database is None:
        return None
    try:
        async with database.pool.connection() as connection:
            return await read_override(connection)
    except psycopg.Error:
        return None


@asynccontextmanager
async def open_operator_control(settings: Settings) -> AsyncIterator[tuple[FlagControl, Database | None]]:
    """The control, and the database if there is one that answers: flags can be changed without."""
    async with AsyncExitStack() as stack:
        control = open_control(settings)
        stack.push_async_callback(control.close)
        database: Database | None = None
        with suppress(CommandError):
            database = await stack.enter_async_context(existing_database(settings))
        yield control, database


def has_database(settings: Settings) -> bool:
    """Is there one that could have answered?"""
    return settings.database_url is not None or (settings.data_dir / "postgres").is_dir()


def open_control(settings: Settings, *, must_exist: bool = True) -> FlagControl:
    """The control beside the flag source that the settings name."""
    if must_exist and settings.unleash_url is None and not (settings.data_dir / "flags.json").is_file():
        raise CommandError(f"there is no flags.json {START_HERE.format(settings.data_dir.absolute())}", MISSING)
    control = build_control(settings)
    if control is None:
        raise CommandError("UNLEASH_ADMIN_TOKEN is missing: changes go through the Unleash Admin API", USAGE)
    return control


def report_failures(run: Callable[[], Awaitable[T]], *, hint: bool = False) -> T:
    """Run it; a change that was not made is report_failures in one line."""

    async def awaited() -> T:
        return await run()

    try:
        return asyncio.run(awaited())
    except InvalidChange as error:
        raise CommandError(str(error), USAGE) from None
    except Conflict as error:
        raise CommandError(f"{error}: look at it, then try again", FAILED) from None
    except ControlUnavailable as error:
        raise CommandError(f"nothing was changed: {error}{HINT if hint else ''}", UNREACHABLE) from None
    except ControlError as error:
        raise CommandError(str(error), FAILED) from None


def current_actor() -> str:
    """Who runs this command, for the history."""
    try:
        return f"{getpass.getuser()}@{socket.gethostname()}"
    except (KeyError, OSError):  # a container's user without a name
        return socket.gethostname()
