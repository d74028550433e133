"""`gateway jobs`: list, show, cancel and retry."""

from typing import Annotated, Literal

import typer

from gateway.cli.options import AsJson
from gateway.cli.output import print_fields, print_json, print_table
from gateway.cli.queries import parse_job_id, read_job, read_rows
from gateway.cli.state import with_database
from gateway.settings import Settings

Status = Literal["pending", "processing", "complete", "failed", "cancelled"]

commands = typer.Typer(no_args_is_help=True, help="Look at jobs, cancel them, run them again.")


@commands.command("list")
def list_jobs(
    status: Annotated[Status | None, typer.Option(help="Only these.")] = None,
    user: Annotated[str | None, typer.Option(help="Only this user's.")] = None,
    pipeline: Annotated[str | None, typer.Option(help="Only this pipeline's: v1, v2.")] = None,
    limit: Annotated[int, typer.Option(min=1, max=10_000, help="At most so many, the newest first.")] = 20,
    as_json: AsJson = False,
) -> None:
    """Show the newest jobs."""
    rows = with_database(
        Settings(),
        lambda database: read_rows(database, "list_jobs", status=status, user=user, pipeline=pipeline, limit=limit),
    )
    if as_json:
        print_json(rows)
        return
    columns = ("id", "user_id", "status", "pipeline", "reason", "step", "progress", "created_at")
    print_table(columns, ([row[column] for column in columns] for row in rows))


@commands.command("show")
def show_job(job_id: Annotated[str, typer.Argument(help="The job's id.")], as_json: AsJson = False) -> None:
    """Show one job: where it is, why that pipeline, and what went wrong."""
    wanted = parse_job_id(job_id)
    row = with_database(Settings(), lambda database: read_job(database, wanted))
    if as_json:
        print_json(row)
    else:
        print_fields(row)
