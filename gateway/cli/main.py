"""The command's entry: puts the sub-commands together and turns expected failures into one line and an exit code."""

import sys
from collections.abc import Sequence
from importlib.metadata import version
from typing import Annotated

import typer
from pydantic import ValidationError

from gateway.cli.commands import (
    check,
    demo,
    drill,
    flags,
    jobs,
    processes,
    ramp,
    results,
    rollback,
    rollout,
    shadow,
    submit,
    users,
)
from gateway.cli.errors import USAGE, CommandError, describe_settings_error

app = typer.Typer(
    name="gateway",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)
app.command()(processes.serve)
app.command()(processes.worker)
app.command()(processes.migrate)
app.command()(check.check)
app.command()(submit.submit)
app.add_typer(jobs.commands, name="jobs")
app.command()(results.result)
app.command()(results.explain)
app.add_typer(rollout.commands, name="rollout")
app.command()(rollback.rollback)
app.add_typer(ramp.commands, name="ramp")
app.add_typer(flags.commands, name="flags")
app.add_typer(shadow.commands, name="shadow")
app.add_typer(users.commands, name="users")
app.command()(demo.demo)
app.add_typer(drill.commands, name="drill")


def print_version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"gateway {version('soulprint-gateway')}")
        raise typer.Exit


@app.callback()
def gateway(
    _version: Annotated[
        bool, typer.Option("--version", callback=print_version, is_eager=True, help="Print the version and exit.")
    ] = False,
) -> None:
    """One route, two pipelines, picked per user by a flag. Settings come from the environment."""


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the command line (by default the process's); expected failures print one line to standard error."""
    try:
        app(args=arguments)
    except CommandError as failure:
        code, message = failure.code, str(failure)
    except ValidationError as error:
        code, message = USAGE, describe_settings_error(error)
    else:
        return
    sys.stderr.write(f"gateway: {message}\n")
    raise SystemExit(code)
