"""`gateway flags`: create the flags where they are kept."""

from typing import Annotated

import typer

from gateway.cli.options import AsJson
from gateway.cli.output import print_json, say
from gateway.cli.rollout_client import create_flags, set_up_webhook

commands = typer.Typer(no_args_is_help=True, help="Create the flags that decide.")


@commands.callback()
def flags() -> None:
    """Create the flags that decide."""


@commands.command("init")
def init(
    webhook_url: Annotated[
        str | None,
        typer.Option(help="Where Unleash reaches the gateway, to tell it of changes; default: UNLEASH_WEBHOOK_URL."),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Create what is missing of the flags, at 0 %, in Unleash or in flags.json; change nothing that exists.

    With an address and UNLEASH_WEBHOOK_TOKEN, Unleash is set up to tell the gateway of changes made in its pages.
    """
    webhook = set_up_webhook(webhook_url)  # first: for a minute, Unleash goes on with the integrations it knew last
    created = create_flags()
    if as_json:
        print_json({"created": created} | ({} if webhook is None else {"webhook": webhook}))
        return
    say(f"created {', '.join(created)}" if created else "all flags exist; nothing was changed")
    if webhook is not None:
        say(f"Unleash's webhook is {webhook}; Unleash uses it within a minute")
