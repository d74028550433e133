"""`gateway rollout off` and `on`: roll back by whichever way answers, and go forward again."""

from typing import Annotated

import typer

from gateway.cli.errors import USAGE, CommandError
from gateway.cli.off.client import switch_locally, switch_off
from gateway.cli.options import AsJson, Version
from gateway.cli.output import warn
from gateway.cli.rollout_client import change
from gateway.cli.text.rollout import already_off, print_rollout, print_switched
from gateway.rollout.processes.reach import nobody_more, switched_on

Anyway = Annotated[bool, typer.Option("--anyway", help="Also where a live process cannot run the version.")]
Local = Annotated[
    bool, typer.Option("--local", help="By a row in the database, in force everywhere; needs no flag server.")
]
Every = Annotated[bool, typer.Option("--all", help="All versions above the base, as the console's button does.")]
Why = Annotated[str, typer.Option(help="Why; it goes into the history.")]


def turn_off(
    local: Local = False, pipeline: Version = None, every: Every = False, why: Why = "", as_json: AsJson = False
) -> None:
    """Roll back: a version's users get what they had before. The percentage is kept for `on`.

    Where the flag server has not answered after 1.5 seconds, the override sends everybody to the base, as with --local.
    """
    if local:
        print_switched(switch_locally(why, on=True), as_json=as_json)
        return
    if every and pipeline is not None:
        raise CommandError("--all goes without --pipeline", USAGE)
    seen, override = switch_off(pipeline, why, every=every)
    if seen is None:
        print_switched(override, as_json=as_json)
        return
    print_rollout(seen, as_json=as_json)
    if seen.unread is None and not every and (said := already_off(seen, pipeline or seen.rollout.candidate)):
        warn(said)


def turn_on(
    local: Local = False, pipeline: Version = None, why: Why = "", anyway: Anyway = False, as_json: AsJson = False
) -> None:
    """Go back to the percentage that was set; with --local, lift the override."""
    if local:
        print_switched(switch_locally(why, on=False), as_json=as_json)
        return
    reaches = nobody_more if anyway else switched_on(pipeline)
    print_rollout(change(lambda control: control.turn_on(pipeline=pipeline), why, pipeline, reaches), as_json=as_json)
