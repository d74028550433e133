"""Reading a command of the documentation as the command line itself would, without running it."""

import shlex

import typer
from typer.core import TyperGroup

from gateway.cli.main import app


def parse(command: str) -> None:
    """Take `gateway ...` apart. Raises what the command line would tell its user."""
    found, rest = typer.main.get_command(app), shlex.split(command)[1:]
    context = typer.Context(found, info_name="gateway")
    while isinstance(found, TyperGroup):
        name, resolved, rest = found.resolve_command(context, rest)
        assert resolved is not None
        found, context = resolved, typer.Context(resolved, info_name=name, parent=context)
    found.parse_args(context, rest)
