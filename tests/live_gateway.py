"""The real application on a real socket and a real Postgres, for tests: no worker, so that jobs stay as accepted."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

import httpx
from psycopg.rows import dict_row

from flags.document.defaults import default_document
from gateway.config.settings import Settings
from gateway.server.uvicorn_server import Server, bind
from gateway.services import Role, Services, open_services
from gateway.telemetry.tracing.marks import Tracing
from gateway.web.app import create_app
from pipelines.registry import Registry

PATHS = ("/process-full", "/process-full-v2")


@dataclass(frozen=True, slots=True)
class LiveGateway:
    """A gateway that answers at `port`."""

    services: Services
    client: httpx.AsyncClient
    port: int
    server: Server

    async def post(self, body: Any, path: str = "/process-full", **headers: str) -> httpx.Response:
        """POST JSON, or bytes as they are."""
        content = body if isinstance(body, bytes) else json.dumps(body).encode()
        return await self.client.post(path, content=content, headers={"Content-Type": "application/json", **headers})

    async def set_dial(self, percent: int) -> None:
        """Turn the v2 flag to a percentage, and have it known."""
        document = default_document()
        document["features"][0]["strategies"][0]["parameters"]["rollout"] = str(percent)
        (self.services.settings.data_dir / "flags.json").write_text(json.dumps(document))
        state = await self.services.flags.refresh()
        assert state.dial == percent

    async def rows(self, query: str, *parameters: Any) -> list[dict[str, Any]]:
        """What a query gives."""
        async with self.services.database.pool.connection() as connection:
            cursor = await connection.cursor(row_factory=dict_row).execute(query, parameters)
            return await cursor.fetchall()

    async def execute(self, statement: str) -> None:
        """Write into the database."""
        async with self.services.database.pool.connection() as connection:
            await connection.execute(statement.encode())

    async def jobs(self) -> list[dict[str, Any]]:
        """All jobs, oldest first, but those of the service before."""
        return await self.rows(
            "select *, id::text as job_id from processing_jobs where pipeline is not null order by created_at, id"
        )

    async def queued(self) -> list[dict[str, Any]]:
        """All queue entries that deliver jobs, oldest first."""
        return await self.rows("select *, args->>'job_id' as job_id from procrastinate_jobs order by id")

    def counted(self, name: str, **labels: str) -> float:
        """A metric's value."""
        return self.services.metrics.registry.get_sample_value(name, labels) or 0.0


@asynccontextmanager
async def running_gateway(
    settings: Settings, *, role: Role = "cli", registry: Registry | None = None, tracing: Tracing | None = None
) -> AsyncIterator[LiveGateway]:
    """Serve until the block ends. `registry` and `tracing` stand in for the real ones; an "api" is heard of by all."""
    async with open_services(settings, role, registry=registry, tracing=tracing) as services:
        listening = asyncio.Event()
        server = Server(create_app(services), listening.set)
        listener = bind("127.0.0.1", 0)
        port = listener.getsockname()[1]
        task = asyncio.create_task(server.serve(sockets=[listener]))
        try:
            await listening.wait()
            async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}", timeout=180) as client:
                yield LiveGateway(services, client, port, server)
        finally:
            server.stop()
            await task
