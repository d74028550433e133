"""A real Postgres for tests: one embedded server a session, and a fresh, migrated database a test by copying one."""

import asyncio
import gc
import os
import shutil
import sys
import tempfile
from collections.abc import AsyncIterator, Callable, Iterator
from itertools import count
from pathlib import Path
from typing import Any

import certifi
import hypothesis
import psutil
import psycopg
import pytest
import structlog
from psycopg.conninfo import conninfo_to_dict
from pydantic import SecretStr

from gateway.config.settings import Settings
from gateway.database.embedded_postgres import EmbeddedPostgres
from gateway.database.migrations import migrate
from gateway.database.pool import Database, open_database
from tests.amount import WHOLE, amount
from tests.orphans.run import Run, begin_run
from tests.supabase.project import Project, SupabaseServer
from tests.unleash_server import unleash_server

# Tests start hundreds of processes: what Python compiles is kept, also where a machine says not to.
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
os.environ.setdefault("METRICS_COUNT_SECONDS", "0")  # tests scrape right after what they did
sys.dont_write_bytecode = False

__all__ = ["unleash_server"]  # here alone: imported twice, it would be two servers

TEMPLATE = "template_migrated"
FAST_AND_UNSAFE = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off", "autovacuum": "off"}

# What an example costs is no verdict: a busy machine takes seconds for one.
hypothesis.settings.register_profile(
    "patient", max_examples=amount(50, 500), deadline=None, suppress_health_check=[hypothesis.HealthCheck.too_slow]
)
hypothesis.settings.load_profile("patient")

LONG = ("slow", "prometheus", "unleash")

MEMORY, ROOM = Path("/dev/shm"), 4 << 30  # bytes that must be free in it


RUN = pytest.StashKey[Run]()


def pytest_configure(config: pytest.Config) -> None:
    """Temporary files in memory, where there is room: a database is 300 files, and on a disk each takes a moment.

    What the run started ends with it, also when it is killed.
    """
    if hasattr(config, "workerinput"):  # a worker of xdist is a part of the run
        return
    room = min(shutil.disk_usage(MEMORY).free, psutil.virtual_memory().available) if MEMORY.is_dir() else 0
    in_memory = "TMPDIR" not in os.environ and room > ROOM and os.access(MEMORY, os.W_OK)
    config.stash[RUN] = begin_run(MEMORY if in_memory else Path(tempfile.gettempdir()))


def pytest_sessionstart(session: pytest.Session) -> None:
    """The folder of `tmp_path` goes, too, when the run is killed, unless it was asked for by name."""
    if (run := session.config.stash.get(RUN, None)) and session.config.option.basetemp is None:
        run.forget_when_killed(session.config._tmp_path_factory.getbasetemp())  # type: ignore[attr-defined]


def pytest_unconfigure(config: pytest.Config) -> None:
    """The run came to its end."""
    if (run := config.stash.get(RUN, None)) is not None:
        run.end()


@pytest.hookimpl(wrapper=True)
def pytest_collection() -> Iterator[None]:
    """What is imported and collected stays until the end: no search for garbage goes through it, then or later."""
    gc.disable()
    try:
        return (yield)
    finally:
        gc.freeze()
        gc.enable()


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Files with long tests first: at the end of a run, nobody waits for one of them alone."""
    if not WHOLE and (left := [item for item in items if item.get_closest_marker("whole")]):
        config.hook.pytest_deselected(items=left)
        items[:] = [item for item in items if item not in left]
    long = {item.path for item in items if any(item.get_closest_marker(mark) for mark in LONG)}
    items.sort(key=lambda item: item.path not in long)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Any:
    """Of a run in several processes: who takes what."""
    from tests.schedule import Together

    return Together(config, log) if config.getoption("dist") == "loadfile" else None


@pytest.fixture(scope="session", autouse=True)
def _plain_logs() -> None:
    """Tracebacks in logs without each frame's values: drawing those takes seconds."""
    renderer = structlog.dev.ConsoleRenderer(colors=False, exception_formatter=structlog.dev.plain_traceback)
    structlog.configure(processors=[structlog.processors.add_log_level, renderer])


@pytest.fixture
def large_exports_have_time(monkeypatch: pytest.MonkeyPatch) -> None:
    """An accept whose export travels along has two seconds and more by its size: a busy machine is slow, not wrong."""
    monkeypatch.setattr("gateway.jobs.accept.waiting.INLINE_BYTES_PER_SECOND", 500_000)


