"""`gateway rollback`: put users' data back to what the other pipeline last published."""

import contextlib
import sys
from collections.abc import Iterator
from dataclasses import asdict, dataclass, fields
from typing import Annotated, Any

import typer
from prometheus_client import CollectorRegistry
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from gateway.cli.database import READ_SECONDS, with_database
from gateway.cli.errors import USAGE, CommandError
from gateway.cli.options import AsJson, Why
from gateway.cli.output import console, print_json, print_table, say, warn
from gateway.cli.rollout_client import current_actor
from gateway.cli.rollout_records import base_in
from gateway.cli.settings import read_settings
from gateway.config.settings import Settings
from gateway.database.as_csv import as_csv
from gateway.database.pool import Database
from gateway.database.reads import Reads
from gateway.jobs.accept.opening import build_accepter
from gateway.restore.listing import Meant, RestoreUser, list_restore
from gateway.restore.model import Users
from gateway.restore.order import NotMeant, Order, check_order, count_leaving
from gateway.restore.rerun import rerun_missing as run_again
from gateway.restore.run import BATCH, Report, Seen, restore
from gateway.restore.store import RestoreStore
from gateway.rollout.history import By
from gateway.telemetry.metrics import Metrics
from pipelines.versions import list_versions

LISTED = 1000  # users named in JSON
LINE_EVERY = 5000  # users, where nobody watches a bar


@dataclass(frozen=True, slots=True)
class Command:
    """What the command line asked for."""

    order: Order
    dry_run: bool
    batch: int
    rerun_missing: bool
    by: By
    quiet: bool  # nothing beside the result


def rollback(
    *,
    restore_data: Annotated[bool, typer.Option("--restore-data", help="Put results back.")] = False,
    source: Annotated[
        str | None, typer.Option("--from", help="Only users of this version; each gets back what an older one made.")
    ] = None,
    to: Annotated[str | None, typer.Option(help="Which pipeline's last results; by default, the base's.")] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only count; changes nothing.")] = False,
    batch: Annotated[int, typer.Option(min=1, max=10_000, help="Users a transaction.")] = BATCH,
    rerun_missing: Annotated[
        bool, typer.Option("--rerun-missing", help="Also run the base for users who never had a result of it.")
    ] = False,
    list_only: Annotated[
        bool, typer.Option("--list", help="Only list whom it would find, and what they would get.")
    ] = False,
    after: Annotated[str | None, typer.Option(help="With --list: those behind this user.")] = None,
    limit: Annotated[int, typer.Option(min=1, max=100_000, help="With --list: at most so many.")] = 1000,
    csv: Annotated[bool, typer.Option("--csv", help="With --list: print CSV.")] = False,
    why: Why = "",
    as_json: AsJson = False,
) -> None:
    """Put the last result of the base back for every user whose live result another pipeline made.

    With --from v3, only for those whose live result v3 made: each gets the last result of the newest older version that
    is kept of them. Where several versions are live beside the base, --from or --to has to say what is meant.

    A run that was stopped goes on where it was. Users whose data changed since the run began are left alone.
    `gateway rollout off` comes first: it is what sends users to the older version from now on.
    """
    order = Order(to, source, list_versions(), option="--")
    command = Command(order, dry_run, batch, rerun_missing, By(current_actor(), "cli", why), quiet=as_json)
    check(restore_data=restore_data)
    settings = read_settings()
    if list_only:
        show_users(find_users(settings, order, after, limit), csv=csv, as_json=as_json)
        return
    try:
        result, base = with_database(settings, lambda database: carry_out(settings, database, command))
    except KeyboardInterrupt:
        raise CommandError("stopped: what is restored is restored, and the same command goes on") from None
    if as_json:
        print_json(result)
    elif source is not None and to is None:
        tell_from(result)
    else:
        tell(result, base)
    if result.get("superseded"):
        raise CommandError("somebody began a rollback the other way round: this one is over")


def find_users(settings: Settings, order: Order, after: str | None, limit: int) -> list[RestoreUser]:
    """Whom it would find; nothing is changed."""

    async def find(database: Database) -> list[RestoreUser]:
        meant = Meant(order.to, order.source, await base_in(settings, database))
        return await list_restore(Reads(database.pool, READ_SECONDS), meant, after=after, limit=limit)

    return with_database(settings, find)


def show_users(users: list[RestoreUser], *, csv: bool, as_json: bool) -> None:
    if as_json:
        print_json([asdict(user) for user in users])
    elif csv:
        sys.stdout.write(as_csv(RestoreUser, users))
    else:
        columns = [field.name for field in fields(RestoreUser)]
        print_table(columns, ([getattr(user, column) for column in columns] for user in users))


def check(*, restore_data: bool) -> None:
    """Refuse what cannot be meant."""
    if not restore_data:
        raise CommandError(
            "say what is rolled back: --restore-data puts results back; the flag is `gateway rollout off`", USAGE
        )


