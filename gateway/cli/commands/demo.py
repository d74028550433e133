"""`gateway demo`: the rehearsal as a command. It speaks before it imports what it plays with, which takes seconds."""

from typing import Annotated

import typer

from gateway.cli.errors import CommandError
from gateway.cli.output import console, say


def demo(
    keep: Annotated[bool, typer.Option("--keep", help="Leave it serving afterwards.")] = False,
    users: Annotated[int, typer.Option(min=8, max=10_000, help="New users for each dial.")] = 60,
    seed: Annotated[int, typer.Option(help="Other invented people.")] = 1,
) -> None:
    """Play a rollout in a fresh folder: ramp the newest version, compare it, break it, and see it rolled back."""
    say("Starting two processes of the gateway and a Postgres of their own; some seconds.")
    from gateway.cli.rehearsal.demo.rehearse import Plan, rehearse  # noqa: PLC0415 - seconds, after the first word
    from gateway.cli.rehearsal.roles import NoCandidate  # noqa: PLC0415 - the same
    from gateway.cli.rehearsal.stage.server import DemoError, leave_in_order  # noqa: PLC0415 - the same

    leave_in_order()
    try:
        wrong = rehearse(Plan(users=users, seed=seed, keep=keep), console())
    except (DemoError, NoCandidate) as error:
        raise CommandError(str(error)) from None
    except KeyboardInterrupt:
        raise CommandError("stopped") from None
    if wrong:
        raise CommandError(f"{len(wrong)} things did not hold")
