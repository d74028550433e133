"""The rollout's history: one row for every change, whoever made it, whichever of the processes saw it."""

from dataclasses import asdict, dataclass, field, replace
from datetime import datetime
from pathlib import Path
from typing import Any

from psycopg import AsyncCursor
from psycopg.rows import class_row
from psycopg.types.json import Jsonb

from flags.model import Pipeline, Rollout, flag_of
from gateway.database.pool import Connection, Pool, load_sql
from gateway.database.reads import Reads
from gateway.rollout.rows import EVERY_ENTRY, Json, Via, WantedEntries, What, contents_of, known_json, rollout_json

SQL = load_sql(Path(__file__).with_name("history.sql"))

FIRST = ("override", "enabled", "percent", "dial")  # what a person wants to read first
WHOLE = ("version", "verdict")  # kept in a row, and not said in its one line


@dataclass(frozen=True, slots=True)
class By:
    """Who changes something, by which way (`cli`, `http`, `guard`, `ramp`), and why."""

    actor: str
    via: Via
    why: str = ""


@dataclass(frozen=True, slots=True)
class Entry:
    """One row of the history. For `what == "rollout"`, before and after are rollouts (see `rollout_json`).

    A row is never changed: a reason that is typed later is a row of its own, a note, whose `after` names the row.
    """

    id: int
    at: datetime
    what: What
    actor: str
    via: str
    why: str
    before: Json | None  # None: nothing was known before
    after: Json
    revision: str  # of the flags, afterwards
    notes: list[Json] = field(default_factory=list)  # what was said of it later, where it was read for somebody

    @property
    def change(self) -> str:
        """What became different, in one line."""
        return describe_change(self.before, self.after)

    @property
    def pipeline(self) -> Pipeline | None:
        """The version that the row is about, where it is about one."""
        return self.after.get("candidate") or self.after.get("base")

    @property
    def json(self) -> Json:
        """For programs."""
        return {**asdict(self), "change": self.change}


class NoSuchEntry(Exception):
    """There is no such row to say something of."""


@dataclass(frozen=True, slots=True)
class Known:
    """What the history says last of the flags."""

    version: str | None
    revision: str | None  # None: written by somebody who only knew the version
    rollout: Json | None  # as `known_json` makes it
    mark: int | None = None  # up to where the flags' own log is written down; None: not known, or no log is kept

    def before(self, rollout: Rollout, pipeline: Pipeline) -> Json | None:
        """What was written down of one version, in the form of a history row; None if nothing was."""
        if self.rollout is None:
            return None
        if "versions" in self.rollout:
            found: Json | None = self.rollout["versions"].get(pipeline)
        else:
            found = self.rollout if self.rollout.get("candidate", pipeline) == pipeline else None
        return found or rollout_json(replace(rollout, versions=()), pipeline)

    def knew(self, pipeline: Pipeline) -> bool:
        """Was there a flag of this version?"""
        return bool((self.rollout or {}).get("contents", {}).get(flag_of(pipeline)))

    def changed(self, rollout: Rollout) -> tuple[Pipeline, ...]:
        """The versions whose flags say something else now, as far as both sides know them; newest first.

        Processes of two releases may know different versions: what one of them does not read has not changed for it.
        """
        said = (self.rollout or {}).get("contents")
        if said is None:
            return () if self.version == rollout.version else (rollout.candidate,)
        now = contents_of(rollout)
        differing = {flag for flag, content in now.items() if said.get(flag, content) != content}
        changed = tuple(one.pipeline for one in rollout.versions if flag_of(one.pipeline) in differing)
        return changed or ((rollout.candidate,) if differing else ())


async def append_entry(  # noqa: PLR0913 (one keyword a column)
    connection: Connection, by: By, *, what: What, before: Json | None, after: Json, revision: str = ""
) -> int:
    """Add a row and announce it; both become true with the transaction of `connection`. Returns the row's id."""
    row = {
        "what": what,
        "actor": by.actor,
        "via": by.via,
        "why": by.why,
        "before": None if before is None else Jsonb(before),
        "after": Jsonb(after),
        "revision": revision,
    }
    found = await (await connection.execute(SQL["write"], row)).fetchone()
    await announce(connection)
    assert found is not None  # noqa: S101 - an insert returns its row
    return int(found[0])


