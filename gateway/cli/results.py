"""`gateway result` and `gateway explain`: what a user has, and why from that pipeline."""

from typing import Annotated

import typer
from rich.markdown import Markdown

from gateway.cli.options import AsJson
from gateway.cli.output import console, print_fields, print_json
from gateway.cli.queries import Row, read_result
from gateway.cli.state import with_database
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


def print_result(row: Row) -> None:
    """Statuses first, then the soulprint and the MEMORY as a person reads them."""
    print_fields({name: value for name, value in row.items() if name not in SHOWN_APART})
    for title, column in (("Soulprint", "soulprint_text"), ("MEMORY", "memory_md"), ("Memory log", "memory_log")):
        if row[column]:
            console().rule(title, align="left")
            console().print(Markdown(row[column]))
