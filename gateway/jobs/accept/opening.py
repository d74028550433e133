"""Opens what accepts jobs and what tells workers of them, each on connections of its own."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import psycopg

from gateway.config.settings import Settings
from gateway.database.pool import Connection, Database
from gateway.jobs.accept.accepter import Accepter
from gateway.jobs.accept.store import AcceptStore
from gateway.jobs.queue.teller import Teller
from gateway.telemetry.metrics import Metrics
from gateway.telemetry.tracing.marks import UNTRACED, Tracing


@asynccontextmanager
async def open_teller(database: Database) -> AsyncIterator[Teller]:
    """The teller with a connection of its own, opened when there is something to tell."""

    async def connect() -> Connection:
        return await psycopg.AsyncConnection.connect(
            database.url,
            autocommit=True,
            connect_timeout=2,
            application_name="soulprint-gateway tell",
            prepare_threshold=None,
        )

    teller = Teller(connect)
    try:
        yield teller
    finally:
        await teller.close()


def build_accepter(
    settings: Settings,
    database: Database,
    metrics: Metrics,
    tracing: Tracing = UNTRACED,
    teller: Teller | None = None,
) -> Accepter:
    """The accepter with connections of its own: running jobs, which share the pool, never hold an accept up.

    Without a teller, workers find what was accepted by looking.
    """

    async def connect() -> Connection:
        return await psycopg.AsyncConnection.connect(
            database.url,
            autocommit=True,
            connect_timeout=2,
            application_name="soulprint-gateway accept",
            prepare_threshold=None if settings.database_transaction_pooler else 2,
        )

    store = AcceptStore(
        connect, database.pool, queue_limit=settings.queue_limit, export_bytes=settings.max_waiting_export_bytes
    )
    return Accepter(store, metrics, tracing) if teller is None else Accepter(store, metrics, tracing, teller.tell)
