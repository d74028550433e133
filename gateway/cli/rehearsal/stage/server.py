"""The real server in a folder of its own: `gateway serve` as a subprocess, with nothing set but the port."""

import os
import signal
import ssl
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx

from flags.model import BASELINE
from gateway.cli.rehearsal.stage.ports import free_port
from gateway.config.settings import Settings

START_SECONDS = 180.0
STOP_SECONDS = 30.0
ATTENDED = "gateway.cli.rehearsal.stage.attended"


class DemoError(Exception):
    """Something that the rehearsal promised did not hold."""


@dataclass(slots=True)
class Server:
    """A serving gateway. `folder` holds its `data/` and its log."""

    folder: Path
    port: int
    process: subprocess.Popen[bytes]
    base: str = BASELINE  # what its users get while all flags are off
    ready_after_seconds: float = 0.0

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def settings(self) -> Settings:
        """The settings as the server sees them, with the folder spelled out."""
        return Settings.model_construct(**{**defaults(), **self._own_settings()})

    def _own_settings(self) -> dict[str, Any]:
        return {"data_dir": self.folder / "data", "port": self.port, "base_pipeline": self.base}

    def flags_seen(self) -> dict[str, Any]:
        """What the serving process knows of the flags now: dial, revision, age."""
        detail: dict[str, Any] = ask_ready(self.url, seconds=10).json()["checks"]["flags"]["detail"]
        return detail

    def stop(self) -> None:
        """As a platform does: SIGTERM, and SIGKILL if it takes too long."""
        self.process.send_signal(signal.SIGTERM)
        try:
            self.process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()


def start_server(
    folder: Path,
    *,
    command: Sequence[str] = ("gateway", "serve"),
    arguments: Sequence[str] = (),
    environment: Mapping[str, str] | None = None,
) -> Server:
    """Start and wait until it is ready. Raises DemoError with the end of its log when it does not get there.

    It stops by itself when this process is gone.

    `environment` holds the settings that are not to have their defaults.
    """
    port = free_port()
    started = time.monotonic()
    with (folder / "server.log").open("wb") as log:
        process = subprocess.Popen(  # noqa: S603 - our own program
            [sys.executable, "-m", ATTENDED, str(os.getpid()), *command, *arguments],
            cwd=folder,
            env={**plain_environment(), "PORT": str(port), **(environment or {})},
            stdout=log,
            stderr=log,
        )
    server = Server(folder, port, process, (environment or {}).get("BASE_PIPELINE", BASELINE))
    while not is_ready(server):
        if process.poll() is not None or time.monotonic() - started > START_SECONDS:
            process.kill()
            raise DemoError(f"the server did not get ready:\n{log_tail(folder)}")
        time.sleep(0.05)
    server.ready_after_seconds = time.monotonic() - started
    return server


def leave_in_order() -> None:
    """SIGTERM, and a terminal that closes, end this process as Ctrl-C does: what it started is stopped."""

    def as_by_hand(_number: int, _frame: object) -> None:
        signal.raise_signal(signal.SIGINT)  # an event loop cancels what it runs, and all is closed on the way out

    signal.signal(signal.SIGINT, signal.default_int_handler)  # a shell's background jobs ignore it
    signal.signal(signal.SIGTERM, as_by_hand)
    if signal.getsignal(signal.SIGHUP) == signal.SIG_DFL:  # not under nohup
        signal.signal(signal.SIGHUP, as_by_hand)


def is_ready(server: Server) -> bool:
    try:
        return ask_ready(server.url, seconds=2).status_code == httpx.codes.OK
    except httpx.HTTPError:
        return False


def ask_ready(url: str, *, seconds: float) -> httpx.Response:
    """Over plain HTTP, so without reading the certificate authorities: that takes 40 ms of the processor."""
    no_authorities = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    return httpx.get(f"{url}/ready", timeout=seconds, trust_env=False, verify=no_authorities)


def plain_environment() -> dict[str, str]:
    """This environment without any of the gateway's settings: the rehearsal shows the defaults."""
    names = {name.upper() for name in Settings.model_fields}
    return {name: value for name, value in os.environ.items() if name.upper() not in names}


def defaults() -> dict[str, Any]:
    """Every setting's default value, whatever this environment says."""
    return {name: field.get_default(call_default_factory=True) for name, field in Settings.model_fields.items()}


def log_tail(folder: Path, lines: int = 20) -> str:
    return "\n".join((folder / "server.log").read_text(errors="replace").splitlines()[-lines:])
