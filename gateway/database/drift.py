"""Whether the app's tables still take what the gateway writes: columns that are gone or new, words no longer taken.

The app owns these tables and may change them at any time; each finding comes with the statement that mends it.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import psycopg

from gateway.database.pool import Connection, load_sql

SQL: Final = load_sql(Path(__file__).with_name("drift.sql"))
TEXTS: Final = (
    "soulprint_text", "soul_md", "identity_md", "agents_md", "user_md", "tools_md", "memory_log", "memory_md",
    "archetype", "ai_name", "import_status", "import_error", "embedding_status", "memory_status", "full_pass_status",
    "full_pass_error",
)  # fmt: skip
NUMBERS: Final = (
    "total_conversations", "total_messages", "total_chunks", "processed_chunks", "embedding_progress",
)  # fmt: skip
TIMES: Final = ("processing_started_at", "full_pass_started_at", "full_pass_completed_at", "soulprint_generated_at")
COLUMNS: Final[Mapping[str, Mapping[str, str]]] = {
    "processing_jobs": {
        **dict.fromkeys(("status", "storage_path", "current_step", "error_message"), "text"),
        **dict.fromkeys(("conversation_count", "message_count", "progress", "attempts"), "integer"),
        **dict.fromkeys(("created_at", "updated_at", "completed_at"), "timestamptz"),
    },
    "user_profiles": {
        "soulprint": "jsonb",
        **dict.fromkeys(TEXTS, "text"),
        **dict.fromkeys(NUMBERS, "integer"),
        **dict.fromkeys(TIMES, "timestamptz"),
    },
    "conversation_chunks": {
        **dict.fromkeys(("conversation_id", "title", "content", "chunk_tier"), "text"),
        "message_count": "integer",
        "created_at": "timestamptz",
        "is_recent": "boolean",
    },
}
WRITTEN: Final[Mapping[tuple[str, str], Sequence[str]]] = {
    ("processing_jobs", "status"): ("pending", "processing", "complete", "failed"),
    ("user_profiles", "import_status"): ("none", "processing", "complete", "failed"),
    ("user_profiles", "embedding_status"): ("processing", "complete", "failed"),
    ("user_profiles", "memory_status"): ("none", "building", "ready"),
    ("user_profiles", "full_pass_status"): ("processing", "complete", "failed"),
    ("conversation_chunks", "chunk_tier"): ("micro", "medium", "macro"),
}
ALWAYS_WRITTEN: Final = frozenset({"id", "user_id"})


@dataclass(frozen=True, slots=True)
class Drift:
    """One place where a table is not what the gateway writes, and the statement that mends it."""

    what: str
    statement: str


async def find_drift(connection: Connection) -> tuple[Drift, ...]:
    """All places. Nothing of a table that does not exist yet. Changes nothing."""
    rows = await (await connection.execute(SQL["columns"])).fetchall()
    present: dict[str, dict[str, bool]] = {}
    for table, column, is_required in rows:
        present.setdefault(table, {})[column] = is_required
    checks = await (await connection.execute(SQL["checks"])).fetchall()
    words = [found for row in checks if (found := await _refused_words(connection, row)) is not None]
    return (*missing_columns(present), *new_columns(present), *words)


def missing_columns(present: Mapping[str, Mapping[str, bool]]) -> Iterator[Drift]:
    """Columns that the gateway writes and a table lacks. `present`: whether a row has to give each."""
    for table, columns in COLUMNS.items():
        for column, kind in columns.items():
            if table in present and column not in present[table]:
                yield Drift(f"{table} has no column {column}", f"alter table {table} add column {column} {kind}")


def new_columns(present: Mapping[str, Mapping[str, bool]]) -> Iterator[Drift]:
    """Columns that every row has to give, and that the gateway does not know."""
    for table, columns in present.items():
        for column, is_required in columns.items():
            if is_required and column not in ALWAYS_WRITTEN and column not in COLUMNS.get(table, {}):
                what = f"{table} requires {column}, which the gateway does not write"
                yield Drift(what, f'alter table {table} alter column "{column}" drop not null')


async def _refused_words(connection: Connection, check: tuple[str, str, str, str, str]) -> Drift | None:
    """What a check constraint does not take of the words that the gateway writes."""
    table, column, name, rule, kind = check
    written = WRITTEN.get((table, column))
    if written is None:
        return None
    query = (
        f'select word from unnest(%s::text[]) as word cross join lateral (select word::{kind} as "{column}") as row '  # noqa: S608
        f"where ({rule.replace('%', '%%')}) is false"
    )
    try:
        async with connection.transaction():
            refused = [row[0] for row in await (await connection.execute(query, (list(written),))).fetchall()]
    except psycopg.DataError:
        return Drift(f"{table}.{column} is a {kind}, which has not all of {', '.join(written)}", f"\\dT+ {kind}")
    if not refused:
        return None
    taken = ", ".join(f"'{word}'" for word in refused)
    statement = (
        f'alter table {table} drop constraint "{name}", '
        f'add constraint "{name}" check (({rule}) or {column} in ({taken}))'
    )
    return Drift(f"{table}.{column} does not take {taken} ({name})", statement)
