"""`gateway check`: would a process start here? Run when an image is built, and before settings are put into force."""

import importlib
from collections.abc import Iterable
from dataclasses import asdict
from typing import Annotated

import typer

from gateway.cli.database import with_database
from gateway.cli.documents.upkeep import Mend
from gateway.cli.errors import USAGE, CommandError
from gateway.cli.options import AsJson
from gateway.cli.output import print_json, say
from gateway.cli.settings import read_settings, read_start_settings
from gateway.confinement.trial import enter_confinement
from gateway.database import migrations
from gateway.database.drift import Drift, find_drift
from gateway.database.pool import Database
from gateway.database.rights.close import find_open
from gateway.database.rights.judge import Finding
from gateway.language.choice import LanguageConfigError, choose_language
from pipelines.registry import BrokenPipeline, find_pipelines

# Imported only when it is needed, or by one process and not the other: here, all of it at once.
MODULES = (
    "gateway.web.app",
    "gateway.worker.worker",
    "gateway.database.migrations",
    "gateway.language.providers",
    "gateway.exports.supabase",
)


def check(
    database: Annotated[
        bool, typer.Option("--database", help="Look at the database instead: is its schema this version's, and closed?")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Check the settings, and import all pipelines and all parts of the gateway; nothing is opened or made. Say which
    restrictions this machine imposes on comparisons.

    Exit code 2 if a setting is wrong, 1 if a part is broken, or the database lacks something, is open to strangers, or
    the app's tables no longer take what the gateway writes.
    """
    if database:
        check_database(as_json=as_json)
    else:
        check_parts(as_json=as_json)


def check_database(*, as_json: bool) -> None:
    """Say what is open in the database, what of the app's tables has drifted, and which statement mends each."""
    findings, drifted = with_database(read_settings(), look)
    mends = [*mends_of(findings), *(Mend("drifted", drift.what, drift.statement) for drift in drifted)]
    if as_json:
        print_json({"findings": [asdict(mend) for mend in mends]})
    else:
        lines = [f"{mend.severity}: {mend.what}\n  {mend.statement};" for mend in mends]
        say("\n".join(lines) or "the schema is up to date, and closed to everybody but the gateway")
    found = sum(finding.severity == "open" for finding in findings)
    wrong = [*([f"is open in {found} places"] if found else ()), *(["has drifted"] if drifted else ())]
    if wrong:
        raise CommandError(f"the database {' and '.join(wrong)}")


async def look(database: Database) -> tuple[tuple[Finding, ...], tuple[Drift, ...]]:
    if missing := (await migrations.check(database)).now:
        raise CommandError(f"not applied: {', '.join(missing)}; run `gateway migrate`")
    async with database.pool.connection() as connection:
        return await find_open(connection), await find_drift(connection)


def mends_of(findings: Iterable[Finding]) -> list[Mend]:
    """What it is, and what closes it."""
    return [Mend(found.severity, found.what, found.statement) for found in findings]


def check_parts(*, as_json: bool) -> None:
    """Would a process start here?"""
    settings = read_start_settings()
    registry = find_pipelines()
    try:
        registry.check()
        registry.check_known(*filter(None, [settings.candidate_pipeline]))
        choose_language(settings)
        for module in MODULES:
            importlib.import_module(module)
    except LanguageConfigError as wrong:
        raise CommandError(str(wrong), USAGE) from None
    except (BrokenPipeline, ImportError) as broken:
        raise CommandError(str(broken)) from None
    confinement = str(enter_confinement())
    if as_json:
        print_json({"confinement": confinement, "pipelines": list(registry.usable)})
        return
    say(f"confinement of runs and comparisons: {confinement}")
    say(f"the settings are right; pipelines {', '.join(registry.usable)} and all parts of the gateway can be imported")
