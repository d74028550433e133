"""Options that several commands share."""

from typing import Annotated

import typer

AsJson = Annotated[bool, typer.Option("--json", help="Print one JSON document.")]
Url = Annotated[
    str | None, typer.Option(help="Where the gateway answers; default: http://HOST:PORT.", envvar="GATEWAY_URL")
]
Version = Annotated[
    str | None, typer.Option("--pipeline", help="Which version's flag; default: CANDIDATE_PIPELINE, else the newest.")
]
Why = Annotated[str, typer.Option(help="Written into the rollout's history.")]
