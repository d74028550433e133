"""`gateway flags`: create the flags where they are kept."""

import typer

from gateway.cli.options import AsJson
from gateway.cli.output import print_json, say
from gateway.cli.rollout_client import create_flags

commands = typer.Typer(no_args_is_help=True, help="Create the flags that decide.")


@commands.callback()
def flags() -> None:
    """Create the flags that decide."""


@commands.command("init")
def init(as_json: AsJson = False) -> None:
    """Create what is missing of the flags, at 0 %, in Unleash or in flags.json; change nothing that exists."""
    created = create_flags()
    if as_json:
        print_json({"created": created})
    else:
        say(f"created {', '.join(created)}" if created else "all flags exist; nothing was changed")
