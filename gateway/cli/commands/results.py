"""`gateway result` and `gateway explain`: what a user has, and why from that pipeline."""

import asyncio
import sys
from contextlib import AsyncExitStack, redirect_stdout, suppress
from typing import Annotated

import typer
from rich.markdown import Markdown

from flags.overridable import OverridableSource
from gateway.cli.database import existing_database, with_database
from gateway.cli.errors import CommandError
from gateway.cli.options import AsJson
from gateway.cli.output import console, print_fields, print_json, say
from gateway.cli.queries import Row, read_result
from gateway.cli.rollout_records import last_known, override_in, promoted_in
from gateway.cli.settings import read_settings
from gateway.config.settings import Settings
from gateway.database.pool import Database
from gateway.rollout.explain import Answer, answer, answer_by, explain_subject
from gateway.services import build_flags, known_versions
from pipelines.registry import find_pipelines

SHOWN_APART = {"soulprint", "soulprint_text", "memory_md", "memory_log"}
SHOWN_APART |= {"soul_md", "identity_md", "agents_md", "user_md", "tools_md"}


def result(user: Annotated[str, typer.Argument(help="The user's id.")], as_json: AsJson = False) -> None:
    """Print a user's live soulprint and MEMORY."""
    row = with_database(read_settings(), lambda database: read_result(database, user))
    if as_json:
        print_json(row)
    else:
        print_result(row)


def explain(
    subject: Annotated[str, typer.Argument(metavar="USER|JOB", help="A user's id, or a job's.")],
    as_json: AsJson = False,
) -> None:
    """Say which pipeline serves a user now, and why; and what the last job, or the one named, was given."""
    with redirect_stdout(sys.stderr):  # for what is logged when the flags cannot be read
        found = asyncio.run(find_answer(read_settings(), subject))
    if as_json:
        print_json(found.json)
        return
    for line in found.lines:
        say(line)


async def find_answer(settings: Settings, subject: str) -> Answer:
    """From the flags, read afresh, and the database, if there is one; without the flags, by what the database knew."""
    registry = find_pipelines()
    flags = OverridableSource(build_flags(settings, registry, known_versions(settings, registry)))
    async with AsyncExitStack() as stack:
        database: Database | None = None
        with suppress(CommandError):
            database = await stack.enter_async_context(existing_database(settings))
        flags.set_override(await override_in(database))
        flags.use_base(await promoted_in(database))
        await flags.start()
        stack.push_async_callback(flags.stop)
        if database is None:
            return answer(flags, subject, None)
        found, state = await explain_subject(flags, database.pool, subject), flags.state()
        if state.usable or (last := await last_known(database, state.versions)) is None:
            return found
        same = state.rollout is not None and state.rollout.version == last.version
        return found if same else answer_by(last, state.versions, found)


def print_result(row: Row) -> None:
    """Statuses first, then the soulprint and the MEMORY as a person reads them."""
    print_fields({name: value for name, value in row.items() if name not in SHOWN_APART})
    screen = console()
    for title, column in (("Soulprint", "soulprint_text"), ("MEMORY", "memory_md"), ("Memory log", "memory_log")):
        text = row[column]
        if text and not (column == "memory_md" and "# MEMORY" in (row["soulprint_text"] or "")):
            screen.rule(title, align="left")
            screen.print(Markdown(text), soft_wrap=False)
