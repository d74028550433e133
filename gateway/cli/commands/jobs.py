"""`gateway jobs`: list, count, show, cancel and retry; one job, or all that match."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from typing import Annotated
from uuid import UUID

import typer

from flags.overridable import OverridableSource
from gateway.cli.database import READ_SECONDS, with_database, with_reads
from gateway.cli.errors import MISSING, USAGE, CommandError
from gateway.cli.options import AsJson, Since, Until, since_of, until_of
from gateway.cli.output import print_fields, print_json, print_table, say
from gateway.cli.queries import parse_job_id, read_job
from gateway.cli.rollout_client import current_actor
from gateway.cli.rollout_records import base_in, override_in, promoted_in
from gateway.cli.settings import read_settings
from gateway.cli.text.absent import warn_absent
from gateway.cli.text.jobs import print_jobs
from gateway.config.settings import Settings
from gateway.database.pool import Database
from gateway.database.reads import Reads
from gateway.jobs.listing import NoSuchJob, Status, WantedJobs, Whose, count_jobs, list_jobs
from gateway.jobs.orders.drive import OrderDriver
from gateway.jobs.orders.model import JobOrder, Kind, OrderRefused
from gateway.jobs.orders.preview import OrderPreview, preview_order
from gateway.jobs.orders.store import begin_order, latest_orders, read_order
from gateway.jobs.run.given_now import GivenNow
from gateway.jobs.store import JobStore
from gateway.rollout.history import By
from gateway.services import build_flags, known_versions
from pipelines.registry import find_pipelines

OfStatus = Annotated[Status | None, typer.Option("--status", help="Only these.")]
OfUser = Annotated[str | None, typer.Option("--user", help="Only this user's.")]
OfPipeline = Annotated[str | None, typer.Option("--pipeline", help="Only this pipeline's: v1, v2.")]
OfCause = Annotated[Whose | None, typer.Option("--cause", help="Only those that are this one's fault.")]
AtStep = Annotated[str | None, typer.Option("--step", help="Only those that are, or failed, at this step.")]
JobId = Annotated[str | None, typer.Argument(help="The job's id.")]
All = Annotated[bool, typer.Option("--all", help="All that match the options, in batches, instead of one.")]
DryRun = Annotated[bool, typer.Option("--dry-run", help="With --all: only say what it would do.")]
Why = Annotated[str, typer.Option(help="With --all: kept with the order.")]

commands = typer.Typer(no_args_is_help=True, help="Look at jobs, cancel them, run them again.")


@dataclass(frozen=True, slots=True)
class ManyJobs:
    """What is to be done with all jobs that match."""

    kind: Kind
    wanted: WantedJobs
    dry_run: bool
    why: str
    as_json: bool


@commands.command("list")
def show_list(  # noqa: PLR0917 - one parameter an option
    status: OfStatus = None,
    user: OfUser = None,
    pipeline: OfPipeline = None,
    cause: OfCause = None,
    since: Since = None,
    until: Until = None,
    step: AtStep = None,
    after: Annotated[str | None, typer.Option(help="Those that come behind this job.")] = None,
    limit: Annotated[int, typer.Option(min=1, max=10_000, help="At most so many, the newest first.")] = 20,
    as_json: AsJson = False,
) -> None:
    """Show the newest jobs; --after pages on to older ones. A narrow terminal shows less of each; --json, all."""
    wanted = wanted_by(status, user, pipeline, cause, (since, until), step)
    behind = None if after is None else parse_job_id(after)
    try:
        jobs = with_reads(read_settings(), lambda reads: list_jobs(reads, wanted, after=behind, limit=limit))
    except NoSuchJob as error:
        raise CommandError(str(error), MISSING) from None
    warn_absent(pipeline, jobs)
    if as_json:
        print_json([asdict(job) for job in jobs])
    else:
        print_jobs(jobs, datetime.now(UTC))


@commands.command("count")
def show_counts(  # noqa: PLR0917 - one parameter an option
    status: OfStatus = None,
    user: OfUser = None,
    pipeline: OfPipeline = None,
    cause: OfCause = None,
    since: Since = None,
    until: Until = None,
    step: AtStep = None,
    as_json: AsJson = False,
) -> None:
    """Count jobs by status. Counting stops at 1,000."""
    wanted = wanted_by(status, user, pipeline, cause, (since, until), step)
    counts = with_reads(read_settings(), lambda reads: count_jobs(reads, wanted))
    warn_absent(pipeline, [count for count in counts if count.jobs])
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
def cancel_job(  # noqa: PLR0917 - one parameter an option
    job_id: JobId = None,
    all_that_match: All = False,
    status: OfStatus = None,
    user: OfUser = None,
    pipeline: OfPipeline = None,
    cause: OfCause = None,
    since: Since = None,
    until: Until = None,
    step: AtStep = None,
    dry_run: DryRun = False,
    why: Why = "",
    as_json: AsJson = False,
) -> None:
    """Cancel a job that is not over. A running one is ended within seconds; the user's data stay as they were."""
    wanted = wanted_by(status, user, pipeline, cause, (since, until), step)
    if check_one(job_id, wanted, all_that_match=all_that_match) is None:
        order_all(ManyJobs("cancel", wanted, dry_run, why, as_json))
        return
    one = parse_job_id(job_id or "")

    async def cancel(database: Database) -> str:
        await read_job(database, one)
        state = await JobStore(database.pool).request_cancel(str(one))
        if state is None:
            raise CommandError(f"job {one} is over: there is nothing to cancel")
        if state == "publishing":
            raise CommandError(f"job {one} is publishing its result: it is over before it could be cancelled")
        return state

    tell(one, with_database(read_settings(), cancel), as_json=as_json)


