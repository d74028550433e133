"""`gateway submit`: put an export in place, POST it as the web back end would, follow the job, print the result."""

import asyncio
import time
from collections.abc import Callable
from pathlib import Path
from typing import Annotated

import httpx
import typer
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

from gateway.cli.commands.results import find_answer, print_result
from gateway.cli.database import with_database
from gateway.cli.errors import FAILED, MISSING, USAGE, CommandError
from gateway.cli.http_client import Document, RunningGateway, default_url
from gateway.cli.options import AsJson, Key, Url
from gateway.cli.output import console, print_json, say
from gateway.cli.queries import Row, read_result
from gateway.cli.settings import read_settings
from gateway.config.settings import Settings
from gateway.exports import open_exports
from gateway.jobs.roles import PATHS, PINNED
from pipelines.versions import list_versions

ENDINGS = {".zip": "imports/{user}/{stamp}.zip", ".gz": "user-exports/{user}/raw-{stamp}.json.gz"}
HERE = ("localhost", "127.0.0.1", "::1")
PLAIN = "user-imports/{user}/raw-{stamp}.json"


def submit(
    file: Annotated[Path, typer.Argument(help="A ChatGPT or Claude export: JSON, ZIP or gzip.")],
    user: Annotated[str, typer.Option("--user", help="Whose export it is.")],
    pipeline: Annotated[
        str | None, typer.Option(help=f"{PINNED} pins it; any other version only checks that the flags say so.")
    ] = None,
    url: Url = None,
    key: Key = None,
    *,
    timeout: Annotated[float, typer.Option(min=1, help="Seconds to wait for the job; it goes on after that.")] = 600,
    as_json: AsJson = False,
) -> None:
    """Send an export through the running gateway and print what came out."""
    settings = read_settings()
    if not file.is_file():
        raise CommandError(f"there is no file {file}", MISSING)
    if url is not None:
        check_reach(settings, url)
    if pipeline is not None:
        check_version(settings, user, pipeline)
    with RunningGateway(url or default_url(settings), key) as gateway:
        gateway.get("/health")
        storage_path = asyncio.run(store_export(settings, file, user))
        path = next((path for path, pinned in PATHS.items() if pinned and pinned == pipeline), "/process-full")
        accepted = gateway.post(path, {"user_id": user, "storage_path": storage_path})
        job = follow(gateway, accepted, timeout=timeout, quiet=as_json)
    if job["status"] != "complete":
        raise CommandError(f"job {job['job_id']} ended as {job['status']}: {job['error'] or 'no reason given'}", FAILED)
    result: Row = with_database(settings, lambda database: read_result(database, user))
    if as_json:
        print_json({"job": job, "result": result})
    else:
        for warning in job.get("warnings", ()):  # a gateway of another version may tell none
            say(warning)
        print_result(result)


def check_reach(settings: Settings, url: str) -> None:
    """A gateway on another machine reads exports from a storage, and keeps results in a database, that both know."""
    try:
        there = httpx.URL(url)
    except httpx.InvalidURL:
        there = httpx.URL("")
    if there.scheme not in {"http", "https"} or not there.host:
        raise CommandError(f"--url {url!r} is no address: write http://HOST:PORT or https://HOST", USAGE)
    shared = {"SUPABASE_URL": settings.supabase_url, "DATABASE_URL": settings.database_url}
    missing = [name for name, value in shared.items() if value is None]
    if missing and there.host not in HERE:
        raise CommandError(
            f"a gateway at {there.host} finds neither this folder's exports nor its database: "
            f"set {' and '.join(missing)} here to what they are there",
            USAGE,
        )


def check_version(settings: Settings, user: str, version: str) -> None:
    """Only one version can be pinned for one call: for others, refuse before anything is sent when the flags say
    otherwise."""
    known = list_versions()
    if version not in known:
        raise CommandError(f"there is no pipeline {version}: found {', '.join(known)}", USAGE)
    if version == PINNED:
        return
    decision = asyncio.run(find_answer(settings, user)).now
    if decision.pipeline != version:
        raise CommandError(
            f"the flag gives {user} {decision.pipeline} at a dial of {decision.dial:g} %: "
            f"name them for {version} with `gateway rollout force {user} {version}`, or move the dial",
            FAILED,
        )


async def store_export(settings: Settings, file: Path, user: str) -> str:
    """Put the file where the gateway reads exports; returns its bucket/path."""
    stamp = round(time.time() * 1000)
    storage_path = ENDINGS.get(file.suffix.lower(), PLAIN).format(user=user, stamp=stamp)
    async with open_exports(settings) as store:
        await store.put(storage_path, file)
    return storage_path


def follow(gateway: RunningGateway, accepted: Document, *, timeout: float, quiet: bool) -> Document:
    """Show the job's steps until it is over: a bar on a terminal, a line for each step elsewhere."""
    screen = console()
    if quiet:
        return gateway.follow(accepted["job_id"], lambda _job: None, timeout_seconds=timeout)
    say(f"job {accepted['job_id']} on {accepted['version']}")
    if not screen.is_terminal:
        return gateway.follow(accepted["job_id"], _line_for_each_step(), timeout_seconds=timeout)
    columns = (TextColumn("{task.description:<16}"), BarColumn(), TextColumn("{task.percentage:>3.0f} %"))
    with Progress(*columns, TimeElapsedColumn(), console=screen) as bar:
        task = bar.add_task("waiting", total=100)
        return gateway.follow(
            accepted["job_id"],
            lambda job: bar.update(task, description=job["step"] or job["status"], completed=job["progress"]),
            timeout_seconds=timeout,
        )


def _line_for_each_step() -> Callable[[Document], None]:
    seen: set[str] = set()

    def print_new(job: Document) -> None:
        step = job["step"] or job["status"]
        if step not in seen:
            seen.add(step)
            say(f"{job['progress']:>3} %  {step}")

    return print_new
