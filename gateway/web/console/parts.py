"""What all pages of the console share, opened once with the application."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from starlette.requests import Request

from gateway.config.operators import Operator
from gateway.services import Services
from gateway.web.console.assets import Assets
from gateway.web.console.cached import CachedReads
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
    cached: CachedReads  # what pages read, for some seconds
    kept: dict[str, Any] = field(default_factory=dict)  # by page: what it knows from look to look


def console_of(request: Request) -> Console:
    """The console that a request is for."""
    console: Console = request.app.state.console
    return console
