"""Options that several commands share."""

from typing import Annotated

import typer

from gateway.config.secrets import split_keys
from gateway.config.settings import Settings

AsJson = Annotated[bool, typer.Option("--json", help="Print one JSON document.")]
Url = Annotated[
    str | None, typer.Option(help="Where the gateway answers; default: http://HOST:PORT.", envvar="GATEWAY_URL")
]
Why = Annotated[str, typer.Option(help="Written into the rollout's history.")]


def default_url(settings: Settings) -> str:
    """Where a gateway with these settings is reached from the same machine."""
    host = "127.0.0.1" if settings.host in ("", "0.0.0.0", "::") else settings.host  # noqa: S104  compared, not bound
    return f"http://{f'[{host}]' if ':' in host else host}:{settings.port}"


def operator_token(settings: Settings) -> str | None:
    """What to show to a gateway with these settings: the operator's token, else the first of the callers' keys."""
    if settings.operator_token is not None:
        return settings.operator_token.get_secret_value()
    return None if settings.gateway_api_keys is None else split_keys(settings.gateway_api_keys.get_secret_value())[0]
