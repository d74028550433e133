"""`gateway jobs`: list, show, cancel and retry."""

from typing import Annotated, Literal
from uuid import UUID

import typer

from gateway.cli.database import with_database
from gateway.cli.errors import CommandError
from gateway.cli.options import AsJson
from gateway.cli.output import print_fields, print_json, print_table, say
from gateway.cli.queries import parse_job_id, read_job, read_rows
from gateway.cli.rollout_records import base_in
from gateway.cli.settings import read_settings
from gateway.database.pool import Database
from gateway.jobs.store import JobStore

Cause = Literal["input", "pipeline", "dependency", "operator"]
Status = Literal["pending", "processing", "complete", "failed", "cancelled"]

commands = typer.Typer(no_args_is_help=True, help="Look at jobs, cancel them, run them again.")


@commands.command("list")
def list_jobs(  # noqa: PLR0917 - one parameter an option
    status: Annotated[Status | None, typer.Option(help="Only these.")] = None,
    user: Annotated[str | None, typer.Option(help="Only this user's.")] = None,
    pipeline: Annotated[str | None, typer.Option(help="Only this pipeline's: v1, v2.")] = None,
    cause: Annotated[Cause | None, typer.Option(help="Only those that are this one's fault.")] = None,
    limit: Annotated[int, typer.Option(min=1, max=10_000, help="At most so many, the newest first.")] = 20,
    as_json: AsJson = False,
) -> None:
    """Show the newest jobs."""
    only = {"status": status, "user": user, "pipeline": pipeline, "cause": cause}
    rows = with_database(read_settings(), lambda database: read_rows(database, "list_jobs", **only, limit=limit))
    if as_json:
        print_json(rows)
        return
    columns = ("id", "user_id", "status", "pipeline", "reason", "step", "progress", "cause", "created_at")
    print_table(columns, ([row[column] for column in columns] for row in rows))


@commands.command("show")
def show_job(job_id: Annotated[str, typer.Argument(help="The job's id.")], as_json: AsJson = False) -> None:
    """Show one job: where it is, why that pipeline, and what went wrong."""
    wanted = parse_job_id(job_id)
    row = with_database(read_settings(), lambda database: read_job(database, wanted))
    if as_json:
        print_json(row)
    else:
        print_fields(row)


@commands.command("cancel")
def cancel_job(job_id: Annotated[str, typer.Argument(help="The job's id.")], as_json: AsJson = False) -> None:
    """Cancel a job that is not over. A running one is ended within seconds; the user's data stay as they were."""
    wanted = parse_job_id(job_id)

    async def cancel(database: Database) -> str:
        await read_job(database, wanted)
        state = await JobStore(database.pool).request_cancel(str(wanted))
        if state is None:
            raise CommandError(f"job {wanted} is over: there is nothing to cancel")
        if state == "publishing":
            raise CommandError(f"job {wanted} is publishing its result: it is over before it could be cancelled")
        return state

    tell(wanted, with_database(read_settings(), cancel), as_json=as_json)


@commands.command("retry")
def retry_job(job_id: Annotated[str, typer.Argument(help="The job's id.")], as_json: AsJson = False) -> None:
    """Run a failed or cancelled job again; its finished steps are not repeated."""
    wanted, settings = parse_job_id(job_id), read_settings()

    async def retry(database: Database) -> str:
        await read_job(database, wanted)
        base = await base_in(settings, database)
        if not await JobStore(database.pool, lambda: base).retry(str(wanted)):
            raise CommandError(f"job {wanted} has not failed, or the same request runs again already")
        return "pending"

    tell(wanted, with_database(settings, retry), as_json=as_json)


def tell(job_id: UUID, state: str, *, as_json: bool) -> None:
    if as_json:
        print_json({"id": job_id, "status": state})
    else:
        say(f"job {job_id} is {state}")
