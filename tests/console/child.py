"""A second process of the same gateway: `gateway serve` as a child, on the same database, that reads the same flags."""

import asyncio
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx

from gateway.cli.rehearsal.stage.server import Server, start_server
from tests.console.served import TOKEN, Served, serve

PLACES = {"WORKER_CONCURRENCY": "2", "CANDIDATE_CONCURRENCY": "1", "GUARD": "off", "OPERATOR_TOKEN": TOKEN}


BUCKET = r'gateway_flip_arrival_seconds_bucket\{[^}]*le="([^"]+)"[^}]*\} (\S+)'


@dataclass(frozen=True, slots=True)
class Pair:
    """A gateway in this process that runs no jobs, and a child that does."""

    served: Served
    child: Server

    @property
    def name(self) -> str:
        """The beginning of what the child calls itself."""
        return f":{self.child.process.pid}:"

    def cut_flags_off(self) -> None:
        """From now on the child cannot read the flags: it goes on by what it knew last."""
        self._flags.unlink()
        self._flags.write_text("{")

    def give_flags_back(self) -> None:
        """It reads what this process reads."""
        self._flags.unlink(missing_ok=True)
        self._flags.symlink_to(self.served.gateway.services.settings.data_dir / "flags.json")

    async def dial_of_child(self) -> float:
        """By which the child decides now, as it says itself."""
        async with httpx.AsyncClient(base_url=self.child.url, timeout=180) as client:
            checks: dict[str, Any] = (await client.get("/ready")).json()["checks"]
        return float(checks["flags"]["detail"]["dial"])

    async def arrivals_in_child(self) -> dict[str, float]:
        """How many changes had arrived there after so many seconds from their commit, as it counts itself."""
        async with httpx.AsyncClient(base_url=self.child.url, timeout=180) as client:
            text = (await client.get("/metrics")).text
        return {le: float(count) for le, count in re.findall(BUCKET, text)}

    async def accept_in_child(self, count: int) -> None:
        """New users, whom the child decides for."""
        async with httpx.AsyncClient(base_url=self.child.url, timeout=180) as client:
            for number in range(count):
                body = {"user_id": f"child-{number}", "storage_path": f"child/{number}.json"}
                (await client.post("/process-full", json=body)).raise_for_status()

    @property
    def _flags(self) -> Path:
        return self.child.folder / "data" / "flags.json"


@asynccontextmanager
async def serve_two(database_url: str, folder: Path) -> AsyncIterator[Pair]:
    """Until the block ends; the child may have been killed by then."""
    async with serve(database_url, folder / "here") as served:
        child_folder = folder / "child"
        (child_folder / "data").mkdir(parents=True)
        (child_folder / "data" / "flags.json").symlink_to(folder / "here" / "flags.json")
        environment = {**PLACES, "DATABASE_URL": database_url}
        child = await asyncio.to_thread(start_server, child_folder, environment=environment)
        try:
            yield Pair(served, child)
        finally:
            if child.process.poll() is None:
                await asyncio.to_thread(child.stop)
