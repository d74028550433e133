"""How commands change the rollout: through the one way there is, with whatever of flag server and database answers.

Imports the control of the flags when one is opened, and the database where there is one: turning the candidate off in
an emergency waits for nothing else.
"""

import getpass
import socket
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any, TypeVar

from flags.change.errors import Conflict, ControlError, ControlUnavailable, InvalidChange
from flags.change.preview import Preview, preview
from flags.model import Override, Pipeline, Rollout
from gateway.cli.errors import FAILED, MISSING, START_HERE, UNREACHABLE, USAGE, CommandError
from gateway.cli.settings import read_settings
from gateway.rollout.processes.reach import Reaches, nobody_more
from gateway.rollout.rows import WantedEntries

if TYPE_CHECKING:
    from flags.control import FlagControl
    from gateway.config.moments import Span
    from gateway.config.settings import Settings
    from gateway.jobs.load import Load
    from gateway.rollout.guard.looks import GuardLook
    from gateway.rollout.guard.price import StepPrice
    from gateway.rollout.guard.store import GuardedRollout
    from gateway.rollout.history import Entry
    from gateway.rollout.processes.live import LiveProcess
    from gateway.rollout.promotion import Promotion
    from gateway.rollout.ramp.plan import Ramp

T = TypeVar("T")

UNCHANGED = "nothing was changed"
UNREAD = "the flags cannot be read"
HINT = "; `gateway rollout off --local` rolls back without the flag server"


@dataclass(frozen=True, slots=True)
class Seen:
    """The rollout, and what overrides it; None also when no database tells."""

    rollout: Rollout
    override: Override | None
    unread: str | None = None  # why the flags could not be read: then it is what the database knew last
    before: Rollout | None = None  # what it was before a change; None also when no database was asked
    processes: "tuple[LiveProcess, ...]" = ()  # those that live, and what each has in force
    ramp: "Ramp | None" = None  # the latest
    guarded: "tuple[GuardedRollout, ...]" = ()  # what the guard found last of each version


@dataclass(frozen=True, slots=True)
class Previewed:
    """What a change would do. None also where no database tells."""

    moves: Preview
    price: "StepPrice | None" = None  # of knowing how it does
    load: "Load | None" = None
    override: Override | None = None  # in force: until it is lifted, nobody moves


def change(
    work: "Callable[[FlagControl], Awaitable[Rollout]]",
    why: str,
    about: Pipeline | None = None,
    reaches: Reaches = nobody_more,
) -> Seen:
    """Make a change to a version; its failures become one line, which says how to roll back anyway."""
    settings = read_settings()

    async def run(control: "FlagControl") -> Seen:
        if not has_database(settings):
            return Seen(await work(control), None)
        from gateway.cli import rollout_records
        from gateway.rollout.history import By

        by = By(current_actor(), "cli", why)
        made, override = await rollout_records.change(settings, control, work, by, about=about, reaches=reaches)
        return Seen(made.after, override, before=made.before)

    return run_on_control(settings, run)


def read_rollout() -> Seen:
    """The rollout, from where it is kept."""
    settings = read_settings()

    async def run(control: "FlagControl") -> Seen:
        if not has_database(settings):
            return Seen(await control.read(), None)
        from gateway.cli import rollout_records

        now = await rollout_records.rows_now(settings)
        control.use_base(now.promoted)
        seen = partial(Seen, override=now.override, processes=now.processes, ramp=now.ramp, guarded=now.guarded)
        try:
            return seen(await control.read())
        except ControlUnavailable as error:
            known = await rollout_records.last_written_down(settings, control.versions)
            if known is None:
                raise
            return seen(known, unread=str(error))

    return run_on_control(settings, run, failed=UNREAD)


def preview_change(after: Callable[[Rollout], Rollout], pipeline: Pipeline | None) -> Previewed:
    """Who of the known users would move when one version's flag changes, and what it takes to know how it does."""
    settings = read_settings()

    async def run(control: "FlagControl") -> Previewed:
        before = await control.read()
        if not has_database(settings):
            return Previewed(preview(before, after(before), [], pipeline))
        from gateway.cli import rollout_records

        return Previewed(*await rollout_records.preview_change(settings, before, after(before), pipeline))

    return run_on_control(settings, run, failed=UNREAD)


def preview_ramp(steps: Sequence[float], pipeline: Pipeline | None) -> "list[StepPrice]":
    """What it takes to know, at each step of a ramp."""
    from gateway.cli import rollout_records

    settings = read_settings()

    async def run(control: "FlagControl") -> "list[StepPrice]":
        return await rollout_records.preview_ramp(settings, pipeline or control.versions.candidate, steps)

    return run_on_control(settings, run, failed=UNREAD)


def promote(version: Pipeline, why: str, *, only_say: bool) -> "tuple[Promotion, bool]":
    """Check that nobody would move, and make a version the base; whether that was done."""
    settings = read_settings()

    async def run(control: "FlagControl") -> "tuple[Promotion, bool]":
        from gateway.cli import rollout_records
        from gateway.rollout.history import By

        by = By(current_actor(), "cli", why)
        return await rollout_records.promote_version(settings, control, version, by, only_say=only_say)

    return run_on_control(settings, run)


