"""What is remembered of a user, fact by fact, for operators."""

from dataclasses import dataclass
from datetime import UTC, datetime

from gateway.database.pool import Pool
from gateway.jobs.memories.store import SQL, read_memories
from pipelines.facts import Memory, Remembered
from pipelines.memory.identity import identity_of


@dataclass(frozen=True, slots=True)
class RememberedFact:
    """One fact of one version's memory. Until when it holds is told apart from when that was learnt."""

    id: str
    pipeline: str
    category: str
    value: str
    first_said: datetime | None
    last_said: datetime | None
    ended: datetime | None  # since when it no longer holds; none: it is in force
    ended_by: str | None  # id of the fact that ended it
    sources: tuple[str, ...]  # conversations
    learnt_at: datetime
    learnt_by: str  # job
    confirmed_at: datetime  # of the last import that read it
    confirmed_by: str
    end_learnt_at: datetime | None


async def list_facts(pool: Pool, user_id: str, pipeline: str | None = None) -> list[RememberedFact]:
    """The facts that a version remembers, by default the one whose result is live, those in force first."""
    async with pool.connection() as connection:
        memories = await read_memories(connection, user_id)
        if not memories:  # a user who has one has an id that the app's tables take
            return []
        row = await (await connection.execute(SQL["live"], {"user": user_id})).fetchone()
    version = pipeline or (row[0] if row else None) or next(iter(memories), "")
    shown = [_shown(one, version) for one in memories.get(version, Memory()).facts]
    return sorted(shown, key=lambda fact: (fact.ended is not None, fact.category, fact.value, fact.id))


def _shown(one: Remembered, pipeline: str) -> RememberedFact:
    fact = one.fact
    return RememberedFact(
        id=identity_of(fact),
        pipeline=pipeline,
        category=fact.category,
        value=fact.value,
        first_said=_moment(fact.began),
        last_said=_moment(fact.time),
        ended=_moment(fact.ended),
        ended_by=one.ended_by or None,
        sources=fact.said_in,
        learnt_at=one.learnt_at,
        learnt_by=one.learnt_by,
        confirmed_at=one.confirmed_at,
        confirmed_by=one.confirmed_by,
        end_learnt_at=one.end_learnt_at,
    )


def _moment(time: float | None) -> datetime | None:
    return None if time is None else datetime.fromtimestamp(min(max(time, 0.0), 4e9), UTC)
