"""Reads what "Who" shows."""

import asyncio
from datetime import datetime
from pathlib import Path
from typing import Any, Final

import psycopg
from psycopg.rows import class_row

from gateway.database.pool import load_sql
from gateway.database.reads import Reads
from gateway.jobs.listing import WantedJobs, list_jobs
from gateway.jobs.users import count_users, list_users
from gateway.restore.listing import Meant, list_restore
from gateway.restore.order import count_leaving
from gateway.restore.store import RestoreStore
from gateway.rollout.explain import explain_subject
from gateway.services import Services
from gateway.web.console.cached import CachedReads, Rhythm
from gateway.web.console.pages.history.view import run_text
from gateway.web.console.pages.reading import read_now
from gateway.web.console.pages.who import restoring
from gateway.web.console.pages.who.restoring import Found, RestoreView, found_of, restore_view
from gateway.web.console.pages.who.subject import Kept, Material, SubjectView, subject_view
from gateway.web.console.pages.who.view import Material as UsersMaterial
from gateway.web.console.pages.who.view import WhoView, who_view
from gateway.web.console.pages.who.wanted import PAGE, WantedRestore, WantedUsers
from gateway.web.console.unread import Unread, read_part

SQL: Final = load_sql(Path(__file__).with_name("who.sql"))
JOBS: Final = 20  # of a user
COUNTS: Final = Rhythm(kept=120.0, patience=0.05, in_turn=True)  # of users: all jobs of a day are looked at


async def read_who(
    services: Services, cached: CachedReads, wanted: WantedUsers, now: datetime, **typed: Any
) -> WhoView:
    """The page. `typed`: what was typed into the form about a user, and what became of it."""
    reads, since, until = services.reads, wanted.moment(now), wanted.end(now)
    after = wanted.after or None
    subject, counts, users, run = await asyncio.gather(
        read_subject(services, wanted.subject, now, **typed) if wanted.subject else nothing(),
        read_part(
            cached,
            "Users by version",
            ("users by version", wanted.since),
            lambda: count_users(reads, since, until),
            COUNTS,
        ),
        read_now(
            "The list of users",
            list_users(reads, wanted.version, since, until=until, after=after, limit=PAGE + 1),
        )
        if wanted.version
        else nothing(),
        read_now("The last restore", RestoreStore(services.database.pool).latest()),
    )  # fmt: skip
    restored = "" if run is None or isinstance(run, Unread) else run_text(run)
    return who_view(wanted, UsersMaterial(subject, counts, users, services.base, restored), now)


async def read_subject(services: Services, subject: str, now: datetime, **typed: Any) -> SubjectView | Unread:
    """One user, or the user of a job: found exactly, never by the beginning of an id."""
    reads = services.reads
    answer = await read_now("Why", explain_subject(services.flags, reads, subject))
    if isinstance(answer, Unread):
        return answer
    user = answer.now.user_id
    kept, jobs = await asyncio.gather(
        read_now("The user's results", read_kept(reads, user)),
        read_now("The user's jobs", list_jobs(reads, WantedJobs(user=user), limit=JOBS)),
    )
    return subject_view(subject, Material(answer, kept, jobs, **typed), services.flags.state(), now)


async def read_kept(reads: Reads, user_id: str) -> list[Kept]:
    """A user's live result, and the last ones of other versions."""
    async with reads.connection() as connection:
        cursor = connection.cursor(row_factory=class_row(Kept))
        try:
            return await (await cursor.execute(SQL["results"], {"user": user_id}, prepare=False)).fetchall()
        except psycopg.errors.InvalidTextRepresentation:
            return []  # users are UUIDs here, and this is none


async def read_restore(services: Services, wanted: WantedRestore) -> RestoreView:
    """Whom a run would find, and the latest run."""
    meant = Meant(wanted.to, wanted.source, services.base)
    found, users, run = await asyncio.gather(
        read_now("The counts", count_found(services, wanted)),
        read_now("The list", list_restore(services.reads, meant, after=wanted.after or None, limit=PAGE + 1)),
        read_now("The last restore", RestoreStore(services.database.pool).latest()),
    )
    return restore_view(wanted, restoring.Material(found, users, run, services.base))


async def count_found(services: Services, wanted: WantedRestore) -> Found:
    """Counted as the run itself counts."""
    store = RestoreStore(services.database.pool, wanted.source)
    run = await store.latest()
    leaving = None if wanted.source is None or wanted.to is not None else await count_leaving(store, wanted.source)
    target = wanted.to or (next(iter(leaving.by_version), services.base) if leaving else services.base)
    same = run is not None and (run.target, run.source) == (target, wanted.source)
    return found_of(await store.count(target, run.started_at if run is not None and same else None), leaving)


async def nothing() -> None:
    """Nothing was asked for."""