def demote(why: str) -> "tuple[Pipeline | None, Pipeline]":
    """Go back to the base that is set; what was the base, None if nothing was promoted, and what is now."""
    from gateway.cli import rollout_records

    settings = read_settings()
    return rollout_records.demote_version(settings, current_actor(), why), settings.base_pipeline


def create_flags() -> tuple[str, ...]:
    """Create what is missing of the flags; the names of what was created."""
    return run_on_control(read_settings(), lambda control: control.init(), must_exist=False)


def set_up_webhook(own_url: str | None) -> str | None:
    """Have Unleash tell the gateway of changes: `created`, or `set again`; None if no address is given anywhere."""
    settings = read_settings()
    url = own_url or settings.unleash_webhook_url
    if url is None:
        return None
    from gateway.config.addresses import check_http_url
    from gateway.rollout import control

    try:
        check_http_url("--webhook-url", url)
        return "created" if report_failures(lambda: control.set_up_webhook(settings, url)) else "set again"
    except ValueError as error:  # also WebhookSettingsError
        raise CommandError(str(error), USAGE) from None


def read_history(wanted: WantedEntries, limit: int, before_id: int | None) -> "tuple[list[Entry], Override | None]":
    """The latest changes, newest first, and the override in force."""
    from gateway.cli import rollout_records

    return rollout_records.read_history(read_settings(), wanted, limit, before_id)


def note_reason(about: int, why: str) -> "Entry":
    """Say why a change was made, later."""
    from gateway.cli import rollout_records

    return rollout_records.note_reason(read_settings(), about, current_actor(), why)


def undo_change(row: int, why: str, *, expect: str | None, anyway: bool) -> tuple[int, list[str]]:
    """Undo the change that a row of the history belongs to: its id, and what is as before, a line a version."""
    from gateway.cli import rollout_records
    from gateway.rollout.history import By

    settings, by = read_settings(), By(current_actor(), "cli", why)

    async def run(control: "FlagControl") -> tuple[int, list[str]]:
        undone = await rollout_records.undo_row(settings, control, row, by, expect=expect, anyway=anyway)
        return undone.id, undone.lines

    return run_on_control(settings, run)


def read_processes() -> "list[LiveProcess]":
    """The processes, also those that fell silent."""
    from gateway.cli import rollout_records

    return rollout_records.read_processes(read_settings())


def read_guard() -> list[dict[str, Any]]:
    """What the guard found last of each version."""
    from gateway.cli import rollout_records

    return rollout_records.read_guard(read_settings())


def read_looks(span: "Span", pipeline: Pipeline | None, before_id: int | None, limit: int) -> "list[GuardLook]":
    """What the guard found in this time, look by look."""
    from gateway.cli import rollout_records

    return rollout_records.read_looks(read_settings(), span, pipeline, before_id, limit)


def run_on_control(
    settings: "Settings",
    work: "Callable[[FlagControl], Awaitable[T]]",
    *,
    must_exist: bool = True,
    failed: str = UNCHANGED,
) -> T:
    """Run `work` on the control that the settings name; its failures become one line."""

    async def run() -> T:
        async with operator_control(settings, must_exist=must_exist) as control:
            return await work(control)

    return report_failures(run, failed=failed)


@asynccontextmanager
async def operator_control(settings: "Settings", *, must_exist: bool = True) -> "AsyncIterator[FlagControl]":
    """The control beside the flag source that the settings name, closed at the end."""
    async with control_if_any(settings, must_exist=must_exist) as control:
        if control is None:
            raise CommandError("UNLEASH_ADMIN_TOKEN is missing: changes go through the Unleash Admin API", USAGE)
        yield control


@asynccontextmanager
async def control_if_any(settings: "Settings", *, must_exist: bool = True) -> "AsyncIterator[FlagControl | None]":
    """The same; None where the settings hold no token for it."""
    if must_exist and settings.unleash_url is None and not (settings.data_dir / "flags.json").is_file():
        raise CommandError(f"there is no flags.json {START_HERE.format(settings.data_dir.absolute())}", MISSING)
    from gateway.rollout.control import build_control, installed_versions

    control = build_control(settings, installed_versions(settings))
    try:
        yield control
    finally:
        if control is not None:
            await control.close()


def has_database(settings: "Settings") -> bool:
    """Is there one that could answer?"""
    return settings.database_url is not None or (settings.data_dir / "postgres").is_dir()


def report_failures(run: Callable[[], Awaitable[T]], *, failed: str = UNCHANGED) -> T:
    """Run it; why it failed becomes one line, which begins with what that means."""
    import asyncio

    async def awaited() -> T:
        return await run()

    try:
        return asyncio.run(awaited())
    except InvalidChange as error:
        raise CommandError(str(error), USAGE) from None
    except Conflict as error:
        raise CommandError(f"{error}: look at it, then try again", FAILED) from None
    except ControlUnavailable as error:
        raise CommandError(f"{failed}: {error}{HINT if failed == UNCHANGED else ''}", UNREACHABLE) from None
    except ControlError as error:
        raise CommandError(str(error), FAILED) from None


def current_actor() -> str:
    """Who runs this command, for the history."""
    try:
        return f"{getpass.getuser()}@{socket.gethostname()}"
    except (KeyError, OSError):  # a container's user without a name
        return socket.gethostname()
