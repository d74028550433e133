"""`gateway serve`, `worker` and `migrate`: the long-running processes, and the schema that they need.

What serves is imported once the settings are read: a wrong one is told at once, and `migrate` needs none of it."""

import asyncio
import socket
from typing import TYPE_CHECKING, Annotated

import typer

from gateway.cli.database import explain_start_failures, open_at_once
from gateway.cli.errors import FAILED, CommandError
from gateway.cli.options import AsJson
from gateway.cli.output import print_json, say
from gateway.cli.run_process import run
from gateway.cli.settings import read_settings, read_start_settings
from gateway.config.settings import Settings
from gateway.database import migrations
from gateway.database.drift import find_drift
from gateway.database.pool import Database
from gateway.database.rights.close import find_open
from gateway.jobs.predecessor import close_stale
from gateway.server.console_access import open_console

if TYPE_CHECKING:
    from gateway.cli.documents.upkeep import Migrated


def serve(
    host: Annotated[str | None, typer.Option(help="Address to listen on; default: HOST, 127.0.0.1.")] = None,
    port: Annotated[int | None, typer.Option(min=0, max=65535, help="Default: PORT, 10000.")] = None,
    worker: Annotated[bool, typer.Option("--worker/--no-worker", help="Also run jobs in this process.")] = True,
) -> None:
    """Answer HTTP, and run jobs beside it unless --no-worker is given."""
    settings = read_start_settings()
    from gateway.server.process import serve as serve_requests

    access = open_console(settings.model_copy(update={"host": host or settings.host}))
    settings = access.settings
    listener = listen(settings.host, settings.port if port is None else port)

    def announce() -> None:
        say(f"gateway listens on {where(listener)}")
        say(access.line(where(listener)))

    with listener:
        run(settings, serve_requests(settings, listener, with_worker=worker, announce=announce))


def worker() -> None:
    """Run jobs only. Start as many as you like, on any machine, against one DATABASE_URL."""
    settings = read_start_settings()
    from gateway.server.process import work

    with listen_for_metrics(settings) as listener:
        run(settings, work(settings, listener, announce=lambda: say(f"gateway worker runs; {where(listener)}/metrics")))


def migrate(
    check: Annotated[bool, typer.Option("--check", help="Change nothing; exit 1 when something is missing.")] = False,
    after_deploy: Annotated[
        bool, typer.Option("--after-deploy", help="Also apply what must wait until the previous version is gone.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Bring the database to this version's schema."""
    with explain_start_failures():
        done = asyncio.run(_migrate(read_settings(), check=check, after_deploy=after_deploy))
    if as_json:
        print_json(done)
    else:
        tell_migrated(done, check=check)


def listen(host: str, port: int) -> socket.socket:
    from gateway.server.uvicorn_server import bind

    try:
        return bind(host, port)
    except OSError as error:
        raise CommandError(f"cannot listen on {host}:{port}: {error.strerror or error}") from None


def listen_for_metrics(settings: Settings) -> socket.socket:
    """Several workers on one machine share a METRICS_PORT: all but the first take a free one."""
    from gateway.server.uvicorn_server import bind

    try:
        return bind(settings.host, settings.metrics_port)
    except OSError:
        return listen(settings.host, 0)


def where(listener: socket.socket) -> str:
    host, port = listener.getsockname()[:2]
    return f"http://{f'[{host}]' if ':' in host else host}:{port}"


async def _migrate(settings: Settings, *, check: bool, after_deploy: bool) -> "Migrated":
    database = await open_at_once(settings)
    try:
        if check:
            await _check(database, after_deploy=after_deploy)
            return {"applied": [], "closed_jobs": 0, "open": [], "drifted": []}
        applied = await migrations.migrate(database, after_deploy=after_deploy)
        closed = await close_stale(database.pool, settings.legacy_job_seconds)
        async with database.pool.connection() as connection:
            findings = await find_open(connection)
            drifted = await find_drift(connection)
        return {
            "applied": list(applied),
            "closed_jobs": closed,
            "open": [f"{found.severity}: {found.what}" for found in findings],
            "drifted": [f"{drift.what}; this mends it:\n  {drift.statement};" for drift in drifted],
        }
    finally:
        await database.close()


async def _check(database: Database, *, after_deploy: bool) -> None:
    pending = await migrations.check(database)
    missing = (*pending.now, *(pending.after_deploy if after_deploy else ()))
    if missing:
        raise CommandError(f"not applied: {', '.join(missing)}", FAILED)


def tell_migrated(done: "Migrated", *, check: bool) -> None:
    """What was done, and what is still to be done by somebody who may."""
    if check:
        say("the schema is up to date")
        return
    say("\n".join(f"applied {name}" for name in done["applied"]) or "nothing to apply")
    if closed := done["closed_jobs"]:
        say(f"closed {closed} jobs that the service before this one left open: see LEGACY_JOB_SECONDS")
    for found in done["open"]:
        say(f"{found}; `gateway check --database` says what closes it")
    for drift in done["drifted"]:
        say(f"drifted: {drift}")
