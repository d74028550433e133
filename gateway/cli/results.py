"""`gateway result` and `gateway explain`: what a user has, and why from that pipeline."""

import asyncio
from dataclasses import asdict
from typing import Annotated

import typer
from rich.markdown import Markdown

from flags.explain import Explanation
from flags.explain import explain as explain_decision
from gateway.cli.failure import CommandError
from gateway.cli.options import AsJson
from gateway.cli.output import cell, console, print_fields, print_json, say
from gateway.cli.queries import Row, read_result, read_rows
from gateway.cli.state import with_database
from gateway.services import build_flags
from gateway.settings import Settings

SHOWN_APART = {"soulprint", "soulprint_text", "memory_md", "memory_log"}
SHOWN_APART |= {"soul_md", "identity_md", "agents_md", "user_md", "tools_md"}


def result(user: Annotated[str, typer.Argument(help="The user's id.")], as_json: AsJson = False) -> None:
    """Print a user's live soulprint and MEMORY."""
    row = with_database(Settings(), lambda database: read_result(database, user))
    if as_json:
        print_json(row)
    else:
        print_result(row)


def explain(user: Annotated[str, typer.Argument(help="The user's id.")], as_json: AsJson = False) -> None:
    """Say which pipeline serves a user now, and why; and what the last job was given."""
    settings = Settings()
    now = asyncio.run(explain_now(settings, user))
    try:
        jobs = with_database(settings, lambda database: read_rows(database, "last_job_of_user", user=user))
    except CommandError:
        jobs = []
    last = jobs[0] if jobs else None
    if as_json:
        print_json({"user_id": user, "now": asdict(now), "last_job": last})
        return
    say(f"{user}: {describe(now)}; {now.why}")
    if last is not None:
        say(f"last job {last['id']}: {last['pipeline']} ({last['reason']}) at a dial of {cell(last['dial'])} %")


async def explain_now(settings: Settings, user: str) -> Explanation:
    """What the flags, read afresh, say of a user."""
    flags = build_flags(settings)
    await flags.start()
    try:
        return explain_decision(user, flags.decide(user), flags.state().rollout)
    finally:
        await flags.stop()


def describe(now: Explanation) -> str:
    """Pipeline, reason, dial, revision, shadow."""
    shadow = {None: "no shadow", "other": "shadow on the other pipeline", "same": "shadow on the same pipeline"}
    what = f"{now.pipeline} ({now.reason}), dial {now.dial:g} %"
    return f"{what}, flags {now.revision or 'none'}, {shadow[now.shadow]}"


def print_result(row: Row) -> None:
    """Statuses first, then the soulprint and the MEMORY as a person reads them."""
    print_fields({name: value for name, value in row.items() if name not in SHOWN_APART})
    screen = console()
    for title, column in (("Soulprint", "soulprint_text"), ("MEMORY", "memory_md"), ("Memory log", "memory_log")):
        text = row[column]
        if text and not (column == "memory_md" and "# MEMORY" in (row["soulprint_text"] or "")):
            screen.rule(title, align="left")
            screen.print(Markdown(text), soft_wrap=False)