@commands.command("retry")
def retry_job(  # noqa: PLR0917 - one parameter an option
    job_id: JobId = None,
    all_that_match: All = False,
    status: OfStatus = None,
    user: OfUser = None,
    pipeline: OfPipeline = None,
    cause: OfCause = None,
    since: Since = None,
    until: Until = None,
    step: AtStep = None,
    dry_run: DryRun = False,
    why: Why = "",
    as_json: AsJson = False,
) -> None:
    """Run a failed or cancelled job again; its finished steps are not repeated."""
    wanted = wanted_by(status, user, pipeline, cause, (since, until), step)
    if check_one(job_id, wanted, all_that_match=all_that_match) is None:
        order_all(ManyJobs("retry", wanted, dry_run, why, as_json))
        return
    one, settings = parse_job_id(job_id or ""), read_settings()

    async def retry(database: Database) -> str:
        await read_job(database, one)
        base = await base_in(settings, database)
        if not await JobStore(database.pool, lambda: base).retry(str(one)):
            raise CommandError(f"job {one} has not failed, or the same request runs again already")
        return "pending"

    tell(one, with_database(settings, retry), as_json=as_json)


@commands.command("orders")
def show_orders(as_json: AsJson = False) -> None:
    """Show the orders for many jobs, the newest first, and how far each is."""
    orders = with_reads(read_settings(), lambda reads: latest_orders(reads, 20))
    if as_json:
        print_json([asdict(order) for order in orders])
        return
    columns = ("id", "kind", "state", "started_at", "actor", "why", "how far")
    print_table(columns, ([getattr(one, name) for name in columns[:-1]] + [one.line] for one in orders))


def wanted_by(  # noqa: PLR0917 - one parameter an option
    status: Status | None,
    user: str | None,
    pipeline: str | None,
    cause: Whose | None,
    span: tuple[str | None, str | None],
    step: str | None,
) -> WantedJobs:
    since, until = span
    began = None if since is None else since_of(since)
    return WantedJobs(status, user, pipeline, cause, began, step, until_of(until, since))


def check_one(job_id: str | None, wanted: WantedJobs, *, all_that_match: bool) -> str | None:
    """The one job that is meant; None: all that match. Raises CommandError where that is not clear."""
    if (job_id is None) != all_that_match:
        raise CommandError("name one job, or --all with options that say which", USAGE)
    if job_id is not None and wanted != WantedJobs():
        raise CommandError("options that say which jobs go with --all", USAGE)
    return job_id


def order_all(many: ManyJobs) -> None:
    """Say what it does, and do it unless it is only asked."""
    settings = read_settings()

    async def work(database: Database) -> tuple[OrderPreview, JobOrder | None]:
        async with flags_now(settings, database) as given:
            found = await preview_order(Reads(database.pool, READ_SECONDS), many.kind, many.wanted, given)
        if not many.as_json:
            say(found.line)
        if many.dry_run or not found.jobs:
            return found, None
        base, by = await base_in(settings, database), By(current_actor(), "cli", many.why)
        order = await begin_order(database.pool, many.kind, many.wanted, by, expected=found.jobs)
        if order is None:
            raise CommandError("the same order is under way already: `gateway jobs orders` says how far it is")
        driver = OrderDriver(database.pool, lambda: base)
        await driver.drive(order, lambda now: None if many.as_json else say(now.line))
        return found, await read_order(database.pool, order)

    try:
        found, order = with_database(settings, work)
    except OrderRefused as error:
        raise CommandError(str(error), USAGE) from None
    if many.as_json:
        print_json({**asdict(found), "order": None if order is None else asdict(order)})


@asynccontextmanager
async def flags_now(settings: Settings, database: Database) -> AsyncIterator[GivenNow]:
    """The flags, read afresh, for what each job would get."""
    registry = find_pipelines()
    flags = OverridableSource(build_flags(settings, registry, known_versions(settings, registry)))
    flags.set_override(await override_in(database))
    flags.use_base(await promoted_in(database))
    await flags.start()
    try:
        yield GivenNow(flags, registry, settings.in_flight)
    finally:
        await flags.stop()


def tell(job_id: UUID, state: str, *, as_json: bool) -> None:
    if as_json:
        print_json({"id": job_id, "status": state})
    else:
        say(f"job {job_id} is {state}")
