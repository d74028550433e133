"""The scene of a fault test: one embedded Postgres, an API, workers, and a web back end that counts callbacks."""

import asyncio
import contextlib
import os
import signal
import subprocess
import sys
from collections import Counter
from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import httpx

from gateway.cli.rehearsal.stage.ports import free_port
from gateway.database.embedded_postgres import EmbeddedPostgres

ROOT = Path(__file__).resolve().parents[2]
STALLED_AFTER_SECONDS = 3.0
QUIET = {"LOG_LEVEL": "error", "LOG_FORMAT": "text"}


@dataclass(slots=True)
class BackEnd:
    """Takes the callbacks; remembers how often each idempotency key came."""

    keys: Counter[str] = field(default_factory=Counter)
    port: int = 0

    @contextlib.asynccontextmanager
    async def serving(self) -> AsyncIterator[None]:
        server = await asyncio.start_server(self._serve, "127.0.0.1", 0)
        self.port = server.sockets[0].getsockname()[1]
        async with server:
            yield

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(OSError, asyncio.IncompleteReadError):
            head = (await reader.readuntil(b"\r\n\r\n")).decode().lower()
            headers = dict(line.split(": ", 1) for line in head.splitlines()[1:] if ": " in line)
            await reader.readexactly(int(headers["content-length"]))
            self.keys[headers["idempotency-key"]] += 1
            writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
            await writer.drain()
        writer.close()


@dataclass(slots=True)
class Scene:
    """Processes over one database. Every `start_` begins a real process of the gateway."""

    folder: Path
    back_end: BackEnd
    settings: Mapping[str, str]  # environment of every process, on top of what the scene needs
    program: Sequence[str] = ("gateway",)  # a module that takes `serve` and `worker`, and what it takes before them
    postgres: EmbeddedPostgres = field(init=False)
    port: int = field(init=False)
    api: "subprocess.Popen[bytes] | None" = None
    workers: "list[subprocess.Popen[bytes]]" = field(default_factory=list)

    def __post_init__(self) -> None:
        self.postgres = EmbeddedPostgres(self.folder / "postgres")
        self.port = free_port()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def exports(self) -> Path:
        return self.folder / "data" / "exports"

    def start_api(self, *, with_worker: bool = False) -> None:
        self.api = self._start("serve", *(() if with_worker else ("--no-worker",)))

    def start_worker(self) -> None:
        self.workers.append(self._start("worker"))

    def _start(self, *arguments: str) -> "subprocess.Popen[bytes]":
        environment = {
            **os.environ,
            **QUIET,
            "PYTHONPATH": str(ROOT),
            "DATABASE_URL": self.postgres.url,
            "DATA_DIR": str(self.folder / "data"),
            "PORT": str(self.port),
            "VERCEL_API_URL": f"http://127.0.0.1:{self.back_end.port}",
            "RLM_API_KEY": "test",
            **self.settings,
        }
        with (self.folder / "processes.log").open("ab") as log:
            command = [sys.executable, "-m", *self.program, *arguments]
            return subprocess.Popen(command, env=environment, cwd=self.folder, stdout=log, stderr=log)

    async def ready(self) -> None:
        """Wait until the API answers that it is ready."""
        async with httpx.AsyncClient() as client, asyncio.timeout(60):
            while True:
                with contextlib.suppress(httpx.HTTPError):
                    if (await client.get(f"{self.url}/ready")).status_code == 200:
                        return
                await asyncio.sleep(0.1)

    def stop(self) -> None:
        processes = [*self.workers, *([self.api] if self.api else [])]
        for process in processes:
            process.terminate()
        for process in processes:
            try:
                process.wait(30)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
        self.workers.clear()
        self.api = None


async def processes_left(folder: Path, seconds: float = 10.0) -> int:
    """How many processes still work in the folder when those that started them are gone, and had so long to follow."""
    for _ in range(round(seconds * 10)):
        if not (left := count_in(folder)):
            return 0
        await asyncio.sleep(0.1)
    return left


def count_in(folder: Path) -> int:
    return sum(works_in(process, folder) for process in Path("/proc").glob("[0-9]*"))


def works_in(process: Path, folder: Path) -> bool:
    try:
        return (process / "cwd").readlink().is_relative_to(folder)
    except OSError:
        return False


def kill(process: "subprocess.Popen[bytes]") -> None:
    """kill -9, as the kernel does it when memory runs out."""
    process.send_signal(signal.SIGKILL)
    process.wait()
