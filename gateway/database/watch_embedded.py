"""Watches the embedded Postgres: whoever uses it starts it again when it is gone."""

import asyncio
import time
from typing import Final

import structlog

from gateway.database.embedded_postgres import EmbeddedPostgres, EmbeddedPostgresError

LOOK_SECONDS: Final = 0.5
AGAIN_SECONDS: Final = 2.0  # after an attempt that failed: the disk is full, or the machine is
log = structlog.get_logger(__name__)


async def watch(server: EmbeddedPostgres) -> None:
    """Look for ever. A server that hangs is left alone: it may only be stopped for a while."""
    while True:
        await asyncio.sleep(LOOK_SECONDS)
        if not server.is_gone():
            continue
        began = time.monotonic()
        log.error("embedded_postgres_gone")
        try:
            await asyncio.to_thread(server.revive)
        except (EmbeddedPostgresError, OSError) as error:
            log.error("embedded_postgres_not_started", error=str(error)[:500])  # noqa: TRY400 - told again and again
            await asyncio.sleep(AGAIN_SECONDS)
        else:
            log.warning("embedded_postgres_started_again", seconds=round(time.monotonic() - began, 2))
