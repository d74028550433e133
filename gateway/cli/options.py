"""Options that several commands share."""

from datetime import UTC, datetime
from typing import Annotated

import typer

from gateway.cli.errors import USAGE, CommandError
from gateway.config.moments import EVER, parse_since

AsJson = Annotated[bool, typer.Option("--json", help="Print one JSON document.")]
Url = Annotated[
    str | None, typer.Option(help="Where the gateway answers; default: http://HOST:PORT.", envvar="GATEWAY_URL")
]
Version = Annotated[
    str | None, typer.Option("--pipeline", help="Which version's flag; default: CANDIDATE_PIPELINE, else the newest.")
]
Why = Annotated[str, typer.Option(help="Written into the rollout's history.")]
Since = Annotated[str | None, typer.Option(help="7d, 24h, 90m, 20:40, today, yesterday, or a date: only since then.")]


def since_of(text: str | None) -> datetime:
    """The moment that is meant; without one, long before everything. Raises CommandError."""
    try:
        return EVER if text is None else parse_since(text, datetime.now(UTC))
    except (ValueError, OverflowError):
        raise CommandError(
            f"--since {text!r} is neither an age (7d, 24h, 90m), a day (today, yesterday), a time (20:40) nor a date",
            USAGE,
        ) from None
