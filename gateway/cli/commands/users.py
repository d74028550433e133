"""`gateway users`: remove everything about one user."""

from typing import Annotated

import typer

from gateway.cli.database import with_database
from gateway.cli.errors import USAGE, CommandError
from gateway.cli.options import AsJson
from gateway.cli.output import print_json, print_table
from gateway.cli.settings import read_settings
from gateway.database.pool import Database
from gateway.database.retention import UserIsBusyError, erase_user

commands = typer.Typer(no_args_is_help=True, help="Remove a user's data.")


@commands.callback()
def users() -> None:
    """Remove a user's data."""


@commands.command("erase")
def erase(
    user: Annotated[str, typer.Argument(help="The user's id.")],
    yes: Annotated[bool, typer.Option("--yes", help="Really do it.")] = False,
    as_json: AsJson = False,
) -> None:
    """Remove all of one user's data from every table. Cannot be undone."""
    if not yes:
        raise CommandError(f"this removes everything about {user}: add --yes", USAGE)

    async def remove(database: Database) -> dict[str, int]:
        try:
            return await erase_user(database.pool, user)
        except UserIsBusyError as error:
            raise CommandError(str(error)) from None

    removed = with_database(read_settings(), remove)
    if as_json:
        print_json(removed)
    else:
        print_table(("table", "rows removed"), removed.items())
