"""Options that several commands share."""

from datetime import UTC, datetime
from typing import Annotated

import typer

from gateway.cli.errors import USAGE, CommandError
from gateway.config.moments import EVER, end_of, parse_since

AsJson = Annotated[bool, typer.Option("--json", help="Print one JSON document.")]
Url = Annotated[
    str | None, typer.Option(help="Where the gateway answers; default: http://HOST:PORT.", envvar="GATEWAY_URL")
]
Key = Annotated[
    str | None, typer.Option(help="A caller's key, where the gateway asks for one.", envvar="GATEWAY_API_KEY")
]
Version = Annotated[
    str | None, typer.Option("--pipeline", help="Which version's flag; default: CANDIDATE_PIPELINE, else the newest.")
]
Why = Annotated[str, typer.Option(help="Written into the rollout's history.")]
Since = Annotated[str | None, typer.Option(help="7d, 24h, 90m, 20:40, today, yesterday, or a date: only since then.")]
Until = Annotated[
    str | None,
    typer.Option(help="Only before then, said like --since. Of `--since yesterday`: the end of that day, UTC."),
]


def since_of(text: str | None) -> datetime:
    """The moment that is meant; without one, long before everything. Raises CommandError."""
    return EVER if text is None else moment_of("--since", text)


def until_of(text: str | None, since: str | None) -> datetime | None:
    """Where it ends; None: now. Of yesterday, that day's end, unless something else is said. Raises CommandError."""
    if text is None:
        return None if since is None else end_of(since, datetime.now(UTC))
    until = moment_of("--until", text)
    if until <= since_of(since):
        raise CommandError(f"--until {text} is not after --since {since}", USAGE)
    return until


def moment_of(option: str, text: str) -> datetime:
    """What an option says. Raises CommandError."""
    try:
        return parse_since(text, datetime.now(UTC))
    except (ValueError, OverflowError):
        raise CommandError(
            f"{option} {text!r} is neither an age (7d, 24h, 90m), a day (today, yesterday), a time (20:40) nor a date",
            USAGE,
        ) from None
