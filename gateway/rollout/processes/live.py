"""The live processes, as they told themselves: which could not follow a change, and what each has in force."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from psycopg.rows import class_row

from flags.change.errors import ControlError
from flags.model import Pipeline
from gateway.database.pool import Connection, load_sql
from gateway.database.reads import Reads

SQL = load_sql(Path(__file__).with_name("processes.sql"))


@dataclass(frozen=True, slots=True)
class LiveProcess:
    """One row of `gateway.processes`."""

    name: str
    kind: str
    release: str
    started_at: datetime
    silent_seconds: float  # since it wrote the row
    live: bool  # False: silent for so long that it counts as gone, and what it has in force is not known
    versions: list[Pipeline]
    broken: list[Pipeline]
    base: Pipeline
    dials: dict[Pipeline, dict[str, Any]]  # see `dial_of`
    override: bool
    flags_source: str
    flags_revision: str
    flags_age_seconds: float | None
    flags_error: str | None
    last_start_seconds: float | None  # after the last rollback: until the last start of what it was to keep away
    listens: bool | None  # hears of changes at once, else looks every second; None: an older release does not tell


class NotEverywhere(ControlError):
    """A live process cannot run the version: its users would get something else there, or its jobs wait."""

    def __init__(self, version: Pipeline, lacking: Sequence[LiveProcess]) -> None:
        first = lacking[0]
        more = f", and {len(lacking) - 1} more" if len(lacking) > 1 else ""
        why = f"{version} is broken there" if version in first.broken else f"it has {', '.join(first.versions)}"
        super().__init__(
            f"a live process cannot run {version}: {first.kind} {first.name} ({why}){more}; wait until the deploy is "
            "through, or take it upon you with --anyway"
        )


async def live_processes(connection: Connection) -> list[LiveProcess]:
    """Those that wrote their row not long ago."""
    cursor = connection.cursor(row_factory=class_row(LiveProcess))
    return await (await cursor.execute(SQL["live"], {"silent": False})).fetchall()


async def list_processes(reads: Reads) -> list[LiveProcess]:
    """Those that live, and those that fell silent in the last ten minutes, at most a thousand."""
    async with reads.connection() as connection:
        cursor = connection.cursor(row_factory=class_row(LiveProcess))
        return await (await cursor.execute(SQL["live"], {"silent": True})).fetchall()


async def lacking(connection: Connection, version: Pipeline) -> list[LiveProcess]:
    """Those that cannot run a version."""
    return [one for one in await live_processes(connection) if version not in one.versions]


async def check_everywhere(connection: Connection, versions: Collection[Pipeline]) -> None:
    """Raises NotEverywhere."""
    for version in versions:
        if found := await lacking(connection, version):
            raise NotEverywhere(version, found)
