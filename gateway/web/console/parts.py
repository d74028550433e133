"""What all pages of the console share, opened once with the application."""

from collections.abc import Callable
from dataclasses import dataclass

from starlette.requests import Request

from gateway.config.operators import Operator
from gateway.services import Services
from gateway.web.console.assets import Assets
from gateway.web.console.limits import LoginLimits, OpenStreams
from gateway.web.console.rendering import Templates


@dataclass(frozen=True, slots=True)
class Console:
    """The console of one process."""

    services: Services
    operators: tuple[Operator, ...]
    templates: Templates
    assets: Assets
    limits: LoginLimits
    streams: OpenStreams
    now: Callable[[], float]  # seconds since 1970


def console_of(request: Request) -> Console:
    """The console that a request is for."""
    console: Console = request.app.state.console
    return console
