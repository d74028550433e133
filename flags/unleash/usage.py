"""Tells Unleash that this process lives and uses the flags, so that its UI shows them alive."""

import asyncio
from datetime import UTC, datetime
from importlib.metadata import version
from typing import Any

import structlog

from flags.last_known.snapshot import Counts
from flags.unleash.api import ClientApi, FlagServerError

log = structlog.get_logger()

STRATEGIES = ["default", "flexibleRollout", "userWithId", "gradualRolloutUserId"]


class Reporter:
    """Registers once and then reports usage; a server that does not answer costs nothing but a later report."""

    def __init__(self, api: ClientApi, counts: Counts, identity: dict[str, str], every_seconds: float = 60.0) -> None:
        self._api = api
        self._counts = counts
        self._identity = identity
        self._every_seconds = every_seconds
        self._registered = False
        self._since = datetime.now(UTC)
        self._sent = counts.by_flag()

    async def run(self) -> None:
        """Report for ever."""
        while True:
            await self.report()
            await asyncio.sleep(self._every_seconds)

    async def report(self) -> None:
        """Register if that has not worked yet, and send what was counted since the last report that arrived."""
        try:
            if not self._registered:
                await self._api.send("/client/register", self._registration())
                self._registered = True
            await self._send_usage()
        except FlagServerError as error:
            log.debug("flag_usage_not_reported", error=str(error))

    async def _send_usage(self) -> None:
        counted, until = self._counts.by_flag(), datetime.now(UTC)
        toggles = {
            flag: {"yes": on - self._sent[flag][0], "no": off - self._sent[flag][1], "variants": {}}
            for flag, (on, off) in counted.items()
            if (on, off) != self._sent[flag]
        }
        if not toggles:
            return
        bucket = {"start": self._since.isoformat(), "stop": until.isoformat(), "toggles": toggles}
        await self._api.send("/client/metrics", {**self._identity, "bucket": bucket})
        self._sent, self._since = counted, until

    def _registration(self) -> dict[str, Any]:
        return {
            **self._identity,
            "sdkVersion": f"unleash-python-sdk:{version('UnleashClient')}",
            "strategies": STRATEGIES,
            "started": self._since.isoformat(),
            "interval": round(self._every_seconds * 1000),
        }
