"""Reading and writing what each version remembers of a user."""

import asyncio
from collections.abc import Mapping
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from typing import Any

import msgspec

from gateway.database.pool import Connection, Pool, load_sql
from gateway.jobs.publish import encode_json
from pipelines.contract import Soulprint
from pipelines.facts import Fact, Memory
from pipelines.memory.prune import without_forgotten
from pipelines.memory.remember import Import, forget, remember

SQL = load_sql(Path(__file__).with_name("store.sql"))


async def memory_of(pool: Pool, user_id: str, pipeline: str) -> Memory:
    """What a version remembers of a user: where it has served them before, by itself; else what the version whose
    result is live remembers, for it to begin with."""
    async with pool.connection() as connection:
        return await read_memory(connection, user_id, pipeline)


async def read_memory(connection: Connection, user_id: str, pipeline: str) -> Memory:
    """As `memory_of`, in the caller's transaction."""
    memories = await read_memories(connection, user_id)
    if pipeline in memories:
        return memories[pipeline]
    row = await (await connection.execute(SQL["live"], {"user": user_id})).fetchone()
    if row is not None and row[0] in memories:
        return memories[row[0]]
    return Memory(forgotten=await read_forgotten(connection, user_id))


async def read_memories(connection: Connection, user_id: str) -> Mapping[str, Memory]:
    """By version, of those that have a memory of this user or a result from before there were memories."""
    forgotten = await read_forgotten(connection, user_id)
    rows = await (await connection.execute(SQL["remembered"], {"user": user_id})).fetchall()
    return {row[0]: forget(_remembered(row[2:]), forgotten) for row in rows}


async def read_forgotten(connection: Connection, user_id: str) -> tuple[str, ...]:
    """Fingerprints of what the user had forgotten."""
    rows = await (await connection.execute(SQL["forgotten"], {"user": user_id})).fetchall()
    return tuple(row[0] for row in rows)


async def leave_forgotten_out(
    connection: Connection, user_id: str, soulprint: Soulprint, known: Memory | None
) -> tuple[Soulprint, Memory | None]:
    """The result, and what was known before it, as they may be kept: also what was forgotten while it was made is left
    out."""
    forgotten = await read_forgotten(connection, user_id)
    if not forgotten:
        return soulprint, known
    published = await asyncio.to_thread(without_forgotten, soulprint, forgotten)
    return published, None if known is None else forget(known, forgotten)


async def keep_memory(connection: Connection, values: Mapping[str, Any], memory: Memory | None) -> None:
    """Write it with the result that it came with. Without one, what was remembered stays."""
    if memory is not None:
        kept = msgspec.structs.replace(memory, forgotten=())
        await connection.execute(SQL["keep_memory"], {**values, "memory": encode_json(kept)})


def _remembered(row: tuple[str | None, str | None, str | None, datetime | None]) -> Memory:
    """The memory, with what a result that came without one says."""
    memory, job_id, facts, published_at = row
    known = Memory()
    with suppress(msgspec.MsgspecError):
        known = msgspec.json.decode(memory or "{}", type=Memory)
    if facts is None or job_id is None or published_at is None:
        return known
    with suppress(msgspec.MsgspecError):
        found = msgspec.json.decode(facts, type=tuple[Fact, ...])
        return remember(known, [fact for fact in found if not fact.earlier], Import(job_id, published_at))
    return known
