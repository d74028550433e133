"""`gateway shadow`: what comparisons of the pipelines say together, and one pair side by side."""

import getpass
from datetime import datetime
from typing import Annotated

import msgspec
import typer

from gateway.cli.database import with_database, with_reads
from gateway.cli.errors import MISSING, USAGE, CommandError
from gateway.cli.options import AsJson, Since, Until, since_of, until_of
from gateway.cli.output import print_json, print_table, say
from gateway.cli.queries import parse_job_id
from gateway.cli.settings import read_settings
from gateway.cli.text import shadow as shadow_text
from gateway.config.settings import Settings
from gateway.database.pool import Database
from gateway.rollout.changes import build_changes
from gateway.rollout.control import build_control, installed_versions
from gateway.shadow.report.queries import Wanted, list_pairs, parse_pair, read_pair, read_report
from gateway.shadow.report.report import Report
from gateway.shadow.stop_sampling import StopSampling, ask
from pipelines.registry import find_pipelines

commands = typer.Typer(
    no_args_is_help=True, help="Compare the pipelines: rates beside their noise, pairs side by side."
)

Pair = Annotated[str | None, typer.Option("--pair", help="v2:v3, these two versions; else those compared last.")]


@commands.command("report")
def report(  # noqa: PLR0917 - each is an option
    since: Since = None,
    until: Until = None,
    field: Annotated[
        str | None, typer.Option(help="Only fields that begin like this: facts, sections.user, ...")
    ] = None,
    until_precision: Annotated[
        str | None, typer.Option(help="2%: turn comparisons off once harm is known to reach at most so many users.")
    ] = None,
    pair: Pair = None,
    as_json: AsJson = False,
) -> None:
    """How many users are harmed and how often versions differ, beside equal runs; intervals hold while you watch."""
    moment, end, two = since_of(since), until_of(until, since), pair_of(pair)
    precision = None if until_precision is None else precision_of(until_precision)
    settings = read_settings()

    async def read(database: Database) -> Report:
        if precision is not None:
            await seek(database, settings, precision, moment)
        known = find_pipelines().declared
        return await read_report(database.pool, moment, field, until=end, pair=two, declared=known)

    found = with_database(settings, read)
    if as_json:
        print_json(msgspec.to_builtins(found))
    else:
        shadow_text.print_report(found)


@commands.command("list")
def list_(  # noqa: PLR0917 - each is an option
    since: Since = None,
    until: Until = None,
    class_: Annotated[str | None, typer.Option("--class", help="Only pairs of this class: worse_covered, ...")] = None,
    kind: Annotated[
        str | None, typer.Option(help="Only pairs with this kind of difference, as report names it.")
    ] = None,
    harm: Annotated[bool, typer.Option("--harm", help="Only pairs that harm their user, the worst first.")] = False,
    after: Annotated[str | None, typer.Option(help="Those that come behind this pair.")] = None,
    limit: Annotated[int, typer.Option(min=1, max=1000, help="At most so many.")] = 20,
    as_json: AsJson = False,
) -> None:
    """The latest pairs, newest first; what harms in them by name."""
    moment, behind = since_of(since), None if after is None else parse_job_id(after)
    wanted = Wanted(class_, kind, harm, until=until_of(until, since))
    pairs = with_reads(read_settings(), lambda reads: list_pairs(reads, moment, wanted, after=behind, limit=limit))
    if as_json:
        print_json(msgspec.to_builtins(pairs))
        return
    rows = [
        (one.job_id, f"{one.one} - {one.other}", ", ".join(one.harms), one.class_, one.score, one.created_at)
        for one in pairs
    ]
    print_table(("pair", "pipelines", "harms", "class", "score", "compared"), rows)


@commands.command("show")
def show(
    pair: Annotated[str, typer.Argument(help="A pair's id: its job's.")],
    everything: Annotated[bool, typer.Option("--all", help="Also what agrees.")] = False,
    as_json: AsJson = False,
) -> None:
    """One pair side by side: its harms, the two texts, what differs. Shows pieces of the user's own words."""
    job_id = str(parse_job_id(pair))
    found = with_database(read_settings(), lambda database: read_pair(database.pool, job_id))
    if found is None:
        raise CommandError(f"there is no comparison of job {job_id}", MISSING)
    if as_json:
        print_json(msgspec.to_builtins(found))
    else:
        shadow_text.print_pair(found, everything=everything)


async def seek(database: Database, settings: Settings, precision: float, since: datetime) -> None:
    """Ask for a precision, and look at once whether it is reached; workers go on looking."""
    await ask(database.pool, precision, since, getpass.getuser())
    control = build_control(settings, installed_versions(settings))
    try:
        message = await StopSampling(database.pool, build_changes(settings, database, control)).look()
    finally:
        if control is not None:
            await control.close()
    if message:
        say(message)


def pair_of(text: str | None) -> tuple[str, str] | None:
    try:
        return None if text is None else parse_pair(text)
    except ValueError as error:
        raise CommandError(f"--pair {error}", USAGE) from None


def precision_of(text: str) -> float:
    """ "2%" or "0.02" as a share."""
    try:
        value = float(text[:-1]) / 100 if text.endswith("%") else float(text)
    except ValueError:
        value = 0.0
    if not 0 < value < 1:
        raise CommandError(f"--until-precision {text!r} is not a share like 2%", USAGE)
    return value
