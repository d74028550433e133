"""Reads what is known of a turning off: its rows, who follows it, which jobs still run."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from flags.model import Pipeline
from gateway.database.pool import load_sql
from gateway.database.reads import Reads
from gateway.rollout.all_off.rows import latest_off
from gateway.rollout.history import Entry, history
from gateway.rollout.processes.live import LiveProcess, list_processes

SQL: Final = load_sql(Path(__file__).with_name("read.sql"))
LOOKED_AT: Final = 12


@dataclass(frozen=True, slots=True)
class OffFacts:
    """As the database has it."""

    rows: tuple[Entry, ...]  # newest first; empty: nothing was turned off last
    processes: tuple[LiveProcess, ...]
    moving: int  # jobs of versions above the base that run


async def read_off(reads: Reads, versions: Sequence[Pipeline]) -> OffFacts:
    """`versions`: those above the base. Raises ReadTooLong and psycopg's errors."""
    rows = latest_off(await history(reads, limit=LOOKED_AT))
    if not rows:
        return OffFacts((), (), 0)
    processes = await list_processes(reads)
    async with reads.connection() as connection:
        found = await (await connection.execute(SQL["moving"], {"versions": list(versions)})).fetchone()
    return OffFacts(rows, tuple(one for one in processes if one.live), found[0] if found else 0)