@pytest.fixture(scope="session", autouse=True)
def _one_authority() -> Iterator[None]:
    """HTTP clients trust one certificate authority instead of all, which take each client 40 ms to read: all servers
    of the tests are on this machine. Also where the environment names the authorities, and in processes that it
    is handed to."""
    first, end, _ = Path(certifi.where()).read_text().partition("-----END CERTIFICATE-----\n")
    with tempfile.NamedTemporaryFile("w", suffix=".pem") as one, pytest.MonkeyPatch.context() as patched:
        one.write(first + end)
        one.flush()
        Path(one.name).chmod(0o644)  # tests run programs as other users, too
        patched.setattr(certifi, "where", lambda: one.name)
        patched.setenv("SSL_CERT_FILE", one.name)
        patched.delenv("SSL_CERT_DIR", raising=False)
        yield


@pytest.fixture(scope="session")
def postgres() -> Iterator[EmbeddedPostgres]:
    """The session's server."""
    with tempfile.TemporaryDirectory(prefix="soulprint-tests-", ignore_cleanup_errors=True) as folder:
        server = EmbeddedPostgres(Path(folder) / "pg", FAST_AND_UNSAFE)
        server.start()
        try:
            yield server
        finally:
            server.stop_server("immediate")
            server.close()


@pytest.fixture(scope="session")
def _template(postgres: EmbeddedPostgres) -> None:
    """A migrated database that nobody uses: copying it takes some 30 ms."""

    _execute(postgres, f"create database {TEMPLATE}")
    asyncio.run(_migrate(url_of(postgres, TEMPLATE)))


@pytest.fixture(scope="session")
def new_database_url(postgres: EmbeddedPostgres, _template: None) -> Callable[[], str]:
    """Makes a fresh, migrated database and returns its URL; for tests that need several."""
    numbers = count()

    def create() -> str:
        name = f"test_{next(numbers)}"
        _execute(postgres, f"create database {name} template {TEMPLATE} strategy file_copy")
        return url_of(postgres, name)

    return create


@pytest.fixture
def database_url(new_database_url: Callable[[], str], postgres: EmbeddedPostgres) -> Iterator[str]:
    """The URL of a fresh, migrated database."""
    url = new_database_url()
    yield url
    _execute(postgres, f"drop database if exists {conninfo_to_dict(url)['dbname']} with (force)")


@pytest.fixture
def empty_database_url(postgres: EmbeddedPostgres, tmp_path: Path) -> Iterator[str]:
    """The URL of a database without any table."""
    name = f"empty_{abs(hash(tmp_path))}"
    _execute(postgres, f"create database {name}")
    yield url_of(postgres, name)
    _execute(postgres, f"drop database if exists {name} with (force)")


@pytest.fixture(scope="session")
def supabase_server(postgres: EmbeddedPostgres) -> SupabaseServer:
    """Makes databases with the roles, defaults, tables and old rows of a Supabase project, on the session's server."""
    return SupabaseServer(postgres, _migrate)


@pytest.fixture
def supabase(supabase_server: SupabaseServer) -> Iterator[Project]:
    """A fresh project with the app's tables and old rows, migrated. As `database_url`: its `url`."""
    project = supabase_server.project()
    yield project
    supabase_server.drop(project)


@pytest.fixture
def settings(database_url: str, tmp_path: Path) -> Settings:
    """Settings for the test's database, with a data folder of its own."""
    return settings_for(database_url, data_dir=tmp_path / "data")


@pytest.fixture
async def database(settings: Settings) -> AsyncIterator[Database]:
    """The test's database, open."""
    opened = await open_database(settings)
    yield opened
    await opened.close()


def settings_for(url: str, **changes: object) -> Settings:
    """Settings that use the database at `url` and nothing of the environment that matters here."""
    return Settings.model_validate({"database_url": SecretStr(url), **changes})


def url_of(server: EmbeddedPostgres, name: str) -> str:
    """The URL of one database of the server."""
    return server.url.replace("@/postgres?", f"@/{name}?")


async def _migrate(url: str) -> None:
    database = await open_database(settings_for(url))
    await migrate(database)
    await database.close()


def _execute(server: EmbeddedPostgres, statement: str) -> None:
    with psycopg.connect(server.url, autocommit=True) as connection:
        connection.execute(statement)