async def carry_out(settings: Settings, database: Database, command: Command) -> tuple[dict[str, Any], str]:
    """Count, or restore; what came of it, and the base."""
    order = command.order
    store = RestoreStore(database.pool, order.source)
    base = await base_in(settings, database)
    try:
        await check_order(store, order, base)
    except NotMeant as error:
        raise CommandError(str(error), USAGE) from None
    if order.source is not None and order.to is None:
        return await carry_out_from(store, command, order.source), base
    to = order.to or base
    if to not in order.there:
        warn(f"pipeline {to} is no longer here: what is kept of it is put back, and nothing new can be made by it")
    if command.rerun_missing and to != base:
        raise CommandError(f"--rerun-missing makes {base} jobs only: others are the dial's to give", USAGE)
    found = await store.count(to)
    if command.dry_run:
        return {"dry_run": True, "to": to, **asdict(found), **await name_missing(store, to)}, base
    with watch(found.restorable, quiet=command.quiet) as seen:
        report = await restore(store, to, command.by, batch=command.batch, seen=seen)
    again = await rerun(settings, database, store, base) if command.rerun_missing else 0
    return {**describe(report), "run_again": again, **await name_missing(store, to)}, base


async def carry_out_from(store: RestoreStore, command: Command, source: str) -> dict[str, Any]:
    """One run for each older version of which something is kept, the newest first."""
    if command.rerun_missing:
        raise CommandError("--rerun-missing goes with --to: it runs the base", USAGE)
    leaving = await count_leaving(store, source)
    counted: dict[str, Any] = {"from": source, "missing": leaving.missing}
    if command.dry_run:
        return {"dry_run": True, **counted, "by_version": leaving.by_version}
    restored: dict[str, int] = {}
    for version, expected in leaving.by_version.items():
        with watch(expected, quiet=command.quiet) as seen:
            report = await restore(store, version, command.by, batch=command.batch, seen=seen)
        restored[version] = report.run.restored
        if report.superseded:
            return {**counted, "by_version": restored, "superseded": True}
    left = (await store.live()).get(source, 0)
    return {**counted, "by_version": restored, "left_alone": left - leaving.missing}


async def name_missing(store: RestoreStore, to: str) -> dict[str, Any]:
    return {"missing_users": [sent.user_id for sent in await store.missing(to, limit=LISTED)]}


async def rerun(settings: Settings, database: Database, store: RestoreStore, base: str) -> int:
    async with build_accepter(settings, database, Metrics(CollectorRegistry())) as accepter:
        return await run_again(store, accepter, base)


def describe(report: Report) -> dict[str, Any]:
    run = report.run
    return {
        "run": run.id,
        "to": run.target,
        "state": run.state,
        "restored": run.restored,
        "chunks_gone": run.chunks_gone,
        "superseded": report.superseded,
        **asdict(report.users),
    }


def tell(result: dict[str, Any], base: str) -> None:
    """The result in sentences, those with a number first."""
    to = result["to"]
    users = Users(**{name: result[name] for name in Users.__dataclass_fields__})
    if result.get("dry_run"):
        say(f"{users.restorable} users would get the last result of {to} back")
    else:
        say(f"{result['restored']} users have the last result of {to} back")
        if result["chunks_gone"]:
            say(f"  of them, {result['chunks_gone']} keep the chunks of their latest import: older ones are not kept")
        if users.restorable:
            say(f"{users.restorable} users were left alone: their data changed meanwhile; run it again to include them")
    if users.missing:
        say(f"{users.missing} users never had a result of {to}; of {users.can_rerun} the export is known")
    if result.get("run_again"):
        say(f"{result['run_again']} of them are run again")
    elif users.can_rerun and to == base:
        say(f"  --rerun-missing runs {base} for them")
    if users.under_way:
        say(f"{users.under_way} jobs of other pipelines are still under way: run it again when they have ended")


def tell_from(result: dict[str, Any]) -> None:
    """The same of a version that was rolled back."""
    source, verb = result["from"], "would get" if result.get("dry_run") else "have"
    for version, users in result["by_version"].items():
        say(f"{users} users of {source} {verb} the last result of {version} back")
    say(f"{result['missing']} users of {source} never had a result of an older version, and keep what they have")
    if result.get("left_alone"):
        say(f"{result['left_alone']} users were left alone: their data changed meanwhile; run it again to include them")


@contextlib.contextmanager
def watch(total: int, *, quiet: bool) -> Iterator[Seen]:
    """A bar on a terminal, a line now and then elsewhere, nothing beside JSON."""
    if quiet:
        yield lambda _users: None
        return
    if not console().is_terminal:
        yield _lines(total)
        return
    columns = (TextColumn("restoring"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=console()) as progress:
        bar = progress.add_task("restoring", total=total)
        yield lambda users: progress.advance(bar, users)


def _lines(total: int) -> Seen:
    done = 0

    def seen(users: int) -> None:
        nonlocal done
        if done // LINE_EVERY != (done + users) // LINE_EVERY:
            say(f"{done + users} of {total}")
        done += users

    return seen