async def announce(connection: Connection) -> None:
    """Tell every process to look at the rollout again, when the transaction of `connection` commits."""
    await connection.execute(SQL["announce"])


async def history(
    pool: Pool | Reads, wanted: WantedEntries = EVERY_ENTRY, *, limit: int = 50, before_id: int | None = None
) -> list[Entry]:
    """The latest rows, newest first; `before_id` pages on to older ones."""
    values = {**asdict(wanted), "limit": limit, "before_id": before_id}
    async with pool.connection() as connection:
        cursor = connection.cursor(row_factory=class_row(Entry))
        return await (await cursor.execute(SQL["history"], values)).fetchall()


async def read_last_change(pool: Pool) -> Entry | None:
    """The newest row that is no note."""
    async with pool.connection() as connection:
        return await (await connection.cursor(row_factory=class_row(Entry)).execute(SQL["last_change"])).fetchone()


async def add_note(pool: Pool, about: int, by: By) -> Entry:
    """Say why, later. Raises NoSuchEntry where there is no such row, or where it is a note itself."""
    values = {"about": about, "actor": by.actor, "via": by.via, "why": by.why}
    async with pool.connection() as connection:
        row = await (await connection.cursor(row_factory=class_row(Entry)).execute(SQL["note"], values)).fetchone()
    if row is None:
        raise NoSuchEntry(f"the history has no row {about}, or it is a note")
    return row


async def changes_since(connection: Connection, last_id: int) -> tuple[list[Entry], datetime]:
    """The changes after one, oldest first, and what the database's clock says now."""
    cursor = connection.cursor(row_factory=class_row(Entry))
    entries = await (await cursor.execute(SQL["since"], {"id": last_id})).fetchall()
    now = await (await connection.execute(SQL["clock"])).fetchone()
    assert now is not None  # noqa: S101 - the statement always answers one row
    return entries, now[0]


async def read_marks(connection: Connection) -> tuple[object, ...]:
    """What differs as soon as a change is written, an override is thrown or lifted, or a base is promoted."""
    return await (await ask_marks(connection)).fetchone() or ()


async def ask_marks(connection: Connection) -> AsyncCursor[tuple[Any, ...]]:
    """The same, of which the answer is not waited for."""
    return await connection.execute(SQL["marks"])


async def read_known(connection: Connection) -> Known | None:
    """What is written down last, for whoever only wants to know."""
    cursor = connection.cursor(row_factory=class_row(Known))
    return await (await cursor.execute(SQL["known"])).fetchone()


async def read_flags_seen(connection: Connection) -> list[str]:
    """The flags that were ever seen to exist, by whatever process."""
    row = await (await connection.execute(SQL["flags_seen"])).fetchone()
    seen: list[str] = row[0] if row else []
    return seen


async def hold_known(connection: Connection, *, wait: bool = True) -> Known | None:
    """What is written down last, held until the transaction ends; None if somebody holds it and we do not wait."""
    cursor = connection.cursor(row_factory=class_row(Known))
    return await (await cursor.execute(SQL["hold" if wait else "hold_if_free"])).fetchone()


async def record_known(
    connection: Connection, rollout: Rollout, revision: str | None = None, *, mark: int | None
) -> None:
    """Note what the flags say now. The caller holds the row."""
    values = {"version": rollout.version, "revision": revision, "rollout": Jsonb(known_json(rollout)), "mark": mark}
    await connection.execute(SQL["record_known"], values)


def describe_change(before: Json | None, after: Json) -> str:
    """Field by field, what differs: `enabled: on → off; dial: 10 → 0`."""
    old = before or {}
    names = [name for name in sorted(after, key=_rank) if name not in WHOLE and old.get(name) != after[name]]
    return "; ".join(f"{name}: {f'{_text(old[name])} → ' if name in old else ''}{_text(after[name])}" for name in names)


def _rank(name: str) -> tuple[int, str]:
    return (FIRST.index(name) if name in FIRST else len(FIRST), name)


def _text(value: Any) -> str:
    match value:
        case bool():
            return "on" if value else "off"
        case int() | float():
            return f"{value:g}"
        case list() | tuple():
            return ", ".join(map(str, value)) or "nobody"
        case _:
            return str(value)
