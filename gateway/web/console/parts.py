"""What all pages of the console share, opened once with the application."""

import asyncio
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Self

from starlette.requests import Request

from gateway.config.operators import Operator
from gateway.database.reads import ReadTooLong
from gateway.database.retry import DATABASE_ERRORS
from gateway.rollout.all_off.switch import AllOff
from gateway.rollout.history import By
from gateway.services import Services
from gateway.web.console.assets import Assets
from gateway.web.console.cached import CachedReads, StillReading
from gateway.web.console.limits import LoginLimits, OpenStreams
from gateway.web.console.off.read import OffFacts, read_off
from gateway.web.console.off.strip import JustOff, OffStrip, is_all_off, strip_of
from gateway.web.console.rendering import Templates

FOLLOW_SECONDS = 1.0  # for this process to have a change in force before a page shows it


@dataclass(slots=True)
class Console:
    """The console of one process."""

    services: Services
    operators: tuple[Operator, ...]
    templates: Templates
    assets: Assets
    limits: LoginLimits
    streams: OpenStreams
    cached: CachedReads  # what pages read, for some seconds
    now: Callable[[], float]  # seconds since 1970
    kept: dict[str, Any] = field(default_factory=dict)  # by page: what it knows from look to look
    just_off: JustOff | None = None

    @property
    def moment(self) -> datetime:
        """Now, in UTC."""
        return datetime.fromtimestamp(self.now(), UTC)

    async def turn_all_off(self, operator: str) -> AllOff:
        """The one button. Raises NotOff."""
        off = await self.services.steering.off.turn_all_off(By(operator, "console"))
        self.just_off = JustOff(off, operator, self.moment)
        self.cached.forget()
        return off

    async def follow(self) -> None:
        """After a change: have it in force in this process, and show nothing that was read before it."""
        with suppress(*DATABASE_ERRORS):
            async with asyncio.timeout(FOLLOW_SECONDS):
                await asyncio.gather(self.services.flags.refresh(), self.services.steering.watch.look())
        self.cached.forget()

    async def strip(self) -> OffStrip | None:
        """What is to be said of a turning off; from memory where the database does not answer."""
        state = self.services.flags.state()
        if not is_all_off(state):
            return None
        try:
            facts: OffFacts | None = (await self.cached.get("off", self._read_off)).value
        except (*DATABASE_ERRORS, ReadTooLong, StillReading):
            facts = None
        return strip_of(state, facts, self.just_off, self.moment)

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_error: object) -> None:
        """End what is being read."""
        await self.cached.close()

    async def _read_off(self) -> OffFacts:
        return await read_off(self.services.reads, self.services.flags.versions.ladder)


def console_of(request: Request) -> Console:
    """The console that a request is for."""
    console: Console = request.app.state.console
    return console
