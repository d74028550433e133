"""Two real processes over one scratch folder: a server with a worker, and a worker more."""

import asyncio
import contextlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import httpx

from gateway.cli.rehearsal.drill.fault import STEP, Break, Fault
from gateway.cli.rehearsal.roles import Roles
from gateway.cli.rehearsal.stage.server import Server, start_server

POLL_SECONDS = 0.01
GRACE_SECONDS = 5  # shorter than in production, for the same reason
LOOK_SECONDS = "0.5"  # the guard looks oftener than in production: the drill is to be short


@dataclass(frozen=True, slots=True)
class Scene:
    """The processes, and the file that breaks the candidate in them."""

    server: Server
    worker: Server
    switch: Path

    @property
    def processes(self) -> tuple[Server, Server]:
        return self.server, self.worker

    def break_candidate(self, fault: Fault = "raise") -> None:
        """From now on every run of it breaks."""
        Break(STEP, self.switch).turn_on(fault)

    def mend_candidate(self) -> None:
        """From now on its runs go through again."""
        Break(STEP, self.switch).turn_off()


@contextlib.contextmanager
def open_scene(folder: Path, roles: Roles, more: Mapping[str, str] | None = None) -> Iterator[Scene]:
    """Start the processes, with `more` settings; stop them at the end. Raises DemoError."""
    switch = folder / "broken"
    settings = {
        **roles.settings,
        "DATA_DIR": str(folder / "server" / "data"),
        "RAMP_LOOK_SECONDS": LOOK_SECONDS,
        "GUARD_LOOK_SECONDS": LOOK_SECONDS,
        "ROLLBACK_GRACE_SECONDS": str(GRACE_SECONDS),
        "SHADOW_SAME_PERCENT": "30",  # few users come: enough of them show what is noise
        "SHADOW_WAIT_SECONDS": "600",  # none is shed, however slow the machine
        **(more or {}),
    }
    with contextlib.ExitStack() as stack:
        started = []
        for role in ("server", "worker"):
            (folder / role).mkdir()
            does = "serve" if role == "server" else "worker"
            command = ("gateway.cli.rehearsal.drill.process", does, str(switch))
            process = start_server(folder / role, command=command, environment=settings)
            stack.callback(process.stop)
            started.append(process)
        yield Scene(started[0], started[1], switch)


async def when_off(process: Server) -> datetime:
    """When a process, asked again and again, first decides by a dial of 0."""
    async with httpx.AsyncClient(base_url=process.url, timeout=5, trust_env=False) as client:
        while True:
            answer = await client.get("/ready")
            if answer.json()["checks"]["flags"]["detail"]["dial"] == 0:
                return datetime.now(UTC)
            await asyncio.sleep(POLL_SECONDS)
