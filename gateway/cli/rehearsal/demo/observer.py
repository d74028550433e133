"""Reads the server's own database beside it: what became of the users, whatever the server says about itself."""

import asyncio
import time
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from psycopg.rows import dict_row

from gateway.cli.rehearsal.invented_users.cast import Upload
from gateway.cli.rehearsal.invented_users.people import count_found, holds_decoy
from gateway.database.pool import Database, load_sql

SQL = load_sql(Path(__file__).with_name("observe.sql"))
POLL_SECONDS = 0.25
ENDED = ("complete", "failed", "cancelled")
TEXTS = ("soulprint_text", "soul_md", "identity_md", "agents_md", "user_md", "tools_md", "memory_md", "memory_log")

Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Outcomes:
    """Where the jobs of some users stand: rows by pipeline, status and reason."""

    rows: Sequence[Row]

    def count(self, **wanted: str) -> int:
        return sum(row["jobs"] for row in self.rows if all(row[key] == value for key, value in wanted.items()))

    @property
    def ended(self) -> int:
        return sum(self.count(status=status) for status in ENDED)

    @property
    def progress(self) -> float:
        """Mean progress, 0 to 100."""
        jobs = sum(row["jobs"] for row in self.rows)
        return sum(row["jobs"] * row["progress"] for row in self.rows) / jobs if jobs else 0.0

    def run_seconds(self, pipeline: str) -> float | None:
        """Mean run of the completed jobs of a pipeline."""
        rows = [row for row in self.rows if row["pipeline"] == pipeline and row["run_seconds"] is not None]
        jobs = sum(row["jobs"] for row in rows)
        return sum(row["jobs"] * row["run_seconds"] for row in rows) / jobs if jobs else None


@dataclass(frozen=True, slots=True)
class Facts:
    """By pipeline: facts that the exports state, those of them in the results, and users given a decoy as a fact."""

    known: Mapping[str, int]
    found: Mapping[str, int]
    misled: Mapping[str, int]


@dataclass(slots=True)
class Observer:
    """Queries about users; each one is a fresh look."""

    database: Database

    async def outcomes(self, uploads: Sequence[Upload]) -> Outcomes:
        return Outcomes(await self.read("outcomes", users=[upload.user_id for upload in uploads]))

    async def follow(
        self, uploads: Sequence[Upload], jobs: int, seen: Callable[[Outcomes], None], *, timeout_seconds: float
    ) -> Outcomes:
        """Look until `jobs` jobs have ended or the time is over; `seen` gets each look."""
        deadline = time.monotonic() + timeout_seconds
        while True:
            now = await self.outcomes(uploads)
            seen(now)
            if now.ended >= jobs or time.monotonic() > deadline:
                return now
            await asyncio.sleep(POLL_SECONDS)

    async def result(self, user_id: str) -> Row:
        return (await self.read("results", users=[user_id]))[0]

    async def count_facts(self, uploads: Sequence[Upload]) -> Facts:
        """Compare the users' results with what their exports are known to say."""
        people = {upload.user_id: upload.export.person for upload in uploads}
        known, found, misled = Counter[str](), Counter[str](), Counter[str]()
        for row in await self.read("results", users=list(people)):
            if (pipeline := row["pipeline"]) is None:
                continue
            person, texts = people[row["user_id"]], texts_of(row)
            known[pipeline] += len(person.facts())
            found[pipeline] += count_found(person, texts)
            misled[pipeline] += holds_decoy(person, texts)
        return Facts(known, found, misled)

    async def read(self, name: str, **parameters: Any) -> list[Row]:
        async with self.database.pool.connection() as connection:
            cursor = connection.cursor(row_factory=dict_row)
            await cursor.execute(SQL[name].encode(), parameters)
            return await cursor.fetchall()


def texts_of(row: Row) -> list[str]:
    """Everything that a pipeline wrote for a user."""
    return [row[name] for name in TEXTS if row[name]]
