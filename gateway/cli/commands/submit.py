"""`gateway submit`: put an export in place, POST it as the web back end would, follow the job, print the result."""

import asyncio
import time
from collections.abc import Callable
from pathlib import Path
from typing import Annotated, Literal

import typer
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

from gateway.cli.commands.results import find_answer, print_result
from gateway.cli.database import with_database
from gateway.cli.errors import FAILED, MISSING, CommandError
from gateway.cli.http_client import Document, RunningGateway, default_url
from gateway.cli.options import AsJson, Url
from gateway.cli.output import console, print_json, say
from gateway.cli.queries import Row, read_result
from gateway.cli.settings import read_settings
from gateway.config.settings import Settings
from gateway.exports import open_exports

ENDINGS = {".zip": "imports/{user}/{stamp}.zip", ".gz": "user-exports/{user}/raw-{stamp}.json.gz"}
PLAIN = "user-imports/{user}/raw-{stamp}.json"


def submit(
    file: Annotated[Path, typer.Argument(help="A ChatGPT or Claude export: JSON, ZIP or gzip.")],
    user: Annotated[str, typer.Option("--user", help="Whose export it is.")],
    pipeline: Annotated[
        Literal["v1", "v2"] | None, typer.Option(help="v2 pins it; v1 only checks that the flag says so.")
    ] = None,
    url: Url = None,
    *,
    timeout: Annotated[float, typer.Option(help="Seconds to wait for the job; it goes on after that.")] = 600,
    as_json: AsJson = False,
) -> None:
    """Send an export through the running gateway and print what came out."""
    settings = read_settings()
    if not file.is_file():
        raise CommandError(f"there is no file {file}", MISSING)
    if pipeline == "v1":
        asyncio.run(check_v1(settings, user))
    with RunningGateway(url or default_url(settings)) as gateway:
        gateway.get("/health")
        storage_path = asyncio.run(store_export(settings, file, user))
        path = "/process-full-v2" if pipeline == "v2" else "/process-full"
        accepted = gateway.post(path, {"user_id": user, "storage_path": storage_path})
        job = follow(gateway, accepted, timeout=timeout, quiet=as_json)
    if job["status"] != "complete":
        raise CommandError(f"job {job['job_id']} ended as {job['status']}: {job['error'] or 'no reason given'}", FAILED)
    result: Row = with_database(settings, lambda database: read_result(database, user))
    if as_json:
        print_json({"job": job, "result": result})
    else:
        print_result(result)


async def check_v1(settings: Settings, user: str) -> None:
    """There is no way to pin v1 for one call, so refuse before anything is sent when the flag says otherwise."""
    decision = (await find_answer(settings, user)).now
    if decision.pipeline != "v1":
        raise CommandError(
            f"the flag gives {user} {decision.pipeline} at a dial of {decision.dial:g} %: "
            f"name them for v1 with `gateway rollout force {user} v1`, or lower the dial",
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
