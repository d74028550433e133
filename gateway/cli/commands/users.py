"""`gateway users`: who had which version since when; remove everything about one user."""

import sys
from dataclasses import asdict, fields
from typing import Annotated

import typer

from gateway.cli.database import with_database, with_reads
from gateway.cli.errors import MISSING, USAGE, CommandError
from gateway.cli.options import AsJson, Since, Until, since_of, until_of
from gateway.cli.output import cell, print_json, print_table, warn
from gateway.cli.settings import read_settings
from gateway.cli.text.absent import warn_absent
from gateway.database.as_csv import as_csv
from gateway.database.departure import Removed, forget_user
from gateway.jobs.memories.forget import forget_facts
from gateway.jobs.memories.listing import list_facts
from gateway.jobs.outcomes import POINTS, read_outcomes
from gateway.jobs.users import VersionUser, count_users, list_users

commands = typer.Typer(no_args_is_help=True, help="Look at who had which version; remove a user's data.")
UserId = Annotated[str, typer.Argument(help="The user's id.")]


@commands.callback()
def users() -> None:
    """Look at who had which version; remove a user's data."""


@commands.command("by-version")
def show_by_version(since: Since = None, until: Until = None, as_json: AsJson = False) -> None:
    """Count the users whom each version served, and why; of those of the newest 50,000 jobs."""
    moment, end = since_of(since), until_of(until, since)
    counts = with_reads(read_settings(), lambda reads: count_users(reads, moment, end))
    if as_json:
        print_json([asdict(count) for count in counts])
        return
    rows = [
        (one.pipeline, one.users, one.failed, one.live, one.jobs, ", ".join(f"{k} {v}" for k, v in one.reasons.items()))
        for one in counts
    ]
    print_table(("version", "users", "with a failed job", "have its result", "jobs", "why"), rows)
    if counts and counts[0].only_since:
        warn(f"there were more jobs: this is of {cell(counts[0].only_since)} and later")


@commands.command("outcomes")
def show_outcomes(
    since: Since = None,
    until: Until = None,
    points: Annotated[int, typer.Option(min=1, max=POINTS, help="At most so many a version.")] = POINTS,
    as_json: AsJson = False,
) -> None:
    """Show how users' first job of each version ended, as running sums, and what share of failed users that allows."""
    moment, end = since_of(since), until_of(until, since)
    series = with_reads(read_settings(), lambda reads: read_outcomes(reads, moment, points, until=end))
    if as_json:
        print_json([asdict(one) for one in series])
        return
    rows = [
        (one.pipeline, point.at, point.users, point.failed, f"{point.low * 100:.1f} to {point.high * 100:.1f} %")
        for one in series
        for point in one.points
    ]
    print_table(("version", "until", "users", "failed", "so the share is"), rows)


@commands.command("list")
def show_list(  # noqa: PLR0917 - one parameter an option
    pipeline: Annotated[str, typer.Option(help="Whom this version served.")],
    since: Since = None,
    until: Until = None,
    after: Annotated[str | None, typer.Option(help="Those that come behind this user.")] = None,
    limit: Annotated[int, typer.Option(min=1, max=100_000, help="At most so many, in the order of their ids.")] = 1000,
    csv: Annotated[bool, typer.Option("--csv", help="Print CSV.")] = False,
    as_json: AsJson = False,
) -> None:
    """List the users whom a version served, with their jobs and what they have now."""
    moment, end = since_of(since), until_of(until, since)
    found = with_reads(
        read_settings(), lambda reads: list_users(reads, pipeline, moment, until=end, after=after, limit=limit)
    )
    warn_absent(pipeline, found)
    if as_json:
        print_json([asdict(user) for user in found])
    elif csv:
        sys.stdout.write(as_csv(VersionUser, found))
    else:
        columns = [field.name for field in fields(VersionUser)]
        print_table(columns, ([getattr(user, column) for column in columns] for user in found))


@commands.command("forget")
def forget(
    user: UserId,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask on a terminal.")] = False,
    as_json: AsJson = False,
) -> None:
    """Remove everything about one user from every table, jobs under way included. Cannot be undone."""
    if not yes and sys.stdin.isatty() and not typer.confirm(f"Remove everything about {user}?"):
        raise CommandError("nothing was removed")
    show(remove(user), as_json=as_json)


@commands.command("facts")
def show_facts(
    user: UserId,
    pipeline: Annotated[str | None, typer.Option(help="What this version remembers; else the live one's.")] = None,
    as_json: AsJson = False,
) -> None:
    """List what is remembered of one user over imports: what is in force, then what has ended."""
    facts = with_database(read_settings(), lambda database: list_facts(database.pool, user, pipeline))
    warn_absent(pipeline, facts)
    if as_json:
        print_json([asdict(fact) for fact in facts])
        return
    rows = [
        (one.id, one.category, one.value, one.first_said, one.last_said, one.ended, len(one.sources)) for one in facts
    ]
    print_table(("id", "category", "value", "first said", "last said", "ended", "conversations"), rows)


@commands.command("forget-facts")
def forget_some(
    user: UserId,
    ids: Annotated[list[str] | None, typer.Argument(help="The facts' ids, as `facts` shows them.")] = None,
    everything: Annotated[bool, typer.Option("--all", help="Everything that is remembered.")] = False,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask on a terminal.")] = False,
    as_json: AsJson = False,
) -> None:
    """Forget facts about one user, so that no import of the same export brings them back. Cannot be undone."""
    if bool(ids) == everything:
        raise CommandError("name the facts' ids, or give --all", USAGE)
    if not yes and sys.stdin.isatty() and not typer.confirm(f"Forget {'everything' if everything else 'it'}?"):
        raise CommandError("nothing was forgotten")
    chosen = None if everything else ids
    done = with_database(read_settings(), lambda database: forget_facts(database.pool, user, chosen))
    if not done.facts and not everything:
        raise CommandError(f"nothing with these ids is remembered of {user!r}", MISSING)
    if as_json:
        print_json(asdict(done))
    else:
        print_table(("what", "forgotten or cleaned"), [("facts", done.facts), *done.removed.items()])


@commands.command("erase")
def erase(
    user: UserId,
    yes: Annotated[bool, typer.Option("--yes", help="Really do it.")] = False,
    as_json: AsJson = False,
) -> None:
    """The same as `forget`, which it was called before; never asks."""
    if not yes:
        raise CommandError(f"this removes everything about {user}: add --yes", USAGE)
    show(remove(user), as_json=as_json)


def remove(user: str) -> Removed:
    removed = with_database(read_settings(), lambda database: forget_user(database.pool, user))
    if not removed:
        raise CommandError(f"users are known by UUIDs here, and {user!r} is none", MISSING)
    return removed


def show(removed: Removed, *, as_json: bool) -> None:
    if as_json:
        print_json(removed)
    else:
        print_table(("table", "rows removed"), removed.items())
