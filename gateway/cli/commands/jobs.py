"""`gateway jobs`: list, count, show, cancel and retry."""

from dataclasses import asdict
from typing import Annotated
from uuid import UUID

import typer

from gateway.cli.database import with_database, with_reads
from gateway.cli.errors import MISSING, CommandError
from gateway.cli.options import AsJson, Since, since_of
from gateway.cli.output import print_fields, print_json, print_table, say
from gateway.cli.queries import parse_job_id, read_job
from gateway.cli.rollout_records import base_in
from gateway.cli.settings import read_settings
from gateway.database.pool import Database
from gateway.jobs.listing import NoSuchJob, Status, WantedJobs, Whose, count_jobs, list_jobs
from gateway.jobs.store import JobStore

OfStatus = Annotated[Status | None, typer.Option("--status", help="Only these.")]
OfUser = Annotated[str | None, typer.Option("--user", help="Only this user's.")]
OfPipeline = Annotated[str | None, typer.Option("--pipeline", help="Only this pipeline's: v1, v2.")]
OfCause = Annotated[Whose | None, typer.Option("--cause", help="Only those that are this one's fault.")]

commands = typer.Typer(no_args_is_help=True, help="Look at jobs, cancel them, run them again.")


@commands.command("list")
def show_list(  # noqa: PLR0917 - one parameter an option
    status: OfStatus = None,
    user: OfUser = None,
    pipeline: OfPipeline = None,
    cause: OfCause = None,
    since: Since = None,
    after: Annotated[str | None, typer.Option(help="Those that come behind this job.")] = None,
    limit: Annotated[int, typer.Option(min=1, max=10_000, help="At most so many, the newest first.")] = 20,
    as_json: AsJson = False,
) -> None:
    """Show the newest jobs; --after pages on to older ones."""
    wanted = WantedJobs(status, user, pipeline, cause, None if since is None else since_of(since))
    behind = None if after is None else parse_job_id(after)
    try:
        jobs = with_reads(read_settings(), lambda reads: list_jobs(reads, wanted, after=behind, limit=limit))
    except NoSuchJob as error:
        raise CommandError(str(error), MISSING) from None
    if as_json:
        print_json([asdict(job) for job in jobs])
        return
    columns = ("id", "user_id", "status", "pipeline", "reason", "step", "progress", "cause", "created_at")
    print_table(columns, ([getattr(job, column) for column in columns] for job in jobs))


@commands.command("count")
def show_counts(  # noqa: PLR0917 - one parameter an option
    status: OfStatus = None,
    user: OfUser = None,
    pipeline: OfPipeline = None,
    cause: OfCause = None,
    since: Since = None,
    as_json: AsJson = False,
) -> None:
    """Count jobs by status. Counting stops at 1,000."""
    wanted = WantedJobs(status, user, pipeline, cause, None if since is None else since_of(since))
    counts = with_reads(read_settings(), lambda reads: count_jobs(reads, wanted))
    if as_json:
        print_json([asdict(count) for count in counts])
    else:
        print_fields({count.status: f"{count.jobs:,}{'+' if count.more else ''}" for count in counts})


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
