"""`gateway users`: remove everything about one user."""

import sys
from typing import Annotated

import typer

from gateway.cli.database import with_database
from gateway.cli.errors import MISSING, USAGE, CommandError
from gateway.cli.options import AsJson
from gateway.cli.output import print_json, print_table
from gateway.cli.settings import read_settings
from gateway.database.departure import Removed, forget_user

commands = typer.Typer(no_args_is_help=True, help="Remove a user's data.")
UserId = Annotated[str, typer.Argument(help="The user's id.")]


@commands.callback()
def users() -> None:
    """Remove a user's data."""


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
